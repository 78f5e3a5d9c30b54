package packet

import (
	"strconv"
	"strings"
)

// Bad is the word for a checksum that is wrong for sure.
const Bad = "bad"

// An Assignment is one NAME=VALUE of a scenario. A value that is unknown has a
// variable in it.
type Assignment struct {
	Name, Value string
	Unknown     bool
}

// String writes the assignment as a scenario does.
func (a Assignment) String() string {
	quoted := strconv.Quote(a.Value)
	inner := quoted[1 : len(quoted)-1]
	if inner == a.Value && !strings.ContainsAny(inner, " #'$") {
		return a.Name + "=" + a.Value
	}
	return a.Name + "='" + strings.ReplaceAll(strings.ReplaceAll(inner, `\"`, `"`), "'", "''") + "'"
}
