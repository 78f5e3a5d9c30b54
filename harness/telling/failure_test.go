package telling

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

// A failure that is kept and read again draws the same page, and is bounded.
func TestFailureIsKept(t *testing.T) {
	f := &Failure{
		Position: "storm.txtar:9", Message: "with seed 7: " + Short(strings.Repeat("x", 1<<20)),
		Difference: Compare(strings.Repeat("\x00", 1<<20)+"a", strings.Repeat("\x00", 1<<20)+strings.Repeat("\x01", 1<<20)),
		Steps:      []Step{{Line: 2, Text: "send ann 'x'"}},
	}
	for range 1000 {
		f.Ladder = append(f.Ladder, right(Bytes, "ann", "server", "", strings.Repeat("\xff", 1000)))
	}
	f.Ladder = Keep(f.Ladder)
	text, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	if len(text) > 16<<10 {
		t.Errorf("%d bytes are kept", len(text))
	}
	var back Failure
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(*f, back) {
		t.Errorf("kept %+v\nread %+v", *f, back)
	}
	if f.Error() != "storm.txtar:9: "+f.Message {
		t.Error(f.Error())
	}
}
