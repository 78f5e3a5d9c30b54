package receiver

import (
	"encoding/json"
	"fmt"
	"strings"
)

const autolabGuide = "https://docs.autolabproject.com/lab/#writing-autograders"

// Autolab takes the output of an autograder.
var Autolab = &Receiver{
	Name: "Autolab",
	good: "talk\n" + `{"scores":{"chat":10},"scoreboard":[10]}` + "\n",
	parse: func(data string) (any, error) {
		lines := strings.Split(strings.TrimSuffix(data, "\n"), "\n")
		last := lines[len(lines)-1]
		var value any
		if err := json.Unmarshal([]byte(last), &value); err != nil {
			return last, nil
		}
		return value, nil
	},
	rules: []rule{
		{"the last line is a JSON object with a hash of scores", autolabGuide,
			func(f any) string {
				_, ok := field(f, "scores").(map[string]any)
				return unless(ok, f)
			}, `{"scores":{"chat":10}}` + "\nbye\n"},
		{"a score is a number", autolabGuide,
			func(f any) string {
				scores, _ := field(f, "scores").(map[string]any)
				for name, value := range scores {
					if !isNumber(value) {
						return fmt.Sprint(name, ": ", value)
					}
				}
				return ""
			}, `{"scores":{"chat":null}}`},
		{"scoreboard is an array", autolabGuide,
			func(f any) string {
				value := field(f, "scoreboard")
				_, ok := value.([]any)
				return unless(ok || value == nil, value)
			}, `{"scores":{},"scoreboard":{"chat":1}}`},
	},
}
