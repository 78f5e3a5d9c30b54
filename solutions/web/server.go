package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"strings"
	"time"
)

const (
	// lingerTime is how long a connection is read behind its last answer.
	lingerTime = 5 * time.Second
	// acceptPause lets a server without free descriptors get some back.
	acceptPause = 50 * time.Millisecond
)

// serve shows the files of dir to whoever connects, until ctx ends.
func serve(ctx context.Context, listener net.Listener, dir string) error {
	root, err := os.OpenRoot(dir) // no path leads out of it, and no link
	if err != nil {
		return err
	}
	defer root.Close()
	defer context.AfterFunc(ctx, func() { listener.Close() })()
	for {
		conn, err := listener.Accept()
		switch {
		case err == nil:
			go serveConn(ctx, conn, root)
		case ctx.Err() != nil:
			return nil
		default:
			// Most likely too many connections are open; some will close.
			log.Printf("accept: %v", err)
			time.Sleep(acceptPause)
		}
	}
}

// serveConn answers one request after the other.
func serveConn(ctx context.Context, conn net.Conn, root *os.Root) {
	defer conn.Close()
	// Closing the connection wakes a Read or Write that waits on it.
	defer context.AfterFunc(ctx, func() { conn.Close() })()

	// One reader for the whole connection: what it has read ahead belongs to the
	// next request.
	r := bufio.NewReader(conn)
	for {
		q, err := readRequest(r)
		var refused *refusal
		switch {
		case err == nil:
			err = respond(conn, q, root)
		case errors.As(err, &refused):
			q = &request{closes: true}
			err = q.write(conn, refused.code, refused.reason)
		}
		if err != nil {
			if err != io.EOF {
				log.Printf("%s: %v", conn.RemoteAddr(), err)
			}
			return
		}
		if q.closes {
			linger(conn)
			return
		}
	}
}

// linger ends a connection gently. Closing at once would not do: where bytes of the
// client lie unread, a close is a reset, and a reset may destroy the answer before the
// client has read it.
func linger(conn net.Conn) {
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		return // the client was quicker
	}
	_ = conn.SetReadDeadline(time.Now().Add(lingerTime))
	_, _ = io.Copy(io.Discard, conn)
}

// respond answers a request. An error is of the connection, which cannot be used any
// more.
func respond(conn net.Conn, q *request, root *os.Root) error {
	if q.method != "GET" && q.method != "HEAD" {
		return q.write(conn, 405, "only GET and HEAD are served", "Allow: GET, HEAD")
	}
	f, info, err := open(root, q.parts)
	switch err {
	case nil:
		defer f.Close()
	case errFolder:
		path, _, _ := strings.Cut(q.target, "?")
		return q.write(conn, 301, "it is a folder", "Location: "+path+"/")
	case errNotFound:
		return q.write(conn, 404, "there is no such file")
	default:
		log.Print(err)
		return q.write(conn, 500, "the file cannot be opened")
	}
	if err := q.writeHead(conn, 200, info.Size(), "Content-Type: "+typeOf(info.Name())); err != nil || q.method == "HEAD" {
		return err
	}
	// The file may grow meanwhile. Where it shrinks, what was promised cannot be
	// kept, and nobody may take the next answer for the rest of this one.
	_, err = io.CopyN(conn, f, info.Size())
	return err
}

// reasons are what the codes mean.
var reasons = map[int]string{
	200: "OK",
	301: "Moved Permanently",
	400: "Bad Request",
	404: "Not Found",
	405: "Method Not Allowed",
	414: "URI Too Long",
	431: "Request Header Fields Too Large",
	500: "Internal Server Error",
	501: "Not Implemented",
	505: "HTTP Version Not Supported",
}

// write writes an answer with a sentence for its body.
func (q *request) write(conn net.Conn, code int, text string, fields ...string) error {
	body := fmt.Sprintf("%d %s: %s\n", code, reasons[code], text)
	fields = append(fields, "Content-Type: text/plain; charset=utf-8")
	if err := q.writeHead(conn, code, int64(len(body)), fields...); err != nil || q.method == "HEAD" {
		return err
	}
	_, err := io.WriteString(conn, body)
	return err
}

// writeHead writes the head of an answer whose body has size bytes.
func (q *request) writeHead(conn net.Conn, code int, size int64, fields ...string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "HTTP/1.1 %d %s\r\n", code, reasons[code])
	// What RFC 9110 §5.6.7 wants is neither UTC nor a zone of time.RFC1123.
	fmt.Fprintf(&b, "Date: %s\r\n", time.Now().UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT"))
	fmt.Fprintf(&b, "Content-Length: %d\r\n", size)
	for _, field := range fields {
		fmt.Fprintf(&b, "%s\r\n", field)
	}
	if q.closes {
		fmt.Fprintf(&b, "Connection: close\r\n")
	}
	b.WriteString("\r\n")
	_, err := io.WriteString(conn, b.String())
	return err
}
