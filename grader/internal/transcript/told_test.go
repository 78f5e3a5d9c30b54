package transcript_test

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"wirebook/harness"
	"wirebook/harness/telling"

	"wirebook/grader/internal/transcript"
)

func begins(n int, text string) harness.Event {
	return harness.Event{Kind: harness.Begins, Step: n, Line: telling.Step{Line: n, Text: text}}
}

func takes(step, channel, n int) harness.Event {
	return harness.Event{Kind: harness.Takes, Step: step, Channel: channel, Len: n}
}

// sends and comes are bytes between ann and server, over channel 1.
func sends(step int, data string) harness.Event {
	return harness.Event{Kind: telling.Bytes, Step: step, From: "ann", To: "server", ToProgram: true, Channel: 1, FromAddr: ann, ToAddr: server, Data: []byte(data)}
}

func comes(step int, data string) harness.Event {
	return harness.Event{Kind: telling.Bytes, Step: step, From: "server", To: "ann", Channel: 1, FromAddr: server, ToAddr: ann, Data: []byte(data)}
}

func ends(step int) harness.Event {
	return harness.Event{Kind: telling.HalfClose, Step: step, From: "server", To: "ann", Channel: 1, FromAddr: server, ToAddr: ann}
}

var passed = harness.Result{Scenario: &harness.Scenario{Lesson: "chat", Name: "x", Title: "It is told."}, Status: telling.Pass}

func text(t *testing.T, play *transcript.Transcript, o transcript.Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := play.Text(&b, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// What came belongs to the step that asked for it, however early it came; what nobody
// asked for to the last; an end to the step that waited for it.
func TestSteps(t *testing.T) {
	t.Parallel()
	play := told(t, passed,
		begins(1, "dial ann $server"),
		harness.Event{Kind: telling.Connects, Step: 1, From: "ann", To: "server", ToProgram: true, Channel: 1, FromAddr: ann, ToAddr: server},
		comes(1, "one\ntw"),
		begins(2, "expect ann 'one\\n'"),
		takes(2, 1, 4),
		begins(3, "expect ann 'two\\n'"),
		comes(3, "o\nthree\n"),
		takes(3, 1, 4),
		ends(3),
		begins(4, "eof ann"),
		takes(4, 1, 0),
		begins(5, "quiet"),
	)
	var got []string
	for _, e := range play.Entries {
		got = append(got, strings.Repeat(" ", e.Step)+e.Label())
	}
	want := " connects, 127.0.0.1:50000 to 127.0.0.1:40000|  4 bytes|   4 bytes|    end of stream|     6 bytes, for which no step asked"
	if strings.Join(got, "|") != want {
		t.Errorf("got  %q\nwant %q", strings.Join(got, "|"), want)
	}
}

// Of a long piece both ends are shown, its length and its hash; with All, all of it.
func TestLong(t *testing.T) {
	t.Parallel()
	play := told(t, passed, begins(1, "send ann"), sends(1, strings.Repeat("0123456789abcdef", 1000)))
	golden(t, filepath.Join("testdata", "long.text"), []byte(text(t, play, transcript.Options{})))
	if all := text(t, play, transcript.Options{All: true}); strings.Count(all, "0123456789abcdef\n") != 1000 || strings.Contains(all, "SHA-256") {
		t.Errorf("not all is shown:\n%.2000s", all)
	}
}

// What was never sent is not told, nor the end behind it.
func TestUnsent(t *testing.T) {
	t.Parallel()
	shut := ends(2)
	shut.From, shut.To, shut.ToProgram = "ann", "server", true
	play := told(t, passed, begins(1, "send ann"), sends(1, "one"), sends(1, "two"), sends(1, "three"), begins(2, "shut ann"), shut,
		harness.Event{Kind: harness.Unsent, From: "ann", To: "server", ToProgram: true, Channel: 1, Len: 6})
	if got := text(t, play, transcript.Options{}); !strings.Contains(got, "6e 65 74 77  ") && !strings.Contains(got, "onetw\n") || strings.Contains(got, "stream") {
		t.Errorf("got\n%s", got)
	}
}

// A page leaves out what no browser would show.
func TestManyRows(t *testing.T) {
	t.Parallel()
	events := []harness.Event{begins(1, "sendto ann")}
	for range 7000 {
		e := sends(1, "x")
		e.Kind = telling.Datagram
		events = append(events, e)
	}
	var b bytes.Buffer
	if err := told(t, passed, events...).HTML(&b); err != nil {
		t.Fatal(err)
	}
	if got := b.String(); !strings.Contains(got, "<b>1,001 rows are left out here</b>") || strings.Count(got, "<details>") != 5999 {
		t.Errorf("%d arrows are drawn", strings.Count(b.String(), "<details>"))
	}
}

// Nothing that came from outside reaches a terminal as it is.
func TestHostile(t *testing.T) {
	t.Parallel()
	if got := text(t, hostile(t), transcript.Options{All: true}); strings.ContainsAny(got, "\x1b\u202e") {
		t.Errorf("got %q", got)
	}
}
