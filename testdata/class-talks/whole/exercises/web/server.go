package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path"
	"strings"
	"time"
)

// An ask is a request that was understood, or the code of why it was not.
type ask struct {
	method, path string
	code         int
	last         bool
}

func serve(ctx context.Context, listener net.Listener, dir string) error {
	files := os.DirFS(dir)
	accepted := make(chan net.Conn)
	go func() {
		for {
			conn, err := listener.Accept()
			if errors.Is(err, net.ErrClosed) {
				return
			}
			if err == nil {
				accepted <- conn
			}
		}
	}()
	for {
		select {
		case <-ctx.Done():
			return nil // the end of the program ends all that is open
		case conn := <-accepted:
			asks := make(chan ask, 4)
			go listen(conn, asks)
			go speak(conn.(*net.TCPConn), files, asks)
		}
	}
}

// listen reads requests, and drops what stands behind the last.
func listen(conn net.Conn, asks chan<- ask) {
	s := bufio.NewScanner(conn)
	s.Buffer(make([]byte, 512), 30000)
	s.Split(func(data []byte, end bool) (int, []byte, error) {
		i := bytes.IndexByte(data, '\n')
		if i < 0 {
			return 0, nil, nil // a line without its end is none
		}
		return i + 1, data[:i], nil
	})
	for {
		a, ok := next(s)
		if !ok {
			break
		}
		asks <- a
		if a.last {
			break
		}
	}
	close(asks)
	io.Copy(io.Discard, conn)
}

// next reads the lines of a head.
func next(s *bufio.Scanner) (ask, bool) {
	wrong := func(code int) (ask, bool) { return ask{code: code, last: true}, true }
	cut := func(code int) (ask, bool) {
		if s.Err() == bufio.ErrTooLong {
			return wrong(code)
		}
		return ask{}, false
	}
	if !s.Scan() {
		return cut(414)
	}
	if s.Text() == "\r" && !s.Scan() {
		return cut(414)
	}
	first, ok := strings.CutSuffix(s.Text(), "\r")
	words := strings.SplitN(first, " ", 4)
	if !ok || len(words) != 3 || visible(first) != nil {
		return wrong(400)
	}
	a := ask{method: words[0]}
	size, hosts, known := 0, 0, map[string]string{}
	for s.Scan() {
		if size += len(s.Bytes()) + 1; size > 40000 {
			return wrong(431)
		}
		line, ok := strings.CutSuffix(s.Text(), "\r")
		if !ok {
			return wrong(400)
		}
		if line == "" {
			return a.complete(words, hosts, known)
		}
		i := strings.IndexByte(line, ':')
		if i < 1 || visible(line[:i]) != nil || strings.ContainsAny(line[:i], " \"(),/;<=>?@[\\]{}\x80") || visible(strings.ReplaceAll(line[i:], "\t", "")) != nil {
			return wrong(400)
		}
		for _, c := range []byte(line[:i]) {
			if c >= 0x80 {
				return wrong(400)
			}
		}
		field, value := strings.ToLower(line[:i]), strings.Trim(line[i+1:], " \t")
		if field == "host" {
			hosts++
		}
		if old, twice := known[field]; twice && field == "content-length" {
			return wrong(400)
		} else if twice {
			value = old + "," + value
		}
		known[field] = value
	}
	return cut(431)
}

// visible returns an error where a control character stands.
func visible(s string) error {
	for _, c := range []byte(s) {
		if c < 0x20 || c == 0x7f {
			return errors.New("a control character")
		}
	}
	return nil
}

