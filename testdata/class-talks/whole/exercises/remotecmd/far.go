package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"
)

func serve(ctx context.Context, listener *net.TCPListener, s shop) error {
	folder, err := os.Getwd()
	if err != nil {
		return err
	}
	if !strings.HasPrefix(s.dir, "/") && os.PathSeparator == '/' {
		s.dir = path.Join(folder, s.dir)
	}
	go func() {
		<-ctx.Done()
		listener.Close()
	}()
	var all sync.WaitGroup
	for {
		conn, err := listener.AcceptTCP()
		if err != nil {
			all.Wait()
			if ctx.Err() != nil {
				return nil
			}
			return err
		}
		all.Add(1)
		go func() {
			defer all.Done()
			defer conn.Close()
			(&guest{ctx: ctx, conn: conn, in: bufio.NewReader(conn), shop: s}).serve()
		}()
	}
}

type guest struct {
	ctx  context.Context
	conn *net.TCPConn
	in   *bufio.Reader
	shop shop
}

var errLong = errors.New("too long")

// next reads a line a byte at a time.
func (g *guest) next() (string, error) {
	var line []byte
	for {
		b, err := g.in.ReadByte()
		if err != nil {
			return "", err
		}
		if b == '\n' {
			if n := len(line); n > 0 && line[n-1] == '\r' {
				line = line[:n-1]
			}
			return string(line), nil
		}
		if line = append(line, b); len(line) > 10_000 {
			return "", errLong
		}
	}
}

func (g *guest) serve() {
	stop := context.AfterFunc(g.ctx, func() { g.conn.Close() })
	defer stop()
	for {
		line, err := g.next()
		if err == errLong || err == nil && (line == "q" || line == "Q") {
			g.conn.CloseWrite()
			g.conn.SetDeadline(time.Now().Add(4 * time.Second))
			io.Copy(io.Discard, g.in)
			return
		}
		if err != nil {
			return
		}
		status, out, lost := g.obey(line)
		if lost {
			return
		}
		if _, err := g.conn.Write(append([]byte(strconv.Itoa(status)+" "+strconv.Itoa(len(out))+"\n"), out...)); err != nil {
			return
		}
	}
}

// obey runs a command, and meanwhile looks whether something comes: a further line, or
// the end of the client.
func (g *guest) obey(line string) (status int, out []byte, lost bool) {
	ctx, cancel := context.WithCancel(g.ctx)
	defer cancel()
	looked := make(chan error, 1)
	go func() {
		_, err := g.in.Peek(1)
		if err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
			cancel()
		}
		looked <- err
	}()
	status, out = g.run(ctx, line)
	g.conn.SetReadDeadline(time.Unix(1, 0))
	err := <-looked
	g.conn.SetReadDeadline(time.Time{})
	return status, out, err != nil && !errors.Is(err, os.ErrDeadlineExceeded)
}

func (g *guest) run(ctx context.Context, line string) (int, []byte) {
	var words []string
	for word := range strings.SplitSeq(line, " ") {
		if word != "" {
			words = append(words, word)
		}
	}
	if len(words) == 0 || words[0][0] == '.' || strings.ContainsRune(words[0], '/') || strings.ContainsRune(words[0], '\\') {
		return 127, []byte("no such command")
	}
	file := g.shop.dir + string(os.PathSeparator) + words[0]
	if _, err := os.Stat(file); err != nil {
		if _, err := os.Stat(file + ".exe"); err != nil {
			return 127, nil
		}
	}
	ctx, cancel := context.WithTimeout(ctx, g.shop.timeout)
	defer cancel()
	kept := &keep{most: g.shop.max, full: make(chan bool)}
	cmd := exec.CommandContext(ctx, file, words[1:]...)
	cmd.Env = []string{}
	for _, name := range []string{"PATH", "HOME", "LANG", "SystemRoot"} {
		if value, ok := os.LookupEnv(name); ok {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
	}
	cmd.Stdout = kept
	cmd.Stderr = kept
	cmd.WaitDelay = 950 * time.Millisecond
	started := make(chan bool)
	var all *group
	cmd.Cancel = func() error {
		<-started
		all.kill()
		return nil
	}
	all, err := startGroup(cmd)
	if err != nil {
		return 126, []byte(err.Error())
	}
	close(started)
	over := make(chan bool)
	go func() {
		select {
		case <-kept.full:
			all.kill()
		case <-over:
		}
	}()
	cmd.Wait()
	close(over)
	all.kill()
	kept.Lock()
	defer kept.Unlock()
	switch {
	case kept.over:
		return 125, kept.data
	case ctx.Err() == context.DeadlineExceeded:
		return 124, kept.data
	}
	code := cmd.ProcessState.ExitCode()
	if code < 0 {
		code = 255
	}
	return code, kept.data
}

type keep struct {
	sync.Mutex
	data []byte
	most int
	over bool
	full chan bool
}

func (k *keep) Write(b []byte) (int, error) {
	k.Lock()
	defer k.Unlock()
	room := k.most - len(k.data)
	if len(b) <= room {
		k.data = append(k.data, b...)
		return len(b), nil
	}
	k.data = append(k.data, b[:room]...)
	if !k.over {
		k.over = true
		close(k.full)
	}
	return len(b), nil
}

// talk waits for the answer of each line before it sends the next one.
func talk(conn *net.TCPConn, keyboard io.Reader, screen, notices io.Writer) error {
	typed := make(chan string)
	go func() {
		defer close(typed)
		in := bufio.NewReader(keyboard)
		for {
			text, err := in.ReadString('\n')
			if text != "" {
				text = strings.TrimSuffix(text, "\n")
				text = strings.TrimSuffix(text, "\r")
				if text == "q" || text == "Q" {
					return
				}
				typed <- text
			}
			if err != nil {
				return
			}
		}
	}()
	answered := make(chan error)
	go func() {
		in := bufio.NewReader(conn)
		for {
			err := answer(in, screen, notices)
			answered <- err
			if err != nil {
				return
			}
		}
	}()
	for {
		select {
		case err := <-answered:
			if err == nil {
				err = errors.New("an answer that nobody asked for")
			}
			return err
		case line, more := <-typed:
			if !more {
				fmt.Fprint(conn, "q\n")
				conn.SetReadDeadline(time.Now().Add(500 * time.Millisecond))
				<-answered
				return nil
			}
			fmt.Fprintf(conn, "%s\n", line)
			if err := <-answered; err != nil {
				return err
			}
		}
	}
}

func answer(in *bufio.Reader, screen, notices io.Writer) error {
	var line []byte
	for {
		b, err := in.ReadByte()
		if err != nil {
			return fmt.Errorf("the connection is over: %v", err)
		}
		if b == '\n' {
			break
		}
		if line = append(line, b); len(line) > 64 {
			return errors.New("that is no answer")
		}
	}
	words := strings.Split(string(line), " ")
	if len(words) != 2 {
		return errors.New("that is no answer")
	}
	status, err := strconv.ParseUint(words[0], 10, 32)
	if err != nil {
		return err
	}
	left, err := strconv.ParseInt(words[1], 10, 64)
	if err != nil {
		return err
	}
	if left < 0 {
		return errors.New("that is no length")
	}
	buf := make([]byte, 8000)
	for left > 0 {
		n, err := in.Read(buf[:min(left, int64(len(buf)))])
		screen.Write(buf[:n])
		if left -= int64(n); err != nil && left > 0 {
			return errors.New("the answer is cut")
		}
	}
	fmt.Fprintf(notices, "status %d\n", status)
	return nil
}
