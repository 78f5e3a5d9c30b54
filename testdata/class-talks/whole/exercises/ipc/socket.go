package main

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"net"
	"os"
	"strings"
	"sync"
)

func listen(path string) (*net.UnixListener, error) {
	unlock, err := lockFile(path + ".lock")
	if err != nil {
		return nil, err
	}
	defer unlock()
	switch info, err := os.Lstat(path); {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, err
	case info.Mode()&fs.ModeSocket == 0:
		return nil, errors.New("no socket: " + path)
	default:
		c, err := net.Dial("unix", path)
		if c != nil {
			c.Close()
			return nil, errors.New("taken: " + path)
		}
		if !nobodyListens(err) {
			return nil, err
		}
		if err := os.Remove(path); err != nil {
			return nil, err
		}
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, err
	}
	return l.(*net.UnixListener), os.Chmod(path, 0o600)
}

// serve keeps all connections, so that it can close them at the end.
func serve(listener *net.UnixListener, stop <-chan os.Signal) error {
	var mu sync.Mutex
	open := make(map[*net.UnixConn]bool)
	var all sync.WaitGroup
	go func() {
		<-stop
		listener.Close()
		mu.Lock()
		defer mu.Unlock()
		for c := range open {
			c.Close()
		}
	}()
	for {
		conn, err := listener.AcceptUnix()
		if errors.Is(err, net.ErrClosed) {
			all.Wait()
			return nil
		}
		if err != nil {
			return err
		}
		mu.Lock()
		open[conn] = true
		mu.Unlock()
		all.Go(func() {
			answer(conn)
			conn.Close()
			mu.Lock()
			defer mu.Unlock()
			delete(open, conn)
		})
	}
}

// answer has one goroutine that reads and one that writes.
func answer(conn *net.UnixConn) {
	lines := make(chan string)
	done := make(chan bool)
	go func() {
		defer close(done)
		prefix := "uid=" + peerUID(conn) + " "
		broken := false
		for line := range lines {
			if broken {
				continue
			}
			if _, err := io.WriteString(conn, prefix); err != nil {
				broken = true
				continue
			}
			io.WriteString(conn, line)
			io.WriteString(conn, "\n")
		}
	}()
	r := bufio.NewReader(conn)
	for {
		line, err := r.ReadString('\n')
		if line != "" {
			lines <- strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
		}
		if err != nil {
			break
		}
	}
	close(lines)
	<-done
}

// talk prints whole lines.
func talk(conn *net.UnixConn, keyboard io.Reader, screen io.Writer) error {
	defer conn.Close()
	closed := make(chan error)
	go func() {
		r := bufio.NewReader(conn)
		for {
			line, err := r.ReadString('\n')
			if line != "" && err != nil {
				line += "\n"
			}
			io.WriteString(screen, line)
			if err != nil {
				closed <- err
				return
			}
		}
	}()
	typed := make(chan string)
	go func() {
		defer close(typed)
		r := bufio.NewReader(keyboard)
		for {
			line, err := r.ReadString('\n')
			if line != "" {
				typed <- strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
			}
			if err != nil {
				return
			}
		}
	}()
	for {
		select {
		case err := <-closed:
			return err
		case line, more := <-typed:
			if more && strings.ToLower(line) != "q" {
				sent := make(chan bool)
				go func() { io.WriteString(conn, line+"\n"); close(sent) }()
				select {
				case <-sent:
				case err := <-closed:
					return err
				}
				continue
			}
			conn.CloseWrite()
			<-closed
			return nil
		}
	}
}
