package main

import (
	"fmt"
	"net"
	"os"
	"os/signal"
	"sync"
	"syscall"
)

// A queue never blocks who puts something in: a client that does not read must not
// keep us from hearing it.
type queue struct {
	sync.Mutex
	sync.Cond
	answers int
	over    bool
}

func server(addr string) int {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGINT, syscall.SIGTERM)
	fmt.Println("listening on", l.Addr())

	records := make(chan string)
	go func() {
		for r := range records {
			os.Stdout.WriteString(r + "\n")
		}
	}()
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				os.Exit(1)
			}
			go visit(conn, records)
		}
	}()
	<-stop
	return 0
}

func visit(conn net.Conn, records chan<- string) {
	who := conn.RemoteAddr().String()
	records <- "connected " + who
	q := &queue{}
	q.L = &q.Mutex
	done := make(chan bool)
	go func() {
		conn.Write([]byte("欢迎使用xx系统，请输入您想要办理的业务！"))
		for q.next() {
			if _, err := conn.Write([]byte("你说啥？")); err != nil {
				break
			}
		}
		close(done)
	}()
	buf := make([]byte, 4096)
	for {
		n, err := conn.Read(buf)
		if n > 0 {
			records <- who + ": " + string(buf[:n])
			q.put(1, false)
		}
		if err != nil {
			break
		}
	}
	q.put(0, true)
	<-done
	conn.Close()
	records <- "left " + who
}

func (q *queue) put(n int, over bool) {
	q.Lock()
	q.answers += n
	q.over = q.over || over
	q.Unlock()
	q.Signal()
}

// next waits for an answer that is due; false: no more will be.
func (q *queue) next() bool {
	q.Lock()
	defer q.Unlock()
	for q.answers == 0 && !q.over {
		q.Wait()
	}
	if q.answers == 0 {
		return false
	}
	q.answers--
	return true
}
