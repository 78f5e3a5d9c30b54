package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"os"
)

func main() {
	for { // want `this loop turns for ever and waits for nothing`
	}
}

func idle() {
	for { // want `waits for nothing`
		select {
		default:
		}
	}
}

func hear(conn *net.TCPConn) {
	go func() {
		buf := make([]byte, 1024)
		for {
			n, err := conn.Read(buf) // want `nothing ends this loop: when the other side has gone`
			if err != nil {
				log.Println(err)
				continue
			}
			fmt.Print(string(buf[:n]))
		}
	}()
}

func lines(addr string) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return
	}
	go print(bufio.NewReader(conn))
}

func print(in *bufio.Reader) {
	for {
		line, _ := in.ReadString('\n') // want `every further read from in returns at once`
		fmt.Print(line)
	}
}

// The break leaves the switch, not the loop.
func breaks(conn *net.TCPConn) {
	in := bufio.NewReader(conn)
	for {
		line, err := in.ReadString('\n') // want `nothing ends this loop`
		switch err {
		case io.EOF:
			break
		default:
			fmt.Print(line)
		}
	}
}

func accept(l net.Listener, stop chan bool) {
	go func() {
		<-stop
		l.Close()
	}()
	for {
		conn, err := l.Accept() // want `when the listener is closed`
		if err != nil {
			log.Print(err)
			continue
		}
		go hear(conn.(*net.TCPConn))
	}
}

func acceptWell(l net.Listener) {
	for {
		conn, err := l.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			continue
		}
		go hear(conn.(*net.TCPConn))
	}
}

func labelled(conn *net.TCPConn) {
	in := bufio.NewReader(conn)
read:
	for {
		b, err := in.ReadByte()
		switch {
		case err != nil:
			break read
		}
		fmt.Print(b)
	}
}

func fatal(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func dies(conn *net.TCPConn) {
	buf := make([]byte, 10)
	for {
		n, err := conn.Read(buf)
		fatal(err)
		fmt.Println(n)
	}
}

func calls(conn *net.TCPConn, over func(error)) {
	buf := make([]byte, 10)
	for {
		_, err := conn.Read(buf)
		over(err)
	}
}

// An error of a UDP socket tells of one datagram; more may come.
func datagrams(conn *net.UDPConn) {
	buf := make([]byte, 2048)
	for {
		n, err := conn.Read(buf)
		if err != nil {
			continue
		}
		fmt.Println(n)
	}
}

func dialled() {
	conn, err := net.Dial("udp", "localhost:1")
	if err != nil {
		return
	}
	answers(conn)
}

func answers(conn net.Conn) {
	buf := make([]byte, 2048)
	for {
		n, err := conn.Read(buf)
		if err != nil {
			continue
		}
		fmt.Println(n)
	}
}

// A ranged channel ends, and a loop that waits for one takes nothing.
func queue(in chan int, out chan<- int) {
	for {
		out <- <-in
	}
}
