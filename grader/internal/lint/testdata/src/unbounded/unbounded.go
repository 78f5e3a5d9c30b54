package main

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
)

func main() {
	l, err := net.Listen("tcp", ":0")
	if err != nil {
		return
	}
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		go handle(conn)
		go checked(conn)
		go whole(conn)
		go lines(conn.(*net.TCPConn))
		go short(conn)
		s := &session{conn: conn, in: bufio.NewReader(conn)}
		go s.run()
	}
}

func handle(conn net.Conn) error {
	in := bufio.NewReader(conn)
	header, err := in.ReadString('\n') // want `ReadString keeps a line in memory however long it grows`
	if err != nil {
		return err
	}
	size, name, _ := strings.Cut(strings.TrimSpace(header), " ")
	n, err := strconv.Atoi(size)
	if err != nil {
		return err
	}
	body := make([]byte, n) // want `the size n comes from the client`
	if _, err := io.ReadFull(in, body); err != nil {
		return err
	}
	return os.WriteFile(name, body, 0o666)
}

type session struct {
	conn net.Conn
	in   *bufio.Reader
}

func (s *session) run() {
	length := make([]byte, 4)
	if _, err := io.ReadFull(s.conn, length); err != nil {
		return
	}
	body := make([]byte, binary.BigEndian.Uint32(length)) // want `the size binary.BigEndian.Uint32\(length\) comes from the client`
	fmt.Println(len(body))
	line, err := s.in.ReadBytes('\n') // want `ReadBytes keeps a line`
	fmt.Println(line, err)
}

func whole(r io.Reader) {
	text, err := io.ReadAll(r) // want `io.ReadAll returns when the client has ended its half`
	fmt.Println(string(text), err)
}

const most = 1 << 20

func checked(conn net.Conn) error {
	length := make([]byte, 4)
	if _, err := io.ReadFull(conn, length); err != nil {
		return err
	}
	n := binary.BigEndian.Uint32(length)
	if n > most {
		return errors.New("too large")
	}
	body := make([]byte, n)
	more := make([]byte, min(binary.BigEndian.Uint32(length), most))
	_, err := io.ReadFull(conn, append(more, body...))
	return err
}

// Two bytes are 65,535 at most, one is 255.
func short(conn net.Conn) {
	head := make([]byte, 3)
	if _, err := io.ReadFull(conn, head); err != nil {
		return
	}
	a := make([]byte, binary.BigEndian.Uint16(head))
	b := make([]byte, int(head[2]))
	fmt.Println(len(a), len(b))
}

// A Scanner has a bound, and so has a LimitReader.
func lines(conn *net.TCPConn) {
	in := bufio.NewScanner(conn)
	for in.Scan() {
		copied := make([]byte, len(in.Bytes()))
		fmt.Println(copied)
	}
	rest, err := io.ReadAll(io.LimitReader(conn, most))
	fmt.Println(rest, err)
}

// The keyboard and the command line are one's own.
func keyboard() {
	in := bufio.NewReader(os.Stdin)
	line, _ := in.ReadString('\n')
	n, _ := strconv.Atoi(os.Args[1])
	fmt.Println(line, make([]byte, n))
}

// A client has chosen its server.
func client() {
	conn, err := net.Dial("tcp", "localhost:1")
	if err != nil {
		return
	}
	line, err := bufio.NewReader(conn).ReadString('\n')
	fmt.Println(line, err)
}
