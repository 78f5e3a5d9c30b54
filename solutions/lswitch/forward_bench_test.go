package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"wirebook/harness/devicetest"
)

// copier is set in a process that is no switch, and is started like one of two ports:
// a bare loop that copies datagrams from the first to the end of the second's cable.
const copier = "WIREBOOK_LSWITCH_COPIER"

func init() {
	if os.Getenv(copier) == "" {
		return
	}
	must := func(err error) {
		if err != nil {
			panic(err)
		}
	}
	in, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	must(err)
	_, end, _ := strings.Cut(os.Args[len(os.Args)-1], ",")
	out, err := net.ResolveUDPAddr("udp4", end)
	must(err)
	fmt.Printf("listening on p0 %s\nlistening on p1 %[1]s\n", in.LocalAddr())
	go func() {
		for buf := make([]byte, 1<<16); ; {
			n, err := in.Read(buf)
			must(err)
			_, err = in.WriteToUDP(buf[:n], out)
			must(err)
		}
	}()
	io.Copy(io.Discard, os.Stdin)
	os.Exit(0)
}

// BenchmarkForwarding measures how fast frames pass from port to port, in turns with the
// bare loop: the ratio of the two speeds.
func BenchmarkForwarding(b *testing.B) {
	const frames, underWay = 20_000, 50
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	ours := start(b, devicetest.Build(b, "."), 2)
	b.Setenv(copier, "1")
	bare := start(b, self, 2)
	f := frame{dst: mac{2, 0, 0, 0, 0, 2}, src: mac{2, 0, 0, 0, 0, 1}, rest: make([]byte, 1502)}.pack(0)
	pass := func(m *process) time.Duration {
		began := time.Now()
		for n := range frames {
			m.send(0, f)
			if n >= underWay {
				m.next(1)
			}
		}
		for range underWay {
			m.next(1)
		}
		return time.Since(began)
	}
	var switched, copied time.Duration
	for b.Loop() {
		switched += pass(ours)
		copied += pass(bare)
	}
	b.ReportMetric(copied.Seconds()/switched.Seconds(), "of-a-bare-loop")
	b.ReportMetric(0, "ns/op")
}
