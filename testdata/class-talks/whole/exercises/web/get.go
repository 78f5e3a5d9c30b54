package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strings"
)

// get reads in a goroutine that knows HTTP and hands on bytes; this one prints them.
func get(rawURL string, out io.Writer) error {
	rest, ok := cutFold(rawURL, "http://")
	rest, _, _ = strings.Cut(rest, "#")
	host := rest[:min(len(rest), strings.IndexAny(rest+"/", "/?"))]
	target := rest[len(host):]
	if !ok || host == "" || host[0] == ':' || strings.ContainsAny(host, "@ %") {
		return fmt.Errorf("%w: %q is no http URL", errUsage, rawURL)
	}
	for i := 0; i < len(rest); i++ {
		if rest[i] <= ' ' || rest[i] >= 0x7f {
			return fmt.Errorf("%w: %q must be percent-encoded in a URL", errUsage, rest[i])
		}
	}
	if target == "" || target[0] == '?' {
		target = "/" + target
	}
	addr := host
	if strings.LastIndexByte(host, ':') <= strings.LastIndexByte(host, ']') {
		addr += ":80"
	}
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(conn, "GET "+target+" HTTP/1.1\r\nConnection: close\r\nHost: "+host+"\r\n\r\n"); err != nil {
		return err
	}
	r, w := io.Pipe()
	go func() { w.CloseWithError(receive(conn, w)) }()
	_, err = io.Copy(out, r)
	return err
}

func cutFold(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

// receive writes the body of the answer to w. Its error is nil when all is there.
func receive(conn net.Conn, w io.Writer) error {
	in := bufio.NewReaderSize(conn, 20000) // a line that does not fit is too long
	line := func() (string, error) {
		s, err := in.ReadSlice('\n')
		if err != nil {
			return "", fmt.Errorf("in a line: %w", err)
		}
		return strings.TrimRight(string(s), "\r\n"), nil
	}
	for heads := 0; ; heads++ {
		status, err := line()
		if err != nil {
			return err
		}
		if len(status) < 12 || status[:7] != "HTTP/1." || strings.Trim(status[7:8]+status[9:12], "0123456789") != "" || status[8] != ' ' || len(status) > 12 && status[12] != ' ' {
			return fmt.Errorf("no status line: %.60q", status)
		}
		length, coded, chunked, faulty := int64(-1), false, false, ""
		for lines := 0; ; lines++ {
			s, err := line()
			if err != nil {
				return err
			}
			if s == "" {
				break
			}
			if lines > 5000 || heads > 100 {
				return fmt.Errorf("too many lines")
			}
			name, value, ok := strings.Cut(s, ":")
			if !ok {
				faulty = "no colon"
			}
			value = strings.Trim(value, " \t")
			switch strings.ToLower(name) {
			case "content-length":
				n, ok := count(value, 10)
				if !ok || length >= 0 && n != length {
					faulty = "the length"
				}
				length = n
			case "transfer-encoding":
				coded, chunked = true, strings.EqualFold(value, "chunked")
			}
		}
		code := status[9:12]
		switch {
		case code[0] == '1' && code != "101":
			continue
		case code[0] != '2':
			return fmt.Errorf("the server says %s", code)
		case code == "204":
			return nil
		case faulty != "":
			return fmt.Errorf("a broken head: %s", faulty)
		case coded && !chunked:
			return fmt.Errorf("an unknown coding")
		case !coded && length < 0:
			_, err := in.WriteTo(w)
			return err
		case !coded:
			return exactly(w, in, length)
		}
		for {
			s, err := line()
			if err != nil {
				return err
			}
			s, _, _ = strings.Cut(s, ";")
			n, ok := count(strings.TrimRight(s, " \t"), 16)
			if !ok {
				return fmt.Errorf("the size %.40q", s)
			}
			if n == 0 {
				break
			}
			if err := exactly(w, in, n); err != nil {
				return err
			}
			if end, err := in.ReadByte(); err != nil || end != '\r' {
				return fmt.Errorf("behind a chunk: %q %w", end, err)
			}
			if end, err := in.ReadByte(); err != nil || end != '\n' {
				return fmt.Errorf("behind a chunk: %q %w", end, err)
			}
		}
		for {
			if s, err := line(); err != nil || s == "" {
				return err
			}
		}
	}
}

func exactly(w io.Writer, r io.Reader, n int64) error {
	done, err := io.Copy(w, io.LimitReader(r, n))
	if err == nil && done < n {
		err = io.ErrUnexpectedEOF
	}
	return err
}

// count reads a number of at most 63 bits by hand.
func count(s string, base int64) (n int64, ok bool) {
	for _, c := range []byte(strings.ToLower(s)) {
		d := int64(strings.IndexByte("0123456789abcdef", c))
		if d < 0 || d >= base || n > (1<<63-1-d)/base {
			return 0, false
		}
		n = n*base + d
	}
	return n, s != ""
}
