// Package browser lets tests look at pages in a headless Chromium.
package browser

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A Browser is a headless Chromium with one page, told what to do through a pair
// of pipes.
type Browser struct {
	t       testing.TB
	in      io.WriteCloser
	out     *bufio.Reader
	session string
	calls   int
	Events  []string // what it told by itself, of what is asked for
}

// New starts one, or skips where there is none.
func New(t testing.TB) *Browser {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("chromium is not installed")
	}
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	out, answers, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", "--user-data-dir="+t.TempDir())
	cmd.ExtraFiles = []*os.File{read, answers}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	read.Close()
	answers.Close()
	b := &Browser{t: t, in: write, out: bufio.NewReaderSize(out, 1<<20)}
	t.Cleanup(func() {
		b.session = ""
		b.call("Browser.close", nil)
		_ = cmd.Wait() // it was told to end
		write.Close()
		out.Close()
	})
	target := b.call("Target.createTarget", map[string]any{"url": "about:blank"})
	b.session = b.call("Target.attachToTarget", map[string]any{"targetId": target["targetId"], "flatten": true})["sessionId"].(string)
	b.call("Page.enable", nil)
	b.call("Network.enable", nil)
	b.call("Log.enable", nil)
	return b
}

// call has the browser do something, and returns what it answers.
func (b *Browser) call(method string, params any) map[string]any {
	b.t.Helper()
	b.calls++
	message := map[string]any{"id": b.calls, "method": method}
	if params != nil {
		message["params"] = params
	}
	if b.session != "" {
		message["sessionId"] = b.session
	}
	text, err := json.Marshal(message)
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := b.in.Write(append(text, 0)); err != nil {
		b.t.Fatal(err)
	}
	for {
		answer := b.read()
		if answer.ID != b.calls {
			continue
		}
		if answer.Error != nil {
			b.t.Fatalf("%s: %v", method, answer.Error)
		}
		return answer.Result
	}
}

type answer struct {
	ID     int
	Method string
	Params map[string]any
	Result map[string]any
	Error  any
}

func (b *Browser) read() answer {
	b.t.Helper()
	text, err := b.out.ReadBytes(0)
	if err != nil {
		b.t.Fatal(err)
	}
	var a answer
	if err := json.Unmarshal(text[:len(text)-1], &a); err != nil {
		b.t.Fatal(err)
	}
	switch a.Method {
	case "Network.requestWillBeSent":
		request := a.Params["request"].(map[string]any)
		b.Events = append(b.Events, fmt.Sprint("asks for ", request["url"]))
	case "Log.entryAdded":
		b.Events = append(b.Events, fmt.Sprint(a.Params["entry"].(map[string]any)["text"]))
	case "Page.loadEventFired":
		b.Events = append(b.Events, "loaded")
	}
	return a
}

// Open opens a page in a window of a width, in a colour scheme.
func (b *Browser) Open(path string, width int, scheme string) {
	b.t.Helper()
	b.call("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500})
	b.call("Emulation.setEmulatedMedia", map[string]any{"features": []any{map[string]any{"name": "prefers-color-scheme", "value": scheme}}})
	b.Events = nil
	b.call("Page.navigate", map[string]any{"url": "file://" + path})
	for len(b.Events) == 0 || b.Events[len(b.Events)-1] != "loaded" {
		b.read()
	}
	b.Events = b.Events[:len(b.Events)-1]
}

// Value is that of an expression on the page.
func (b *Browser) Value(expression string) any {
	b.t.Helper()
	answer := b.call("Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true, "awaitPromise": true})
	if why := answer["exceptionDetails"]; why != nil {
		b.t.Fatalf("%.200s: %v", expression, why)
	}
	return answer["result"].(map[string]any)["value"]
}

// Picture writes what the page looks like.
func (b *Browser) Picture(path string) {
	b.t.Helper()
	data, err := base64.StdEncoding.DecodeString(b.call("Page.captureScreenshot", map[string]any{"captureBeyondViewport": true})["data"].(string))
	if err == nil {
		err = os.MkdirAll(filepath.Dir(path), 0o777)
	}
	if err == nil {
		err = os.WriteFile(path, data, 0o666)
	}
	if err != nil {
		b.t.Fatal(err)
	}
}

// Axe asks axe-core, where npm has it among its global packages, whether people who do
// not see or use a mouse can read the page. What it finds is the test's error.
func (b *Browser) Axe(name string) {
	b.t.Helper()
	root, err := exec.Command("npm", "root", "--global").Output()
	if err != nil {
		return
	}
	script, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "axe-core", "axe.min.js"))
	if err != nil {
		return
	}
	b.Value(string(script) + "; 0")
	found := b.Value(`axe.run({resultTypes: ['violations']}).then(r => r.violations.map(v => v.id + ': ' + v.help + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 150)).join(' | ')).join('\n'))`)
	if found != "" {
		b.t.Errorf("%s: axe-core finds\n%v", name, found)
	}
}
