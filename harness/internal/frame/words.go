package frame

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// bad is the word for a checksum that is wrong for sure.
const bad = "bad"

// An assignment is one NAME=VALUE of a scenario. A value that is unknown has a
// variable in it.
type assignment struct {
	name, value string
	unknown     bool
}

// Check finds what can be known to be wrong in the words behind
// `frame PEER VERB` before a scenario is played. Words are decoded as for
// [ParseSend] and [ParseExpect]; of those that unknown tells to hold a
// variable, only the name in front of the = is looked at.
func Check(verb string, words []string, unknown func(word int) bool) error {
	switch verb {
	case "send":
		s, err := parseSend(words, unknown)
		if err == nil && s.kind != nil && !slices.ContainsFunc(s.fields, func(a assignment) bool { return a.unknown }) {
			_, err = s.Bytes(nil)
		}
		return err
	case "expect":
		_, err := parseExpect(words, unknown)
		return err
	}
	return fmt.Errorf("frame: %q is neither send nor expect", verb)
}

func allKnown(int) bool { return false }

// parseWords reads NAME=VALUE words, each name once. What is nothing but a
// variable is left out.
func parseWords(words []string, unknown func(word int) bool) ([]assignment, error) {
	var list []assignment
	seen := make(map[string]bool)
	for i, word := range words {
		name, value, ok := strings.Cut(word, "=")
		switch {
		case !ok && unknown(i):
			continue
		case !ok:
			return nil, fmt.Errorf("%q: a field is written NAME=VALUE", word)
		case seen[name]:
			return nil, fmt.Errorf("%q is given twice", name)
		}
		seen[name] = true
		list = append(list, assignment{name, value, unknown(i)})
	}
	return list, nil
}

// String writes the assignment as a scenario does.
func (a assignment) String() string {
	quoted := strconv.Quote(a.value)
	inner := quoted[1 : len(quoted)-1]
	if inner == a.value && !strings.ContainsAny(inner, " #'$") {
		return a.name + "=" + a.value
	}
	return a.name + "='" + strings.ReplaceAll(strings.ReplaceAll(inner, `\"`, `"`), "'", "''") + "'"
}
