//go:build !linux

package zone

import (
	"context"
	"errors"

	"wirebook/harness"

	"wirebook/grader/internal/result"
	"wirebook/grader/internal/sandbox"
)

// Main does nothing: there are no zones here.
func Main() {}

// Play fails: there are no zones here.
func Play(context.Context, Options, *harness.Player, []*harness.Scenario) ([]result.Scenario, error) {
	return nil, errors.ErrUnsupported
}

// Probe tells that there is no level but Plain.
func Probe(_ context.Context, level sandbox.Level) error {
	if level == sandbox.Plain {
		return nil
	}
	return errors.New("only Linux has it")
}
