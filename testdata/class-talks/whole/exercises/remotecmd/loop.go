package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// An event is something that happened. One goroutine handles them all; the others
// only wait for one thing each.
type event func()

type server struct {
	shop
	events  chan event
	clients map[*client]bool
	ending  bool
}

type client struct {
	conn    *net.TCPConn
	more    chan bool // asks for the next line
	waiting []string
	last    string // why no more lines come: "", "q", "long"
	gone    bool
	job     *job
	writing bool
}

type job struct {
	group          *group
	cmd            *exec.Cmd
	out            []byte
	pipe           *os.File
	over, late     bool
	ended, drained bool
	clock          *time.Timer
}

func serve(ctx context.Context, listener *net.TCPListener, s shop) error {
	dir, err := filepath.Abs(s.dir)
	if err != nil {
		return err
	}
	s.dir = dir
	v := &server{shop: s, events: make(chan event), clients: make(map[*client]bool)}
	go func() {
		for {
			conn, err := listener.AcceptTCP()
			if err != nil {
				return
			}
			v.events <- func() { v.welcome(conn) }
		}
	}()
	done := ctx.Done()
	for {
		select {
		case e := <-v.events:
			e()
		case <-done:
			done = nil
			v.ending = true
			listener.Close()
			for c := range v.clients {
				v.lose(c)
			}
		}
		if v.ending && v.idle() {
			return nil
		}
	}
}

func (v *server) idle() bool {
	for c := range v.clients {
		if c.job != nil {
			return false
		}
	}
	return true
}

func (v *server) welcome(conn *net.TCPConn) {
	c := &client{conn: conn, more: make(chan bool, 4)}
	v.clients[c] = true
	if v.ending {
		v.lose(c)
	}
	go v.read(c)
}

// read hands on up to three lines that nobody has obeyed yet.
func (v *server) read(c *client) {
	in := bufio.NewReaderSize(c.conn, 1<<16)
	for range 3 {
		c.more <- true
	}
	for {
		<-c.more
		text, err := in.ReadSlice('\n')
		if err == bufio.ErrBufferFull {
			v.events <- func() { c.last = "long"; v.next(c) }
			return
		}
		if err != nil {
			v.events <- func() { v.lose(c) }
			return
		}
		line := string(bytes.TrimSuffix(text[:len(text)-1], []byte("\r")))
		if strings.EqualFold(line, "q") {
			v.events <- func() { c.last = "q"; v.next(c) }
			return
		}
		v.events <- func() {
			c.waiting = append(c.waiting, line)
			v.next(c)
		}
	}
}

// lose drops a client that has gone.
func (v *server) lose(c *client) {
	c.gone = true
	c.waiting = nil
	if c.job != nil && !c.job.ended {
		c.job.group.kill()
	}
	c.conn.Close()
	v.forget(c)
}

func (v *server) forget(c *client) {
	if c.gone && c.job == nil {
		delete(v.clients, c)
	}
}

// next does for a client what is to be done now.
func (v *server) next(c *client) {
	switch {
	case c.gone || c.job != nil || c.writing:
	case len(c.waiting) > 0:
		line := c.waiting[0]
		c.waiting = c.waiting[1:]
		select {
		case c.more <- true:
		default:
		}
		v.start(c, line)
	case c.last != "":
		text := ""
		if c.last == "long" {
			text = "1 0\n"
		}
		c.writing = true
		go func() {
			fmt.Fprint(c.conn, text)
			c.conn.CloseWrite()
			c.conn.SetReadDeadline(time.Now().Add(5 * time.Second))
			io.Copy(io.Discard, c.conn)
			c.conn.Close()
			v.events <- func() { c.gone = true; v.forget(c) }
		}()
	}
}

func (v *server) start(c *client, line string) {
	var words []string
	for _, w := range strings.Split(line, " ") {
		if len(w) > 0 {
			words = append(words, w)
		}
	}
	if len(words) == 0 || strings.ContainsAny(words[0], "/\\") || words[0][0] == '.' {
		v.reply(c, 127, []byte("not here\nat all\n"))
		return
	}
	// What is there is read anew each time.
	entries, _ := os.ReadDir(v.dir)
	found := ""
	for _, e := range entries {
		if e.Name() == words[0] || e.Name() == words[0]+".exe" {
			found = filepath.Join(v.dir, e.Name())
		}
	}
	if found == "" {
		v.reply(c, 127, []byte("not here\nat all\n"))
		return
	}
	r, w, err := os.Pipe()
	if err != nil {
		v.reply(c, 126, nil)
		return
	}
	cmd := &exec.Cmd{Path: found, Args: words, Env: []string{"TZ=" + os.Getenv("TZ"), "LC_ALL=" + os.Getenv("LC_ALL")}, Stdout: w, Stderr: w}
	for _, name := range []string{"LC_ALL", "TZ"} {
		if _, ok := os.LookupEnv(name); !ok {
			cmd.Env = cmd.Env[:0]
		}
	}
	all, err := startGroup(cmd)
	w.Close()
	if err != nil {
		r.Close()
		v.reply(c, 127, []byte{0})
		return
	}
	j := &job{group: all, cmd: cmd, pipe: r}
	c.job = j
	j.clock = time.AfterFunc(v.timeout, func() {
		v.events <- func() {
			if !j.ended {
				j.late = true
				all.kill()
			}
		}
	})
	go v.collect(c, j)
	go func() {
		cmd.Wait()
		v.events <- func() {
			j.ended = true
			j.clock.Stop()
			all.kill()
			r.SetReadDeadline(time.Now().Add(900 * time.Millisecond))
			v.finish(c)
		}
	}()
}

