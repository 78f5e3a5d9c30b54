package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"wirebook/harness/devicetest"
)

// frameCount is how many frames are sent in all.
const frameCount = 100_000

// The model program and every variant do the same with the same frames and ticks:
// what comes out of each port, and the table. Two VLANs have ports of all kinds.
func TestVariantsDoTheSame(t *testing.T) {
	count := frameCount
	if testing.Short() {
		count = 2_000
	}
	programs := devicetest.Programs(t, "main.go", "config.go", "port.go")
	var machines []*process
	for _, program := range programs {
		machines = append(machines, start(t, program.Path, 5, "-age", "4s", "-max", "9",
			"-access", "p0=10", "-access", "p1=10", "-access", "p2=20", "-trunk", "p3=10,20", "-trunk", "p4=20,native=10"))
	}
	in := []port{
		{untagged: 10}, {untagged: 10}, {untagged: 20},
		{trunk: true, tagged: map[int]bool{10: true, 20: true}}, {trunk: true, untagged: 10, tagged: map[int]bool{20: true}},
	}
	g := &generator{Rand: rand.New(rand.NewPCG(1, 2)), ports: in, tags: true}
	for sent := 0; sent < count; {
		burst := g.burst()
		sent += len(burst.frames)
		var first []string
		for i, m := range machines {
			got := burst.play(t, m, in)
			m.Type(burst.line)
			got = append(got, m.macs()...)
			if i == 0 {
				first = got
			} else if !slices.Equal(got, first) {
				t.Fatalf("%s differs from the solution after\n%v got %q\nwant %q", programs[i].Name, burst, got, first)
			}
		}
	}
}

// A burst is frames that come in by one port, and a line that is typed then.
type burst struct {
	port   int
	frames [][]byte
	line   string
}

func (b burst) String() string {
	text := ""
	for _, f := range b.frames {
		text += fmt.Sprintf("p%d % x\n", b.port, f)
	}
	return text + b.line + "\n"
}

// play returns what comes of the burst's frames, port by port. A mark
// to all in each VLAN of the port, behind the frames, tells that nothing more comes.
// What a mark teaches is the same in all machines.
func (b burst) play(t testing.TB, m machine, ports []port) (result []string) {
	t.Helper()
	for _, f := range b.frames {
		m.send(b.port, f)
	}
	waits := make(map[int]int) // for how many marks
	for _, vlan := range []int{1, 10, 20} {
		tag, ok := ports[b.port].tagOf(vlan)
		if !ok {
			continue
		}
		m.send(b.port, mark(tag))
		for out := range ports {
			if _, ok := ports[out].tagOf(vlan); ok && out != b.port {
				waits[out]++
			}
		}
	}
	for out := range ports {
		for waits[out] > 0 {
			f := m.next(out)
			if bytes.HasSuffix(f, marked) {
				waits[out]--
				continue
			}
			result = append(result, fmt.Sprintf("p%d %x", out, f))
		}
	}
	return result
}

var marked = []byte("a mark")

// mark is a frame to all from a station of our own.
func mark(vlan int) []byte {
	f := frame{dst: mac{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, src: mac{2, 0, 0, 0, 1, byte(vlan)}, rest: append([]byte{0x88, 0xb5}, marked...)}
	return f.pack(vlan)
}

// tagOf is the tag that frames of a VLAN have at the port, 0 for none; false if the
// port is not in it.
func (p port) tagOf(vlan int) (tag int, ok bool) {
	switch {
	case p.untagged == vlan:
		return 0, true
	case p.tagged[vlan]:
		return vlan, true
	}
	return 0, false
}

// A generator makes bursts in which nothing is free that could show.
type generator struct {
	*rand.Rand
	ports []port
	tags  bool // among the frames are some with tags
	plain bool // and no frame is very short, no tag drop-eligible
}

func (g *generator) burst() burst {
	b := burst{port: g.IntN(len(g.ports)), line: "tick " + [...]string{"0s", "0s", "1s", "2s", "999ms", "1ms"}[g.IntN(6)]}
	for range 20 + g.IntN(28) { // with the marks, no more than 50 are under way
		b.frames = append(b.frames, g.frame())
	}
	return b
}

// frame makes a frame of stations, most of which are in the table.
func (g *generator) frame() []byte {
	station := func() mac { return mac{2, 0, 0, 0, 0, byte(g.IntN(10))} }
	f := frame{src: station(), dst: station(), bits: uint16(g.IntN(16)) << 12, rest: make([]byte, 2+g.IntN(80))}
	if g.plain {
		f.rest = append(f.rest, 0, 0)
	}
	if f.src[5] == 0 {
		f.src[5] = 0x10
	}
	for f.dst == f.src {
		f.dst = station()
	}
	if g.IntN(4) == 0 {
		f.dst = [...]mac{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, {1, 0, 0x5e, 0, 0, 1}, {1, 0x80, 0xc2, 0, 0, 0x10}}[g.IntN(3)]
	}
	for i := range f.rest {
		f.rest[i] = byte(g.Uint32())
	}
	if !g.tags {
		binary.BigEndian.PutUint16(f.rest, 0x88b5)
		return f.pack(0)
	}
	if g.IntN(8) == 0 {
		binary.BigEndian.PutUint16(f.rest, typeTag)
	}
	if g.IntN(2) == 0 {
		return f.pack(0)
	}
	b := f.pack([...]int{10, 10, 20, 20, 20, 1, 30, 4095}[g.IntN(8)])
	if g.IntN(8) == 0 {
		b[14], b[15] = byte(f.bits>>8), 0
	}
	if g.plain {
		b[14] &^= 0x10
	} else if g.IntN(16) == 0 {
		b = b[:14+g.IntN(4)]
	}
	return b
}
