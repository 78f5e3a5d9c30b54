package main

import (
	"fmt"
	"io"
	"net"
)

func serve(listener *net.TCPListener, keyboard io.Reader, screen io.Writer) error {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return err
		}
		text, err := io.ReadAll(conn) // all that the client says
		if err != nil {
			return err
		}
		fmt.Fprintf(screen, "%s", text)
		select {} // wait for the next one
	}
}

func talk(conn *net.TCPConn, keyboard io.Reader, screen io.Writer) error {
	text, err := io.ReadAll(conn)
	if err != nil {
		return err
	}
	fmt.Fprint(screen, string(text))
	done := make(chan bool)
	<-done
	return nil
}
