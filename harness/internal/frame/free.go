package frame

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"wirebook/harness/internal/packet"
)

// A Free is what a lesson leaves free in frames of one sort: two right programs may
// fill these fields otherwise.
type Free struct {
	of     wanted
	fields []string
}

// ParseFree reads `KIND [FIELD=VALUE...] [but FIELD...]`: which frames, as they are
// expected, though with a tag or without; and which of their fields are free. These
// may be padding, and quote where errors have one. Without a field, nothing is.
func ParseFree(words []string) (Free, error) {
	of, fields := words, []string(nil)
	if at := slices.Index(words, "but"); at >= 0 {
		of, fields = words[:at], words[at+1:]
	}
	w, err := parseWanted(of, allKnown)
	if err == nil && w.kind == nil {
		err = errors.New("a frame that is like another is no sort")
	}
	if err != nil {
		return Free{}, fmt.Errorf("frame: %w", err)
	}
	names := table.FreeNames(w.kind)
	for _, name := range fields {
		if !slices.Contains(names, name) {
			return Free{}, fmt.Errorf("frame: %q is nothing that is free in %s; that can be %s", name, w.kind.Kind, strings.Join(names, " "))
		}
	}
	return Free{w, fields}, nil
}

// Differs compares a frame with one that a right program sent in its place: the first
// difference in what is not free, or nil.
func Differs(want, frame []byte, free []Free) *packet.Mismatch {
	for _, f := range free {
		if !f.has(want) || !f.has(frame) {
			continue
		}
		var m *packet.Mismatch
		if want, m = table.TakeFree(want, frame, f.of.kind, f.fields); m != nil {
			return m
		}
	}
	return differs(table.TakeSums(want, frame), frame, frame)
}

// has tells whether a frame is of the sort.
func (f Free) has(frame []byte) bool {
	p, _ := table.Decode(frame, f.of.kind, packet.Every)
	return p.Kind() == f.of.kind && !slices.ContainsFunc(f.of.fields, func(a packet.Assignment) bool {
		i, field := p.Find(a.Name)
		return field == nil || p[i].Unlike(field, a) != nil
	})
}
