package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"time"
)

// The server's lines. All failures have the same: it tells a stranger
// neither which names exist nor what was wrong.
const (
	answerOK      = "OK 登录成功"
	answerFail    = "FAIL 用户名或密码错误"
	answerBye     = "BYE"
	answerUnknown = "ERROR unknown command"
)

const (
	maxLine = 1_024           // bytes of a line that the server looks at, line end not counted
	linger  = 5 * time.Second // how long a connection that we have ended is read on
)

// serve accepts connections and serves each in a goroutine of its own. It
// returns when the listener fails for good.
func serve(listener net.Listener, set settings) error {
	for {
		conn, err := listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return err
		}
		if err != nil {
			// Too many connections, or one that was reset before we took it:
			// neither is a reason to end. Do not spin meanwhile.
			time.Sleep(10 * time.Millisecond)
			continue
		}
		go handle(conn.(*net.TCPConn), set)
	}
}

// handle serves one connection and closes it. Whatever the error was, it is
// the end of this connection and of nothing else.
func handle(conn *net.TCPConn, set settings) {
	defer conn.Close()
	lines := newLineReader(conn)
	if err := talk(conn, lines, set); err != nil {
		return
	}
	// Close with unread input sends a reset, and a reset may destroy our last
	// answer before the peer has read it (RFC 9293 §3.6, SHLD-3).
	if conn.CloseWrite() != nil || conn.SetReadDeadline(time.Now().Add(linger)) != nil {
		return
	}
	_, _ = io.Copy(io.Discard, conn)
}

// talk is the conversation with one client, from the greeting to the end.
func talk(conn io.Writer, lines *lineReader, set settings) error {
	if err := say(conn, set.greeting); err != nil {
		return err
	}
	name, err := login(conn, lines, set)
	if err == nil {
		err = session(conn, lines, name)
	}
	if err == io.EOF || err == errQuit {
		return nil
	}
	return err
}

// errQuit says that the client has quit, or has been sent away.
var errQuit = errors.New("quit")

// login reads attempts until one is right, and returns the user's name.
func login(conn io.Writer, lines *lineReader, set settings) (name string, err error) {
	for failures := 0; failures < set.attempts; {
		name, err := lines.next()
		if err != nil {
			return "", err
		}
		if name == "q" || name == "Q" {
			return "", errQuit
		}
		password, err := lines.next() // a q here is a password
		if err != nil {
			return "", err
		}
		if authenticate(set.users, name, password, set.iterations) {
			return name, say(conn, answerOK)
		}
		failures++
		answer := answerFail
		if failures == set.attempts {
			// In one write, so that the client has BYE when it has FAIL and
			// does not ask its user for another try.
			answer += "\n" + answerBye
		}
		if err := say(conn, answer); err != nil {
			return "", err
		}
	}
	return "", errQuit
}

// session obeys the commands of a user who has logged in.
func session(conn io.Writer, lines *lineReader, name string) error {
	for {
		command, err := lines.next()
		if err != nil {
			return err
		}
		answer := answerUnknown
		switch command {
		case "q":
			return errQuit
		case "whoami":
			answer = name
		}
		if err := say(conn, answer); err != nil {
			return err
		}
	}
}

// say sends a line.
func say(conn io.Writer, line string) error {
	_, err := fmt.Fprintf(conn, "%s\n", line)
	return err
}

// A lineReader reads lines in bounded memory: of a line that is too long, it
// keeps nothing.
type lineReader struct {
	buffer *bufio.Reader
}

func newLineReader(conn io.Reader) *lineReader {
	return &lineReader{bufio.NewReaderSize(conn, maxLine+len("\r\n"))}
}

// next returns the next line without its line end. A line that is too long is
// returned as the empty one, which is no possible name, password or command
// either. A last line without LF counts; after it comes io.EOF.
func (r *lineReader) next() (string, error) {
	line, err := r.buffer.ReadSlice('\n')
	text := trimLineEnd(string(line))
	tooLong := len(text) > maxLine
	for err == bufio.ErrBufferFull {
		tooLong = true
		_, err = r.buffer.ReadSlice('\n')
	}
	if err == io.EOF && (len(line) > 0 || tooLong) {
		err = nil // the next call finds the end again
	}
	if err != nil {
		return "", err
	}
	if tooLong {
		return "", nil
	}
	return text, nil
}
