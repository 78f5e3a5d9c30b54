package report

import (
	"fmt"

	"wirebook/harness/telling"

	"wirebook/grader/internal/web"
)

// A picture is an exchange as it is drawn: peers to the left, programs to the
// right, from top to bottom what went between them.
type picture struct {
	Width, Height int
	Rungs         []rung
}

type rung struct {
	Peer, Program, Label string
	Y, Arrow, Tip        int  // where its text stands, its arrow, and the beginning of its tip
	ToProgram, Wrong     bool // Wrong: it belongs to the step that failed
	LeftOut              int
	Said                 string // in a sentence
}

// The columns of a picture.
const (
	pictureWidth = 760
	rungHeight   = 34
	mostLabel    = 64
	mostEnd      = 16
)

// newPicture draws the exchange of a failure, nil where it is not kept.
func newPicture(f *telling.Failure) *picture {
	if len(f.Ladder) == 0 {
		return nil
	}
	p := &picture{Width: pictureWidth, Height: len(f.Ladder)*rungHeight + 8}
	for i, r := range f.Ladder {
		one := rung{
			Peer: shortened(r.Peer, mostEnd), Program: shortened(r.Program, mostEnd), Label: shortened(r.Label(), mostLabel),
			Y: i*rungHeight + 17, Arrow: i*rungHeight + 24, Tip: i*rungHeight + 20, ToProgram: r.ToProgram, Wrong: r.Step > 0 && r.Step == len(f.Steps),
		}
		if r.Kind == telling.LeftOut {
			one.LeftOut = r.Len
		}
		one.Said = said(r, one)
		p.Rungs = append(p.Rungs, one)
	}
	return p
}

// said tells a rung to those who do not see the picture.
func said(r telling.Rung, one rung) string {
	switch {
	case one.LeftOut > 0:
		return fmt.Sprintf("%d more are left out", one.LeftOut)
	case r.Peer == "":
		return fmt.Sprintf("%s: %s", one.Program, one.Label)
	case r.ToProgram:
		return fmt.Sprintf("%s to %s: %s", one.Peer, one.Program, one.Label)
	}
	return fmt.Sprintf("%s to %s: %s", one.Program, one.Peer, one.Label)
}

// shortened keeps both ends of a text that is too long to be drawn.
func shortened(text string, most int) string { return web.Shortened(printable(text), most) }

// whereWrong is what came, cut where the first wrong byte is.
func whereWrong(d *telling.Difference) *web.Marked { return web.WhereWrong(d, printable) }
