package race

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// report is what the detector writes about the access at one line and the earlier one
// at another, both below a function of the library.
func report(now, before string) string {
	frame := func(where string) string {
		return "  fmt.Fprintf()\n      fmt/print.go:226 +0x1\n  main.work()\n      " + where + " +0x2c\n"
	}
	return "==================\nWARNING: DATA RACE\nRead at 0x00c000012345 by goroutine 8:\n" + frame(now) +
		"\nPrevious write at 0x00c000012345 by main goroutine:\n" + frame(before) +
		"\nGoroutine 8 (running) created at:\n  main.main()\n      wirebook/program/main.go:1 +0x1\n==================\n"
}

// What several programs found is told once, at the first of the two lines of the
// program's own.
func TestRead(t *testing.T) {
	dir := t.TempDir()
	chat := report("wirebook/program/chat.go:30", "wirebook/program/lines.go:7")
	for name, text := range map[string]string{
		"race.10": chat + chat,
		"race.11": report("wirebook/program/chat.go:31", "wirebook/program/chat.go:12"),
		"race.12": report("runtime/map.go:1", "runtime/map.go:2"),
		"race.13": "",
		"race.14": report("wirebook/program/chat.go:40", "io/io.go:1"),
		"other":   report("wirebook/program/main.go:1", "wirebook/program/main.go:2"),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	found, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range found {
		got = append(got, f.String())
	}
	want := []string{
		`chat.go:12: a data race: this writes what another goroutine reads at chat.go:31, and neither waits for the other`,
		`chat.go:30: a data race: this reads what another goroutine writes at lines.go:7, and neither waits for the other`,
		`chat.go:40: a data race: this reads what another goroutine writes, and neither waits for the other`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
