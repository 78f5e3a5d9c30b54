package build

import (
	"context"
	"fmt"
	"os/exec"
	"runtime"
	"strings"
)

// canFindRaces says what is missing for the race detector.
func (t *Toolchain) canFindRaces(ctx context.Context) error {
	if runtime.GOOS == "darwin" {
		return nil // it needs no C compiler there
	}
	out, err := t.inScratch(ctx, "env", "CC")
	if err != nil {
		return fmt.Errorf("%s env: %w: %q", t.command, err, out)
	}
	compiler, _, _ := strings.Cut(strings.TrimSpace(out), " ")
	if _, err := exec.LookPath(compiler); err != nil {
		return fmt.Errorf("the race detector needs a C compiler, and there is no %q: %w", compiler, err)
	}
	return nil
}
