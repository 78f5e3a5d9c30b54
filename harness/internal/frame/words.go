package frame

import (
	"fmt"
	"slices"
	"strings"

	"wirebook/harness/internal/packet"
	"wirebook/harness/internal/protocols"
)

// table is the protocols of which scenarios can speak.
var table = protocols.Table

// Describe says in one line what a frame is.
func Describe(frame []byte) string { return table.Describe(frame) }

// Probe is an ARP probe for a host's address, with these fields, too.
func Probe(host string, fields ...string) ([]byte, error) {
	more, err := parseWords(fields, allKnown)
	if err != nil {
		return nil, err
	}
	return protocols.Probe(host, more...)
}

// AnswersProbe tells whether a frame is the answer to a [Probe], right or wrong.
func AnswersProbe(frame []byte) bool { return protocols.AnswersProbe(frame) }

// Check finds what can be known to be wrong in the words behind
// `frame PEER VERB` before a scenario is played. Words are decoded as for
// [ParseSend] and [ParseExpect]; of those that unknown tells to hold a
// variable, only the name in front of the = is looked at.
func Check(verb string, words []string, unknown func(word int) bool) error {
	switch verb {
	case "send":
		s, err := parseSend(words, unknown)
		if err == nil && !s.isOfAnother() && !slices.ContainsFunc(s.fields, func(a packet.Assignment) bool { return a.Unknown }) {
			_, err = s.Bytes(nil)
		}
		return err
	case "expect", "maybe":
		_, err := parseExpect(words, unknown)
		return err
	case "gather":
		_, err := parseGather(words, unknown)
		return err
	case "unguessable":
		_, err := ParseUnguessable(words)
		return err
	}
	return fmt.Errorf("frame: %q is none of send, expect, gather, maybe, unguessable", verb)
}

func allKnown(int) bool { return false }

// parseWords reads NAME=VALUE words, each name once. What is nothing but a
// variable is left out.
func parseWords(words []string, unknown func(word int) bool) ([]packet.Assignment, error) {
	var list []packet.Assignment
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
		list = append(list, packet.Assignment{Name: name, Value: value, Unknown: unknown(i)})
	}
	return list, nil
}
