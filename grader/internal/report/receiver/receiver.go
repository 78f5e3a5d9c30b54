// Package receiver refuses files of results that those who receive them would not
// take. It is how the formats of package report are tested, and knows nothing of
// them: each rule is taken from the receiver's own words, at the address that
// stands beside it.
package receiver

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"strings"
)

// A Receiver takes files of one kind.
type Receiver struct {
	Name string
	// good is a file that it takes.
	good  string
	parse func(data string) (any, error)
	rules []rule
}

// A rule is one demand of a receiver.
type rule struct {
	demand  string
	address string
	// breaks says how a file breaks it, "" where it does not.
	breaks func(file any) string
	// bad is a file that breaks this rule and no other.
	bad string
}

// Check returns an error that names all rules that a file breaks.
func (r *Receiver) Check(data string) error {
	file, err := r.parse(data)
	if err != nil {
		return fmt.Errorf("%s: %w", r.Name, err)
	}
	var broken []string
	for _, rule := range r.rules {
		if how := rule.breaks(file); how != "" {
			broken = append(broken, fmt.Sprintf("%s (%s): %s", rule.demand, rule.address, strings.TrimSpace(how)))
		}
	}
	if len(broken) > 0 {
		return fmt.Errorf("%s: %s", r.Name, strings.Join(broken, "\n"))
	}
	return nil
}

// asJSON reads a JSON file.
func asJSON(data string) (any, error) {
	var value any
	if err := json.Unmarshal([]byte(data), &value); err != nil {
		return nil, err
	}
	return value, nil
}

// asTable reads a CSV file as rows of cells.
func asTable(data string) (any, error) {
	in := csv.NewReader(strings.NewReader(data))
	in.FieldsPerRecord = -1
	rows, err := in.ReadAll()
	if err == nil && len(rows) == 0 {
		err = fmt.Errorf("it is empty")
	}
	return rows, err
}

// asLines takes a file as it is.
func asLines(data string) (any, error) { return data, nil }

// field is that of an object, nil where there is none.
func field(value any, names ...string) any {
	for _, name := range names {
		object, _ := value.(map[string]any)
		value = object[name]
	}
	return value
}

func list(value any) []any {
	all, _ := value.([]any)
	return all
}

func isText(value any) bool {
	text, ok := value.(string)
	return ok && text != ""
}

func isNumber(value any) bool {
	_, ok := value.(float64)
	return ok
}

// isWhole reports whether a value is an integer that is not negative.
func isWhole(value any) bool {
	number, ok := value.(float64)
	return ok && number >= 0 && number == math.Trunc(number)
}

// every says of which of the values a test does not hold.
func every(values []any, holds func(any) bool) string {
	for i, v := range values {
		if !holds(v) {
			return fmt.Sprintf("number %d: %v", i+1, v)
		}
	}
	return ""
}

// unless says what is there where a demand is not met.
func unless(met bool, value any) string {
	if met {
		return ""
	}
	return fmt.Sprintf("it is %v", value)
}

// oneOf reports whether a value is missing or one of these.
func oneOf(value any, these ...string) bool {
	if value == nil {
		return true
	}
	for _, t := range these {
		if value == t {
			return true
		}
	}
	return false
}
