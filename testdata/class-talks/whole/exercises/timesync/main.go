package main

import (
	"flag"
	"fmt"
	"log"
	"net"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"
	_ "time/tzdata"
	"unicode"
)

func main() {
	log.SetFlags(0)
	role := ""
	if len(os.Args) > 1 {
		role = os.Args[1]
	}
	flags := flag.NewFlagSet("timesync", flag.ExitOnError)
	misuse := func() { log.Println("wrong arguments"); flags.Usage(); os.Exit(2) }
	switch role {
	case "server":
		listen := flags.String("listen", "", "")
		at := flags.String("at", "", "")
		flags.Parse(os.Args[2:])
		still, err := time.Parse(time.RFC3339, *at)
		if *at != "" && err != nil || flags.NArg() > 0 || !isAddr(*listen) {
			misuse()
		}
		now := func() time.Time { return time.Now() }
		if *at != "" {
			now = func() time.Time { return still }
		}
		serve(*listen, now)
	case "client":
		count := flags.Int("count", 1, "")
		interval := flags.Duration("interval", 2*time.Second, "")
		wait := flags.Duration("wait", time.Second, "")
		flags.Parse(os.Args[2:])
		if flags.NArg() != 2 || !isAddr(flags.Arg(0)) || *count < 1 || *interval < 0 || *wait <= 0 {
			misuse()
		}
		ask(flags.Arg(0), flags.Arg(1), *count, *interval, *wait)
	default:
		misuse()
	}
}

func isAddr(text string) bool {
	_, port, err := net.SplitHostPort(text)
	return err == nil && port != ""
}

type question struct {
	text []byte
	from net.Addr
}

func serve(listen string, now func() time.Time) {
	if loc, err := time.LoadLocation(os.Getenv("TZ")); os.Getenv("TZ") != "" && err == nil {
		time.Local = loc
	}
	conn, err := net.ListenPacket("udp", listen)
	if err != nil {
		log.Fatal(err)
	}
	stop := make(chan os.Signal, 2)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM)
	questions := make(chan question, 100)
	go func() {
		for {
			buf := make([]byte, 66000)
			n, from, err := conn.ReadFrom(buf)
			if err == nil {
				questions <- question{buf[:n], from}
			}
		}
	}()
	fmt.Println("listening on", conn.LocalAddr())
	var all sync.WaitGroup
	for {
		select {
		case q := <-questions:
			all.Add(1)
			go func() {
				defer all.Done()
				m := &machine{now: now().In(time.Local)}
				for _, c := range q.text {
					m.feed(c)
				}
				if m.percent {
					m.out = append(m.out, '%')
				}
				if len(m.out) > 1024 {
					m.out = []byte("error: too long")
				}
				conn.WriteTo(m.out, q.from)
			}()
		case <-stop:
			all.Wait()
			return
		}
	}
}

// A machine is fed a format byte by byte.
type machine struct {
	now     time.Time
	percent bool
	out     []byte
}

func (m *machine) feed(c byte) {
	switch {
	case m.percent:
		m.percent = false
		m.directive(c)
	case c == '%':
		m.percent = true
	default:
		m.out = append(m.out, c)
	}
}

func (m *machine) feeds(format string) {
	for i := range len(format) {
		m.feed(format[i])
	}
}

const (
	letters = "aAbhBdeHIjmMpSyYzZ"
	layouts = "Mon|Monday|Jan|Jan|January|02|_2|15|03|002|01|04|PM|05|06|2006|-0700|MST"
)

func (m *machine) directive(c byte) {
	put := func(format string, args ...any) { m.out = fmt.Appendf(m.out, format, args...) }
	if i := strings.IndexByte(letters, c); i >= 0 {
		m.out = m.now.AppendFormat(m.out, strings.Split(layouts, "|")[i])
		return
	}
	year, week := m.now.ISOWeek()
	monday := (int(m.now.Weekday()) + 6) % 7
	switch c {
	case '%':
		put("%%")
	case 'n':
		put("\n")
	case 't':
		put("\t")
	case 'C':
		put("%02d", m.now.Year()/100)
	case 'D', 'x':
		m.feeds("%m/%d/%y")
	case 'F':
		m.feeds("%Y-%m-%d")
	case 'R':
		m.feeds("%H:%M")
	case 'T', 'X':
		m.feeds("%R:%S")
	case 'r':
		m.feeds("%I:%M:%S %p")
	case 'c':
		m.feeds("%a %b %e %T %Y")
	case 'G':
		put("%d", year)
	case 'g':
		put("%02d", year%100)
	case 'V':
		put("%02d", week)
	case 's':
		put("%d", m.now.Unix())
	case 'u':
		put("%d", monday+1)
	case 'w':
		put("%d", m.now.Weekday())
	case 'U':
		put("%02d", (m.now.YearDay()+6-int(m.now.Weekday()))/7)
	case 'W':
		put("%02d", (m.now.YearDay()+6-monday)/7)
	default:
		m.out = append(m.out, '%', c)
	}
}

func ask(addr, format string, count int, interval, wait time.Duration) {
	var before net.Conn
	for i := range count {
		if i > 0 {
			<-time.NewTimer(interval).C
		}
		conn, err := net.Dial("udp", addr)
		if err != nil {
			log.Fatal(err)
		}
		conn.(*net.UDPConn).SetWriteBuffer(1 << 17)
		if before != nil {
			before.Close()
		}
		before = conn
		answers, failed := make(chan string, 1), make(chan error, 1)
		go func() {
			buf := make([]byte, 66000)
			if n, err := conn.Read(buf); err == nil {
				answers <- string(buf[:n])
			} else {
				failed <- err
			}
		}()
		fmt.Println(clean(await(conn, format, wait, answers, failed)))
	}
}

func await(conn net.Conn, format string, wait time.Duration, answers <-chan string, failed <-chan error) string {
	timeout := time.NewTimer(0)
	for tries := 0; ; {
		select {
		case <-timeout.C:
			if tries++; tries > 3 {
				log.Fatal("nobody answers")
			}
			if _, err := conn.Write([]byte(format)); err != nil {
				log.Fatal(err)
			}
			timeout.Reset(wait)
		case answer := <-answers:
			return answer
		case err := <-failed:
			log.Fatal(err)
		}
	}
}

func clean(text string) string {
	var b strings.Builder
	for _, r := range text {
		if unicode.Is(unicode.Cc, r) {
			r = unicode.ReplacementChar
		}
		b.WriteRune(r)
	}
	return b.String()
}
