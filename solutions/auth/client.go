package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

const (
	// longestLine bounds what the client stores of a line that does not end.
	longestLine = 1 << 20
	// patience is how long the client waits, after its own end, for a server
	// that neither speaks nor closes. An answer to a password may take long,
	// for its work is great on purpose.
	patience       = time.Second
	answerPatience = 10 * time.Second
)

// A state of the conversation says what the user's next line means.
type state int

const (
	arriving state = iota // the greeting is due; nothing is sent before it
	naming                // the next line is a name, or q
	proving               // the next line is a password, be it q
	waiting               // OK or FAIL is due, and decides what the next line is
	loggedIn              // the next line is a command, or q
	leaving               // our side has ended; what still comes is printed
)

// client is the conversation with a server. It is all in the goroutine of
// run; two others only read lines, one from each side.
type client struct {
	conn *net.TCPConn
	out  io.Writer

	state    state
	heard    *lineSource      // the server's lines
	typed    *lineSource      // the user's lines
	ahead    []string         // at most one line, typed before its meaning was known
	previous string           // what the server said last
	sentAway bool             // the server said BYE
	lost     error            // why nothing more can be sent
	silence  <-chan time.Time // while leaving: when our patience ends

	showTyping func() // ends the hiding of a password
}

// converse brings what the user types to the server and what the server says
// to the user, until one of the two ends. It returns an error if the server
// ended first.
func converse(conn *net.TCPConn, in io.Reader, out io.Writer) error {
	defer conn.Close()
	c := &client{
		conn:       conn,
		out:        out,
		heard:      readLines(conn),
		typed:      readLines(in),
		showTyping: func() {},
	}
	defer func() { c.showTyping() }()
	return c.run()
}

// run waits for both sides at once: the server may end while the user thinks.
func (c *client) run() error {
	for {
		select {
		case line, more := <-c.heard.lines:
			if !more {
				return c.serverEnded()
			}
			if err := c.hear(line); err != nil {
				return err
			}
		case line, more := <-c.userLines():
			if more {
				c.take(line)
				continue
			}
			if c.typed.err != nil {
				return fmt.Errorf("standard input: %w", c.typed.err)
			}
			c.leave()
		case <-c.silence:
			return nil
		}
	}
}

// userLines returns the channel to read the user's next line from. It is nil,
// from which nothing ever comes, while no line of his can be dealt with.
func (c *client) userLines() <-chan string {
	if c.state == leaving || c.lost != nil || len(c.ahead) > 0 {
		return nil
	}
	return c.typed.lines
}

// hear prints what the server says, and draws the conclusion.
func (c *client) hear(line string) error {
	if _, err := fmt.Fprintf(c.out, "%s\n", line); err != nil {
		return err
	}
	refused := strings.HasPrefix(line, "FAIL ")
	switch {
	case c.state == arriving: // whatever it looks like, this is the greeting
		c.askName()
	case c.state == waiting && strings.HasPrefix(line, "OK "):
		c.state = loggedIn
	case c.state == waiting && refused:
		c.askName()
	case c.state == leaving:
		c.silence = time.After(patience)
	}
	// Only after a FAIL: a user who is called BYE may ask whoami.
	if line == answerBye && strings.HasPrefix(c.previous, "FAIL ") {
		c.sentAway = true
	}
	c.previous = line
	c.takeAhead()
	return nil
}

// askName begins an attempt.
func (c *client) askName() {
	c.state = naming
	prompt("name: ")
}

// takeAhead takes the line that was typed ahead, if its meaning is known now.
func (c *client) takeAhead() {
	known := c.state == naming || c.state == loggedIn
	if known && len(c.ahead) > 0 {
		line := c.ahead[0]
		c.ahead = nil
		c.take(line)
	}
}

// take does what the user's line means in the present state.
func (c *client) take(line string) {
	quit := line == "q" || line == "Q"
	switch c.state {
	case arriving, waiting:
		c.ahead = append(c.ahead, line)
	case naming, loggedIn:
		if quit {
			c.send("q")
			c.leave()
			return
		}
		c.send(line)
		if c.state == naming {
			c.state = proving
			c.showTyping = hideTyping("password: ")
		}
	case proving:
		c.showTyping()
		c.send(line)
		c.state = waiting
	}
}

// send sends a line. When it cannot be sent, the connection is lost, and the
// reading side will find its end too, after what the server still said.
func (c *client) send(line string) {
	if c.lost == nil {
		_, c.lost = fmt.Fprintf(c.conn, "%s\n", line)
	}
}

// leave ends our side of the conversation: the server sees the end of file
// and may still answer what it was sent.
func (c *client) leave() {
	c.showTyping()
	wait := patience
	if c.state == waiting {
		wait = answerPatience
	}
	c.state = leaving
	c.silence = time.After(wait)
	if err := c.conn.CloseWrite(); err != nil && c.lost == nil {
		c.lost = err
	}
}

// serverEnded judges the end of the connection.
func (c *client) serverEnded() error {
	switch {
	case c.sentAway:
		return errors.New("the server has sent us away after too many failures")
	case c.state == leaving:
		return nil // after our own end, a reset is no failure either
	case c.heard.err != nil:
		return c.heard.err
	case c.lost != nil:
		return c.lost
	default:
		return errors.New("the server has ended the conversation")
	}
}

// lineSource is where lines come from. When lines is closed, err is what ended
// them; it is nil at the end of file.
type lineSource struct {
	lines chan string
	err   error
}

// readLines reads lines in a goroutine of their own. Line ends are cut off;
// a last line without one counts.
func readLines(from io.Reader) *lineSource {
	source := &lineSource{lines: make(chan string)}
	go func() {
		defer close(source.lines)
		scanner := bufio.NewScanner(from)
		scanner.Buffer(nil, longestLine+len("\r\n"))
		for scanner.Scan() {
			source.lines <- scanner.Text()
		}
		source.err = scanner.Err()
	}()
	return source
}
