package harness_test

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"wirebook/harness"
)

// blindVariable makes Linux tell as little as other systems do.
const blindVariable = "WIREBOOK_BLIND"

// What is so where rest cannot be seen, and only there.
var blindPlays = []played{
	{"an answer for which nobody would wait who sees", "start late :0 3s\ndial ann $late\nsend ann 'x\\n'\nexpect ann 'x\\n'", harness.Pass, ""},
	{"no answer", "start mute -listen :0\ndial ann $mute\nsend ann 'x\\n'\nexpect ann 'x\\n'", harness.Fail, "nothing came, nothing was seen of it for 10s"},
	{"a program that has ended fails at once", "start exit 3\nscreen exit 'x'", harness.Fail, "it has ended with exit status 3"},
	{"pieces that must arrive apart", "start lines -listen :0\ndial ann $lines\nsend ann 'hello\\n' -split 3 -strict", harness.Skip, "cannot guarantee that pieces arrive apart"},
	{"a line behind frames that a device without an address takes its time for", passedSlowly, harness.Pass, ""},
	{"a file that comes late", "start files\ntype files 'write f abc\\n'\nfile f -is 'abc\\n'", harness.Pass, ""},
}

// A line waits for a slow device: until a frame has come out that is for all.
var passedSlowly = strings.Replace(between("frame a send raw src=02-00-00-00-00-0a as=first\nframe b expect copy of=first\n"+
	"frame a send raw src=02-00-00-00-00-0a as=second\nframe a send raw src=02-00-00-00-00-0b as=third\ntype wire '\\n'\nscreen wire '4\\n'\n"+
	"frame b expect copy of=second\nframe b expect copy of=third\nquiet"), "start wire", "start -as wire slow-wire", 1)

// TestBlind is what TestNoCorrectProgramFailsBlind starts.
func TestBlind(t *testing.T) {
	if os.Getenv(blindVariable) == "" {
		t.Skip("played by TestNoCorrectProgramFailsBlind")
	}
	player := demoPlayer(t)
	testPlays(t, func() *harness.Player { return player }, "blind", blindPlays, func(harness.Result) {})
	for kind, plays := range allPlays {
		if kind == "read" {
			continue
		}
		good := slices.DeleteFunc(slices.Clone(plays), func(p played) bool { return p.status != harness.Pass })
		testPlays(t, func() *harness.Player { return player }, kind, good, func(harness.Result) {})
	}
}

// Where rest cannot be seen no correct program fails.
func TestNoCorrectProgramFailsBlind(t *testing.T) {
	t.Parallel()
	test := exec.Command(os.Args[0], "-test.run", "^TestBlind$")
	test.Env = append(os.Environ(), blindVariable+"=1")
	if out, err := test.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