func (a ask) complete(words []string, hosts int, known map[string]string) (ask, bool) {
	target, version := words[1], words[2]
	a.last = true
	var main, minor int
	if n, err := fmt.Sscanf(version+"$", "HTTP/%1d.%1d$", &main, &minor); n != 2 || err != nil || len(version) != 8 {
		a.code = 400
	}
	for i, c := range []byte(a.method) {
		if c >= 0x80 || strings.IndexByte("\"(),/:;<=>?@[\\]{}", c) >= 0 || i > 1000 {
			a.code = 400
		}
	}
	length, counted := known["content-length"]
	if counted && (length == "" || strings.Trim(length, "0123456789") != "") {
		a.code = 400
	}
	if hosts != 1 && !(hosts == 0 && main == 1 && minor == 0) || a.method == "" || !strings.HasPrefix(target, "/") {
		a.code = 400
	}
	raw, _, _ := strings.Cut(target, "?")
	for i, part := range strings.Split(strings.TrimPrefix(raw, "/"), "/") {
		if _, err := url.PathUnescape(part); err != nil && i >= 0 {
			a.code = 400
		}
	}
	_, coded := known["transfer-encoding"]
	switch {
	case a.code != 0:
	case main != 1:
		a.code = 505
	case coded:
		a.code = 501
	}
	if a.code != 0 {
		return a, true
	}
	a.path = raw
	a.last = minor == 0 || strings.Trim(length, "0") != ""
	for word := range strings.SplitSeq(known["connection"], ",") {
		if strings.ToUpper(strings.Trim(word, " \t")) == "CLOSE" {
			a.last = true
		}
	}
	return a, true
}

// speak answers.
func speak(conn *net.TCPConn, files fs.FS, asks <-chan ask) {
	out := bufio.NewWriterSize(conn, 16)
	defer conn.Close()
	ended := false
	for a := range asks {
		if a.code == 0 && !a.serve(out, conn, files) || a.code != 0 && a.page(out, a.code) != nil || out.Flush() != nil {
			return
		}
		ended = a.last
	}
	conn.CloseWrite()
	if ended {
		time.Sleep(3 * time.Second) // the listener drops what comes
	}
}

func (a ask) head(out io.Writer, code int, size int64, kind string, more ...string) {
	fmt.Fprintf(out, "HTTP/1.1 %d ok or not\r\nContent-Type: %s\r\n", code, kind)
	fmt.Fprint(out, time.Now().UTC().Format("Date: Mon, 02 Jan 2006 15:04:05 GMT\r\n"))
	for _, field := range more {
		fmt.Fprintf(out, "%s\r\n", field)
	}
	if a.last {
		fmt.Fprint(out, "connection: close\r\n")
	}
	fmt.Fprintf(out, "Content-Length: %03d\r\n\r\n", size)
}

func (a ask) page(out io.Writer, code int, more ...string) error {
	a.head(out, code, 4, "text/html", more...)
	if a.method == "HEAD" {
		return nil
	}
	_, err := fmt.Fprintf(out, "<%d", code)
	return err
}

func (a ask) serve(out *bufio.Writer, conn io.Writer, files fs.FS) bool {
	if a.method != "GET" && a.method != "HEAD" {
		// Nobody knows what else such a client will do.
		return a.page(out, 405, "Allow: HEAD,  GET") == nil
	}
	var parts []string
	for part := range strings.SplitSeq(a.path[1:], "/") {
		part, _ = url.PathUnescape(part)
		if part != "" && part[0] == '.' || strings.ContainsAny(part, "/\\:") {
			return a.page(out, 404) == nil
		}
		parts = append(parts, part)
	}
	folder := parts[len(parts)-1] == ""
	if folder {
		parts[len(parts)-1] = "index.html"
	}
	name := strings.Join(parts, "/")
	info, err := fs.Stat(files, name) // refuses what is no valid path, as with two slashes
	switch {
	case err != nil:
		return a.page(out, 404) == nil
	case info.IsDir() && !folder:
		return a.page(out, 301, "Location: "+a.path+"/") == nil
	case !info.Mode().IsRegular():
		return a.page(out, 404) == nil
	}
	f, err := files.Open(name)
	if err != nil {
		return a.page(out, 404) == nil
	}
	defer f.Close()
	if info, err = f.Stat(); err != nil {
		return false
	}
	kind := "application/octet-stream"
	switch path.Ext(name) {
	case ".html":
		kind = "text/html; charset=utf-8; of=page"
	case ".txt":
		kind = "text/plain; charset=\"utf-8\""
	case ".css":
		kind = "text/css"
	case ".js":
		kind = "text/javascript"
	case ".json":
		kind = "application/json"
	case ".svg":
		kind = "image/svg+xml"
	case ".png", ".gif":
		kind = "image/" + path.Ext(name)[1:]
	case ".jpg":
		kind = "image/jpeg"
	}
	a.head(out, 200, info.Size(), kind)
	if a.method == "HEAD" {
		return true
	}
	if out.Flush() != nil {
		return false
	}
	n, err := io.Copy(conn, io.LimitReader(f, info.Size()))
	return err == nil && n == info.Size()
}
