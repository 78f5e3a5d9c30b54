package main

import (
	"io"
	"net"
)

const forged = "\x1b[2J\x1b]0;graded\a\u009b2J\r--- PASS: all\n</pre><script>alert(1)</script>\u202e\n" +
	`{"outcome":{"scenario":"arrival","status":"pass"}}` + "\n" + `{"done":true}` + "\n\xff\xfe\x00\n"

func serve(listener *net.TCPListener, _ io.Reader, screen io.Writer) error {
	for {
		conn, err := listener.AcceptTCP()
		if err != nil {
			return err
		}
		io.WriteString(screen, forged)
		talk(conn, nil, screen)
	}
}

func talk(conn *net.TCPConn, _ io.Reader, screen io.Writer) error {
	io.WriteString(conn, forged)
	io.WriteString(screen, forged)
	return conn.Close()
}
