package conn

import (
	"testing"

	"wirebook/harness/internal/drain"
)

// TestSettledFacts changes one fact at a time of a connection on which all has
// arrived.
func TestSettledFacts(t *testing.T) {
	open := drain.State{Found: true, Exact: true}
	gone := drain.State{Exact: true}
	atEnd := drain.State{Found: true, Exact: true, End: true}
	unread := drain.State{Found: true, Exact: true, Queue: 9}
	for name, test := range map[string]struct {
		facts facts
		want  bool
	}{
		"all has arrived": {facts{known: true, program: open}, true},
		"stalled":         {facts{known: true, program: open, stalled: true}, true},
		"unread there":    {facts{known: true, program: unread}, true},

		"not yet accepted": {facts{known: true, program: drain.State{Found: true, Opening: true}}, false},

		"bytes to send":                    {facts{known: true, program: open, sending: true}, false},
		"bytes to send, stalled":           {facts{known: true, program: open, sending: true, stalled: true}, false},
		"bytes on the way":                 {facts{known: true, program: open, toThem: true}, false},
		"bytes on the way, stalled":        {facts{known: true, program: open, toThem: true, stalled: true}, false},
		"no room, and we read":             {facts{known: true, program: unread, toThem: true}, false},
		"no room, and we do not read":      {facts{known: true, program: unread, toThem: true, stalled: true}, true},
		"no room for our end":              {facts{known: true, program: unread, toThem: true, stalled: true, shut: true}, true},
		"more before there is no room":     {facts{known: true, program: unread, toThem: true, stalled: true, moving: true}, false},
		"our end on the way":               {facts{known: true, program: open, shut: true}, false},
		"our end on the way, stalled":      {facts{known: true, program: open, shut: true, stalled: true}, false},
		"our end on the way, unread there": {facts{known: true, program: unread, shut: true, stalled: true}, false},
		"our end is there":                 {facts{known: true, program: atEnd, shut: true}, true},
		"our end is there, stalled":        {facts{known: true, program: atEnd, shut: true, stalled: true}, true},
		"closed, on the way":               {facts{known: true, program: open, closed: true, shut: true}, false},
		"closed":                           {facts{known: true, program: atEnd, closed: true, shut: true}, true},

		"their bytes on the way":          {facts{known: true, program: open, toUs: true}, false},
		"their bytes, stalled":            {facts{known: true, program: open, toUs: true, stalled: true}, true},
		"their bytes moving, stalled":     {facts{known: true, program: drain.State{Found: true, Exact: true, Moving: true}, stalled: true}, false},
		"their bytes, closed":             {facts{known: true, program: atEnd, toUs: true, closed: true, shut: true}, true},
		"their end on the way":            {facts{known: true, program: drain.State{Found: true, Exact: true, Shut: true}}, false},
		"their end on the way, stalled":   {facts{known: true, program: drain.State{Found: true, Exact: true, Shut: true}, stalled: true}, true},
		"their end is here":               {facts{known: true, program: drain.State{Found: true, Exact: true, Shut: true}, ended: true}, true},
		"gone, its end on the way":        {facts{known: true, program: gone}, false},
		"gone, stalled":                   {facts{known: true, program: gone, stalled: true}, true},
		"gone, its end is here":           {facts{known: true, program: gone, ended: true}, true},
		"gone, with bytes that we sent":   {facts{known: true, program: gone, ended: true, sending: true, toThem: true}, true},
		"broken, with bytes that we sent": {facts{broken: true, ended: true, sending: true, toThem: true}, true},

		"cannot be told":                   {facts{}, true},
		"cannot be told: bytes to send":    {facts{sending: true}, false},
		"cannot be told: bytes on the way": {facts{toThem: true}, false},
		"cannot be told: stalled":          {facts{toThem: true, stalled: true}, false},
		"cannot be told: our end":          {facts{shut: true}, true},
		"cannot be told: their bytes":      {facts{toUs: true}, false},
		"cannot be told: ended":            {facts{ended: true}, true},
	} {
		if got := test.facts.settled(); got != test.want {
			t.Errorf("%s: settled is %t; want %t", name, got, test.want)
		}
	}
}
