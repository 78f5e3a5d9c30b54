package main

import (
	"bufio"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"strconv"
	"strings"
)

// serve takes files as it should, and has store put them away.
func serve(ctx context.Context, listener net.Listener, dir string, _ int64) error {
	context.AfterFunc(ctx, func() { listener.Close() })
	for {
		conn, err := listener.Accept()
		if err != nil {
			return nil
		}
		go receive(conn, dir)
	}
}

func receive(conn net.Conn, dir string) {
	defer conn.Close()
	from := bufio.NewReader(conn)
	for {
		header, err := from.ReadString('\n')
		if err != nil {
			return
		}
		size, name, _ := strings.Cut(strings.TrimRight(header, "\r\n"), " ")
		n, err := strconv.Atoi(size)
		if err != nil || n < 0 || n > 8<<20 || name != filepath.Base(name) {
			fmt.Fprintln(conn, "ERROR no")
			return
		}
		body := make([]byte, n)
		if _, err := io.ReadFull(from, body); err != nil {
			return
		}
		store(filepath.Join(dir, name), body)
		fmt.Fprintf(conn, "OK %x\n", sha256.Sum256(body))
	}
}
