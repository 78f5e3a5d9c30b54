package zone

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"

	"wirebook/grader/internal/sandbox"
)

// Probe finds out whether this machine reaches a level, by making a zone, a jail
// in it for a program and a jail for a compiler, and trying in there what must
// work and what must not. The error says what is not as the level promises.
func Probe(ctx context.Context, level sandbox.Level) error {
	if level == sandbox.Plain {
		return nil
	}
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer listener.Close()
	address := listener.Addr().String()
	if _, err := ask(ctx, request{Options: Options{Level: level}, Probe: address}, nil); err != nil {
		return err
	}
	if err := probeTool(level, address); err != nil {
		return fmt.Errorf("for a compiler: %w", err)
	}
	return nil
}

// probeTool tries the jail in which the grader compiles.
func probeTool(level sandbox.Level, listener string) error {
	dir, err := os.MkdirTemp("", "wirebook-probe-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	secret, err := os.Executable()
	if err != nil {
		return err
	}
	jail := sandbox.Tool(level, dir, dir, nil, []string{dir}, sandbox.Limits{})
	return try(jail, dir, secret, listener)
}

// probe is the zone's part of a probe.
func probe(req *request) error {
	dir := filepath.Join(os.TempDir(), "probe")
	program, secret := dir+".exe", dir+".secret"
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	for _, name := range []string{program, secret} {
		if err := os.WriteFile(name, nil, 0o755); err != nil {
			return err
		}
	}
	w := &warden{level: req.Level, jails: make(map[string][]func() error)}
	unmount, err := w.mount(dir)
	if err != nil {
		return err
	}
	defer unmount()
	return try(sandbox.Program(req.Level, sandbox.Profile{}, program, dir, dir), dir, secret, req.Probe)
}

// try runs a probe in a jail.
func try(jail *sandbox.Jail, dir, secret, listener string) error {
	jail.Probe = &sandbox.Probe{Secret: secret}
	if jail.Level == sandbox.Strong {
		jail.Probe.Listener = listener
	}
	cmd := exec.Command("probe")
	cmd.Dir = dir
	release, err := jail.Start(cmd)
	if err != nil {
		return err
	}
	return errors.Join(cmd.Wait(), release())
}
