package build

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"time"

	"wirebook/grader/internal/scratch"
	"wirebook/grader/internal/source"
)

// maxUnused is how long a program is kept that nobody asks for.
const maxUnused = 3 * 24 * time.Hour

// openKept makes the folder of kept programs. Where it returns "", programs are
// built each time.
func openKept(dir string) string {
	if scratch.Keep(dir, maxUnused) != nil {
		return ""
	}
	return dir
}

// key names what Build would make of files.
func (t *Toolchain) key(files source.Files) string {
	h := sha256.New()
	fmt.Fprintf(h, "%q %q\n%s", t.version, t.flags(), files.Digest())
	return hex.EncodeToString(h.Sum(nil))
}

// recall makes target the program that was kept, and notes that it was asked
// for.
func (t *Toolchain) recall(kept, target string) error {
	now := time.Now()
	if err := os.Chtimes(kept, now, now); err != nil {
		return err
	}
	return os.Link(kept, target)
}
