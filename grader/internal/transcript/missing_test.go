package transcript

import (
	"bytes"
	"strings"
	"testing"

	"wirebook/harness"
	"wirebook/harness/telling"
)

// Where the room is full, the transcript says what is missing.
func TestMissing(t *testing.T) {
	t.Parallel()
	r, err := NewRecorder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	r.most = 10
	for _, data := range []string{"12345678", "9abc", "def"} {
		r.Observe(nil, harness.Event{Kind: telling.Bytes, From: "ann", To: "server", ToProgram: true, Channel: 1, Data: []byte(data)})
	}
	play, err := r.Transcript(harness.Result{Scenario: &harness.Scenario{}, Status: telling.Pass})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := play.Text(&b, Options{}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"15 bytes in 3 pieces, of which 10 bytes are kept", "123456789a", "Missing: 5 bytes behind the first 64 MiB."} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is missing in\n%s", want, b.String())
		}
	}
}
