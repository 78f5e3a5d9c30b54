package report

import (
	"bufio"
	"encoding/json"
	"io"
)

// JSON writes the class and its results, each as in its result.json.
func JSON(w io.Writer, c *Class) error {
	b := bufio.NewWriter(w)
	head, err := json.Marshal(struct {
		Schema   string   `json:"schema"`
		Workbook string   `json:"workbook"`
		Seed     int64    `json:"seed"`
		Lessons  []string `json:"lessons"`
	}{"wirebook/results/v1", c.Workbook, c.Seed, c.Lessons})
	if err != nil {
		return err
	}
	// The results follow one by one, so that none but one is in memory.
	b.Write(head[:len(head)-1])
	b.WriteString(`,"submissions":[`)
	first := true
	for s, err := range c.Submissions {
		if err != nil {
			return err
		}
		if !first {
			b.WriteString(",")
		}
		first = false
		data, err := json.MarshalIndent(s, "", "  ")
		if err != nil {
			return err
		}
		b.WriteString("\n")
		b.Write(data)
	}
	b.WriteString("\n]}\n")
	return b.Flush()
}
