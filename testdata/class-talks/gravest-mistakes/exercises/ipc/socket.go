package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
)

// maxLine is how many bytes a line of a client's has, the end not counted.
const maxLine = 64 << 10

// listen makes a socket at path that is its user's alone. Of several servers that
// start at once one succeeds: they look and bind under a lock.
func listen(path string) (*net.UnixListener, error) {
	unlock, err := lockFile(path + ".lock")
	if err != nil {
		return nil, err
	}
	defer unlock()

	if err := makeRoom(path); err != nil {
		return nil, err
	}
	listener, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	return listener, nil
}

// makeRoom removes a socket whose server has ended. Whatever else stands at path
// stays there, and is an error.
func makeRoom(path string) error {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if info.Mode().Type() != fs.ModeSocket {
		return fmt.Errorf("%s is there, and is no socket", path)
	}
	conn, err := net.Dial("unix", path)
	if err == nil {
		_ = conn.Close() // it was for nothing but to see whether it can be made
		return fmt.Errorf("%s has a server already", path)
	}
	if !nobodyListens(err) {
		return err // its server lives, and is busy
	}
	return os.Remove(path)
}

// serve answers the clients of listener, all at once, until a signal comes.
func serve(listener *net.UnixListener, stop <-chan os.Signal) error {
	failed := make(chan error, 1)
	go func() {
		for {
			conn, err := listener.AcceptUnix()
			if err != nil {
				failed <- err
				return
			}
			go func() {
				if err := answer(conn); err != nil {
					fmt.Fprintln(os.Stderr, err)
				}
			}()
		}
	}()
	select {
	case <-stop:
		return listener.Close() // which removes the socket's name, too
	case err := <-failed:
		return errors.Join(err, listener.Close())
	}
}

// answer answers the lines of one client, in their order.
func answer(conn *net.UnixConn) error {
	defer conn.Close()
	uid := peerUID(conn)
	lines := bufio.NewReaderSize(conn, maxLine+len("\r\n"))
	for {
		line, err := lines.ReadSlice('\n')
		if err != nil && err != io.EOF {
			return err
		}
		if line, ended := bytes.CutSuffix(line, []byte("\n")); ended || len(line) > 0 {
			line = bytes.TrimSuffix(line, []byte("\r"))
			if _, err := fmt.Fprintf(conn, "uid=%s %s\n", uid, line); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
	}
}

// talk sends what is typed and prints what comes, until the user ends it. It is an
// error if the server does so first.
func talk(conn *net.UnixConn, keyboard io.Reader, screen io.Writer) error {
	defer conn.Close()
	heard := make(chan error, 1)
	go func() {
		_, err := io.Copy(screen, conn)
		heard <- err
	}()
	typed := make(chan error, 1)
	go func() { typed <- sendLines(conn, keyboard) }()

	select {
	case err := <-heard:
		return gone(err)
	case err := <-typed:
		if err != nil {
			return gone(errors.Join(err, <-heard))
		}
	}
	if err := conn.CloseWrite(); err != nil {
		return err
	}
	<-heard // What ended it is all one: the user was through.
	return nil
}

// gone is the error of a connection that the server has ended.
func gone(err error) error {
	if err == nil {
		return errors.New("the server has ended the connection")
	}
	return fmt.Errorf("the connection broke off: %w", err)
}

// sendLines sends the lines of keyboard up to a q or Q, or its end.
func sendLines(conn io.Writer, keyboard io.Reader) error {
	lines := bufio.NewReader(keyboard)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil && err != io.EOF {
			return err
		}
		text, ended := bytes.CutSuffix(line, []byte("\n"))
		text = bytes.TrimSuffix(text, []byte("\r"))
		if string(text) == "q" || string(text) == "Q" {
			return nil
		}
		if ended || len(text) > 0 {
			if _, err := conn.Write(append(text, '\n')); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
	}
}
