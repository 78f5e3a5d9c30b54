package main

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"
)

// bareLoop is the variable of the environment that makes of the test the barest program:
// a loop that sends datagrams back.
const bareLoop = "WIREBOOK_BARE_LOOP"

func init() {
	if os.Getenv(bareLoop) != "" {
		sendBack()
		os.Exit(0)
	}
}

func sendBack() {
	conn, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.MustParseAddrPort("127.0.0.1:0")))
	if err != nil {
		panic(err)
	}
	fmt.Printf("listening on %v\n", conn.LocalAddr())
	for buf := make([]byte, 4096); ; {
		n, from, err := conn.ReadFromUDPAddrPort(buf)
		if err == nil {
			_, err = conn.WriteToUDPAddrPort(buf[:n], from)
		}
		if err != nil && errors.Is(err, net.ErrClosed) {
			return
		}
	}
}

const (
	perRound    = 20_000 // questions
	underWay    = 32     // at once
	ratioMin    = 0.2    // of the bare loop's speed
	undelayed   = 0.5    // of the own speed, with a silent server behind a hundred other questions
	silentNames = 100
)

// BenchmarkCached asks for what the cache knows, on one core, and sends as many datagrams
// to a loop that sends them back, in turns; it compares the medians. Then it does the same
// with a hundred other questions waiting for a server that is silent.
func BenchmarkCached(b *testing.B) {
	isp := startServer(b)
	defer isp.Close()
	model := startOnOneCore(b, exec.Command(build(b), "resolver", "-listen", "127.0.0.1:0", "-server", isp.LocalAddr().String()))
	busy := startOnOneCore(b, exec.Command(build(b), "resolver", "-listen", "127.0.0.1:0", "-server", isp.LocalAddr().String()))
	bare := startOnOneCore(b, exec.Command(os.Args[0]), bareLoop+"=1")

	known := question{name: mustName("www.example.test"), typ: typeA, class: classIN}
	for _, r := range []*peer{model, busy} {
		exchange(b, r.addr, known, 1) // into the cache
	}
	for i := range silentNames {
		send(b, busy.addr, question{name: mustName(fmt.Sprintf("silent%d.test", i)), typ: typeA, class: classIN})
	}
	times := make(map[*peer][]time.Duration)
	b.ResetTimer()
	for i := range b.N {
		order := []*peer{model, busy, bare}
		for range i % 3 { // none shall always be the first
			order = append(order[1:], order[0])
		}
		for _, p := range order {
			began := time.Now()
			exchange(b, p.addr, known, perRound)
			times[p] = append(times[p], time.Since(began))
		}
	}
	b.StopTimer()

	middle := func(p *peer) float64 {
		sorted := slices.Sorted(slices.Values(times[p]))
		return sorted[len(sorted)/2].Seconds()
	}
	ratio, delayed := middle(bare)/middle(model), middle(model)/middle(busy)
	b.ReportMetric(middle(model)/perRound*1e6, "µs/question")
	b.ReportMetric(middle(bare)/perRound*1e6, "µs/bare")
	b.ReportMetric(ratio, "ratio")
	b.ReportMetric(delayed, "ratio-silent")
	if b.N == 1 {
		return // the warming up
	}
	if ratio < ratioMin {
		b.Errorf("answers from the cache have %.2f of the bare loop's speed, want %.2f", ratio, ratioMin)
	}
	if delayed < undelayed {
		b.Errorf("with %d questions under way to a silent server, answers from the cache have %.2f of their speed, want %.2f", silentNames, delayed, undelayed)
	}
}

func startOnOneCore(b *testing.B, cmd *exec.Cmd, env ...string) *peer {
	b.Helper()
	cmd.Env = append(append(os.Environ(), "GOMAXPROCS=1"), env...)
	p := startCmd(b, cmd)
	p.listening()
	return p
}

// startServer answers one name and no other.
func startServer(b *testing.B) *net.UDPConn {
	b.Helper()
	conn, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.MustParseAddrPort("127.0.0.1:0")))
	if err != nil {
		b.Fatal(err)
	}
	go func() {
		for buf := make([]byte, 4096); ; {
			n, from, err := conn.ReadFromUDPAddrPort(buf)
			if err != nil {
				return
			}
			m, err := unpack(buf[:n])
			if err != nil || m.questions[0].name.fold() != mustName("www.example.test") {
				continue
			}
			m.qr, m.ra = true, true
			m.answer = []record{{name: m.questions[0].name, typ: typeA, class: classIN, ttl: 86400, data: []byte{203, 0, 113, 80}}}
			conn.WriteToUDPAddrPort(pack(m, nil), from)
		}
	}()
	return conn
}

func mustName(text string) name {
	n, err := parseName(text)
	if err != nil {
		panic(err)
	}
	return n
}

// exchange sends a question so many times, some at once, and waits for what comes back.
func exchange(b *testing.B, addr string, q question, times int) {
	b.Helper()
	conn, err := net.Dial("udp", addr)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	b2 := pack(&message{header: header{rd: true}, questions: []question{q}}, nil)
	buf := make([]byte, 4096)
	sent := 0
	for got := 0; got < times; got++ {
		for ; sent < times && sent-got < underWay; sent++ {
			if _, err := conn.Write(b2); err != nil {
				b.Fatal(err)
			}
		}
		conn.SetReadDeadline(time.Now().Add(30 * time.Second))
		if _, err := conn.Read(buf); err != nil {
			b.Fatal(err)
		}
	}
}

// send sends one question and does not wait.
func send(b *testing.B, addr string, q question) {
	b.Helper()
	conn, err := net.Dial("udp", addr)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { conn.Close() })
	if _, err := conn.Write(pack(&message{header: header{rd: true}, questions: []question{q}}, nil)); err != nil {
		b.Fatal(err)
	}
}
