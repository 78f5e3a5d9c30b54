package transcript_test

import (
	"flag"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wirebook/harness"
	"wirebook/harness/telling"

	"wirebook/grader/internal/transcript"
	"wirebook/grader/internal/web/browser"
)

var pictures = flag.String("pictures", "", "a folder for pictures of the pages")

// evil steers a terminal or a page that takes it as it is.
const evil = "\x1b[2J</pre><script>alert(1)</script>\u202e\n"

// told is a transcript of events that a test makes up.
func told(t *testing.T, result harness.Result, events ...harness.Event) *transcript.Transcript {
	t.Helper()
	r, err := transcript.NewRecorder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	for i, e := range events {
		e.At = time.Duration(i+1) * time.Millisecond
		r.Observe(result.Scenario, e)
	}
	made, err := r.Transcript(result)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

var ann, server = netip.MustParseAddrPort("127.0.0.1:50000"), netip.MustParseAddrPort("127.0.0.1:40000")

// hostile is a play in which everything that comes from outside is evil.
func hostile(t *testing.T) *transcript.Transcript {
	s := &harness.Scenario{Lesson: "chat", Name: "x", Title: "It is safe." + evil}
	result := harness.Result{Scenario: s, Status: telling.Fail, Failure: &harness.Failure{
		Message: "it said " + evil, Hint: "Look." + evil,
		Difference: &harness.Difference{Want: `"a"`, Got: evil, Caret: 3},
	}}
	return told(t, result,
		harness.Event{Kind: harness.Begins, Step: 1, Line: telling.Step{Line: 1, Text: "start server " + evil, Block: evil}},
		harness.Event{Kind: telling.Starts, Step: 1, To: "server", ToProgram: true, Text: evil},
		harness.Event{Kind: telling.Connects, Step: 1, From: "ann", To: "server", ToProgram: true, Channel: 1, FromAddr: ann, ToAddr: server},
		harness.Event{Kind: telling.Bytes, Step: 1, From: "server", To: "ann", Channel: 1, FromAddr: server, ToAddr: ann, Data: []byte(evil)},
		harness.Event{Kind: telling.Frame, Step: 1, From: evil, To: "lan", Channel: 2, Data: []byte(strings.Repeat(evil, 400)), Text: evil},
	)
}

// No request leaves the page, it fits its window, and all can read it.
func TestPage(t *testing.T) {
	b := browser.New(t)
	pages := map[string]*transcript.Transcript{"hostile": hostile(t)}
	if !testing.Short() {
		all := lessons(t, "chat", "arp")
		pages["chat"] = replay(t, all[0], mutantOf(t, all[0], "one-read"), "split-line").Transcript
		pages["arp"] = broken(t, all[1]).Transcript
	}
	for name, play := range pages {
		path := filepath.Join(t.TempDir(), name+".html")
		file, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := play.HTML(file); err != nil {
			t.Fatal(err)
		}
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
		for _, width := range []int{1280, 390} {
			for _, scheme := range []string{"light", "dark"} {
				b.Open(path, width, scheme)
				if len(b.Events) != 1 || !strings.HasPrefix(b.Events[0], "asks for file://") {
					t.Errorf("%s: %.500q; want nothing but the page", name, b.Events)
				}
				if got := b.Value("document.scrollingElement.scrollWidth"); got.(float64) > float64(width) {
					t.Errorf("%s is %v wide in a window of %d", name, got, width)
				}
				if got := b.Value("document.querySelectorAll('script').length"); got != 0.0 {
					t.Errorf("%s has %v scripts", name, got)
				}
				if *pictures != "" {
					b.Picture(filepath.Join(*pictures, fmt.Sprintf("%s-%d-%s.png", name, width, scheme)))
				}
				// A key opens an arrow's bytes.
				if got := b.Value("(s => { s.focus(); s.click(); return document.activeElement === s && s.parentElement.open && s.nextElementSibling.textContent.startsWith('0000 ') })(document.querySelector('summary'))"); got != true {
					t.Errorf("%s: the first arrow does not open", name)
				}
				b.Axe(fmt.Sprintf("%s, %d, %s", name, width, scheme))
				if *pictures != "" {
					b.Picture(filepath.Join(*pictures, fmt.Sprintf("%s-%d-%s-open.png", name, width, scheme)))
				}
			}
		}
	}
}
