package main

import (
	"bufio"
	"fmt"
	"net"
	"sync"
)

func main() {
	l, err := net.Listen("tcp", ":0")
	if err != nil {
		return
	}
	s := new(server)
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.members = append(s.members, conn.(*net.TCPConn))
		s.mu.Unlock()
		go s.serve(conn.(*net.TCPConn))
		go say(conn, "hello")
		go show(conn.(*net.TCPConn))
		go start(conn.(*net.TCPConn))
		m := &member{conn: conn.(*net.TCPConn)}
		go m.say("hello")
	}
}

var mu sync.Mutex

type server struct {
	mu      sync.Mutex
	members []*net.TCPConn
	lines   []string
}

func (s *server) broadcast(line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.members {
		fmt.Fprintln(m, line) // want `s.mu is locked while this waits for m`
	}
}

func (s *server) serve(conn *net.TCPConn) {
	in := bufio.NewReader(conn)
	s.mu.Lock()
	line, err := in.ReadString('\n') // want `s.mu is locked while this waits for in` `ReadString keeps a line`
	s.lines = append(s.lines, line)
	s.mu.Unlock()
	if err == nil {
		conn.Write([]byte(line))
	}
}

func say(conn net.Conn, line string) {
	mu.Lock()
	_, err := conn.Write([]byte(line)) // want `mu is locked while this waits for conn`
	mu.Unlock()
	if err != nil {
		conn.Close()
	}
}

// Copied, then sent.
func (s *server) tell(line string) {
	s.mu.Lock()
	members := append([]*net.TCPConn(nil), s.members...)
	s.mu.Unlock()
	for _, m := range members {
		fmt.Fprintln(m, line)
	}
}

// The lock of one connection keeps its messages whole.
type member struct {
	mu   sync.Mutex
	conn *net.TCPConn
}

func (m *member) say(line string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, err := fmt.Fprintln(m.conn, line)
	return err
}

func both(conn *net.TCPConn) {
	var sending sync.Mutex
	go func() {
		sending.Lock()
		conn.Write([]byte("a\n"))
		sending.Unlock()
	}()
	sending.Lock()
	conn.Write([]byte("b\n"))
	sending.Unlock()
}

// Only the screen is locked.
func show(conn *net.TCPConn) {
	in := bufio.NewScanner(conn)
	for in.Scan() {
		mu.Lock()
		fmt.Println(in.Text())
		mu.Unlock()
	}
}

// A goroutine does not hold the lock of the one that starts it.
func start(conn *net.TCPConn) {
	mu.Lock()
	defer mu.Unlock()
	go fmt.Fprintln(conn, "hello")
	go func() { conn.Write([]byte("hello\n")) }()
}

// The client has one connection only.
func client() {
	conn, err := net.Dial("tcp", "localhost:1")
	if err != nil {
		return
	}
	mu.Lock()
	fmt.Fprintln(conn, "hello")
	mu.Unlock()
}

// A datagram waits for nobody.
func answer(conn *net.UDPConn, line string) {
	mu.Lock()
	defer mu.Unlock()
	conn.Write([]byte(line))
}
