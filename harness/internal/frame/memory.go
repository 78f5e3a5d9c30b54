package frame

import (
	"errors"
	"fmt"
	"slices"
)

// Memory holds the frames of a cable of which later words speak: those that
// as= gave a name, sent or expected, and the last that was expected. The names
// are known on all cables of a play.
type Memory struct {
	named map[string][]byte
	last  []byte
}

// NewMemory is the memory of a play's first cable.
func NewMemory() *Memory { return &Memory{named: make(map[string][]byte)} }

// Beside is the memory of another cable of the play.
func (m *Memory) Beside() *Memory { return &Memory{named: m.named} }

// name gives a frame its name, unless that is empty.
func (m *Memory) name(as string, frame []byte) {
	if as != "" {
		m.named[as] = slices.Clone(frame)
	}
}

// frame is the one of that name, "" for the last that was expected.
func (m *Memory) frame(of string) ([]byte, error) {
	switch b := m.named[of]; {
	case of == "" && m.last == nil:
		return nil, errors.New("no frame was expected on this cable so far")
	case of == "":
		return m.last, nil
	case b == nil:
		return nil, fmt.Errorf("no frame was sent or expected as=%s", of)
	default:
		return b, nil
	}
}
