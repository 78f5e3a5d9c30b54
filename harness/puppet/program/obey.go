package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
)

// obey connects to an address and does what is said there. Who listens at waiting, if
// that is not empty, learns that it has connected.
func obey(addr, name, waiting string) error {
	refuseSignals()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	if err := say(conn, []string{name}); err != nil {
		return err
	}
	if waiting != "" {
		told, err := net.Dial("tcp", waiting)
		if err != nil {
			return err
		}
		told.Close()
	}
	lines := bufio.NewReader(conn)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return nil
		}
		verb, text, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		order := orders[verb]
		if order == nil {
			return fmt.Errorf("%q is no order", line)
		}
		// An output that nobody reads is no reason to end.
		_ = order(conn, text)
		if err := say(conn, []string{"ok"}); err != nil {
			return nil
		}
	}
}

// orders are what a puppet obeys.
var orders = map[string]func(conn io.Writer, text string) error{
	"out":   func(_ io.Writer, text string) error { return say(os.Stdout, []string{text}) },
	"err":   func(_ io.Writer, text string) error { return say(os.Stderr, []string{text}) },
	"fill":  func(_ io.Writer, text string) error { return fill(text) },
	"close": func(io.Writer, string) error { return closeOutputs() },
	"exit": func(conn io.Writer, text string) error {
		// The answer comes first, for there is no other time for it.
		if err := say(conn, []string{"ok"}); err != nil {
			return err
		}
		return end(text, nil, nil)
	},
}

// tree obeys, and has a child that does.
func tree(addr, program string) error {
	refuseSignals()
	if err := start(program, nil, "obey", addr, "child"); err != nil {
		return err
	}
	return obey(addr, "parent", "")
}

// apart puts a process where whoever has started its parent does not look for it.
var apart = new(syscall.SysProcAttr)

// leave starts a child that holds its outputs open, and ends before that.
func leave(args []string, attr *syscall.SysProcAttr) error {
	addr, program, code, count := args[0], args[1], args[2], args[3]
	// The child may be killed as soon as this one ends. It has to connect before.
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	if err := start(program, attr, reports, addr, "child", listener.Addr().String()); err != nil {
		return err
	}
	if _, err := listener.Accept(); err != nil {
		return err
	}
	if err := fill(count); err != nil {
		return err
	}
	return end(code, nil, nil)
}

// start starts another puppet, with the same outputs.
func start(program string, attr *syscall.SysProcAttr, args ...string) error {
	cmd := exec.Command(program, args...)
	cmd.Stdout, cmd.Stderr, cmd.SysProcAttr = os.Stdout, os.Stderr, attr
	return cmd.Start()
}
