// A server that serves one client after the other. No analyzer says a word.
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
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		serve(conn)
	}
}

var mu sync.Mutex

// serve keeps the screen's lines and the client's whole by one lock. Nobody else
// is served who could be made to wait.
func serve(conn net.Conn) {
	defer conn.Close()
	in := bufio.NewScanner(conn)
	for in.Scan() {
		mu.Lock()
		fmt.Println(in.Text())
		_, err := fmt.Fprintln(conn, "ok")
		mu.Unlock()
		if err != nil {
			return
		}
	}
}
