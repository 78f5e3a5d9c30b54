package verify

import (
	"os"
	"testing"
)

// The test binary is what Load starts here.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == "spin" {
		Spin(os.Stdin)
		return
	}
	os.Exit(m.Run())
}

// Load's processes end when it is stopped: stop waits for them.
func TestLoad(t *testing.T) {
	stop, err := Load("spin")
	if err != nil {
		t.Fatal(err)
	}
	stop()
}