func (v *server) collect(c *client, j *job) {
	buf := make([]byte, 1<<15)
	for {
		n, err := j.pipe.Read(buf)
		if room := v.max - len(j.out); n > room {
			n = room
			v.events <- func() {
				if j.over = true; !j.ended {
					j.group.kill()
				}
			}
			j.out = append(j.out, buf[:n]...)
			io.Copy(io.Discard, j.pipe)
			err = io.EOF
		} else {
			j.out = append(j.out, buf[:n]...)
		}
		if err != nil {
			v.events <- func() { j.drained = true; v.finish(c) }
			return
		}
	}
}

func (v *server) finish(c *client) {
	j := c.job
	if j == nil || !j.ended || !j.drained {
		return
	}
	c.job = nil
	j.pipe.Close()
	if c.gone {
		v.forget(c)
		return
	}
	status := j.cmd.ProcessState.ExitCode()
	if ws, ok := j.cmd.ProcessState.Sys().(syscall.WaitStatus); ok && ws.Signaled() {
		status = 128 + int(ws.Signal())
	}
	if j.late {
		status = 124
	}
	if j.over {
		status = 125
	}
	v.reply(c, status, j.out)
}

func (v *server) reply(c *client, status int, out []byte) {
	c.writing = true
	go func() {
		_, err := c.conn.Write(append(fmt.Appendf(nil, "%d %d\n", status, len(out)), out...))
		v.events <- func() {
			c.writing = false
			if err != nil {
				v.lose(c)
				return
			}
			v.next(c)
		}
	}()
}

// talk is a loop over what is typed and what comes.
func talk(conn *net.TCPConn, keyboard io.Reader, screen, notices io.Writer) error {
	type piece struct {
		data []byte
		err  error
	}
	typed, came := make(chan piece), make(chan piece)
	shovel := func(r io.Reader, to chan piece) {
		for {
			buf := make([]byte, 5000)
			n, err := r.Read(buf)
			to <- piece{buf[:n], err}
			if err != nil {
				return
			}
		}
	}
	go shovel(keyboard, typed)
	go shovel(conn, came)
	out := make(chan []byte, 1)
	queue, sent := []byte{}, make(chan error)
	go func() {
		for b := range out {
			_, err := conn.Write(b)
			sent <- err
		}
	}()
	var partial, header []byte
	var left int64
	due, over, busy := 0, false, false
	line := func(text []byte) {
		text = bytes.TrimSuffix(text, []byte("\r"))
		if over {
			return
		}
		if len(text) == 1 && text[0]|0x20 == 'q' {
			over = true
			queue = append(queue, "q\n"...)
			return
		}
		due++
		queue = append(append(queue, text...), '\n')
	}
	for {
		if len(queue) > 0 && !busy {
			busy = true
			out <- queue
			queue = []byte{}
		}
		if over && due == 0 && !busy && left == 0 {
			return nil
		}
		select {
		case err := <-sent:
			busy = false
			if err != nil && !over {
				return err
			}
		case p := <-typed:
			partial = append(partial, p.data...)
			for {
				text, rest, found := bytes.Cut(partial, []byte("\n"))
				if !found {
					break
				}
				line(text)
				partial = rest
			}
			if p.err != nil {
				if len(partial) > 0 {
					line(partial)
				}
				line([]byte("q"))
				typed = nil
			}
		case p := <-came:
			data := p.data
			for len(data) > 0 {
				if left > 0 {
					n := min(int64(len(data)), left)
					screen.Write(data[:n])
					data = data[n:]
					if left -= n; left == 0 {
						due--
					}
					continue
				}
				header = append(header, data[0])
				data = data[1:]
				if header[len(header)-1] != '\n' {
					if len(header) > 64 {
						return errors.New("no answer: the first line is too long")
					}
					continue
				}
				status, length, err := parse(string(header[:len(header)-1]))
				if err != nil {
					return err
				}
				header = header[:0]
				if status != 0 {
					fmt.Fprintln(notices, "status", status)
				}
				if left = length; left == 0 {
					due--
				}
			}
			if p.err != nil {
				if over && due == 0 && left == 0 {
					return nil
				}
				return errors.New("the server has gone")
			}
		}
	}
}

// parse reads two numbers by hand.
func parse(text string) (status, length int64, err error) {
	first, second, ok := strings.Cut(text, " ")
	if !ok {
		return 0, 0, errors.New("no answer: there is one word")
	}
	number := func(s string, most uint64) (n uint64) {
		if s == "" {
			err = errors.New("no answer: a number is missing")
		}
		for _, r := range s {
			if r < '0' || r > '9' || n > (most-uint64(r-'0'))/10 {
				err = fmt.Errorf("no answer: %q", s)
				return 0
			}
			n = n*10 + uint64(r-'0')
		}
		return n
	}
	return int64(number(first, 1<<32-1)), int64(number(second, 1<<63-1)), err
}
