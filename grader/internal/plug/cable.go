package plug

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"net"
	"net/netip"
	"sync"
	"time"
)

// A cable carries what is sent into one of its ends to all others. With two ends it is a
// cable, with more a hub.
type cable struct {
	name  string
	ends  []end
	fault fault
	// seen is told of each frame when it is sent.
	seen func(passing)
}

// An end of a cable is where somebody is connected: a Read is a frame that he sends, a
// Write one that he gets.
type end struct {
	name string
	io.ReadWriteCloser
}

// A passing is a frame that was sent into a cable.
type passing struct {
	at    time.Time
	cable *cable
	from  int // the end
	frame []byte
	lost  bool
}

// A fault says how a cable misbehaves.
type fault struct {
	loss  float64 // of how many frames, 0 to 1
	delay time.Duration
	seed  int64
}

// A dice decides which frames of one end are lost.
type dice struct {
	loss float64
	*rand.Rand
}

// dice are those of an end of a cable. What one decides does not depend on when others are
// asked.
func (f fault) dice(cable string, end int) dice {
	stream := uint64(end)
	for _, c := range []byte(cable) {
		stream = stream*31 + uint64(c)
	}
	return dice{f.loss, rand.New(rand.NewPCG(uint64(f.seed), stream))}
}

// loses decides about the next frame.
func (d dice) loses() bool { return d.Float64() < d.loss }

// mostUnderWay is how many frames of one end have room in a slow cable. What is more is
// lost.
const mostUnderWay = 10_000

// carry carries frames until the ends are closed, or ctx is over for those under way.
func (c *cable) carry(ctx context.Context) {
	var all sync.WaitGroup
	for i := range c.ends {
		way := make(chan passing, mostUnderWay)
		all.Go(func() { c.read(i, way) })
		all.Go(func() { c.deliver(ctx, way) })
	}
	all.Wait()
}

// read takes what is sent into an end.
func (c *cable) read(from int, way chan<- passing) {
	defer close(way)
	d := c.fault.dice(c.name, from)
	buf := make([]byte, 1<<16)
	for {
		n, err := c.ends[from].Read(buf)
		if err != nil {
			return // it is closed
		}
		p := passing{time.Now(), c, from, bytes.Clone(buf[:n]), d.loses() || len(way) == cap(way)}
		c.seen(p)
		if !p.lost {
			way <- p
		}
	}
}

// deliver hands frames of one end to the others, in order, each when its time has come.
func (c *cable) deliver(ctx context.Context, way <-chan passing) {
	for p := range way {
		if c.fault.delay > 0 {
			select {
			case <-time.After(time.Until(p.at.Add(c.fault.delay))):
			case <-ctx.Done():
				continue
			}
		}
		for i, e := range c.ends {
			if i != p.from {
				_, _ = e.Write(p.frame) // a cable does not mind who is there
			}
		}
	}
}

// A socket is a device's end of a cable: what the device sends to it comes from one
// address, which is known when the device listens.
type socket struct {
	*net.UDPConn
	device netip.AddrPort
}

func newSocket() (*socket, error) {
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	return &socket{UDPConn: conn}, err
}

func (s *socket) Read(b []byte) (int, error) {
	for {
		n, from, err := s.ReadFromUDPAddrPort(b)
		if err != nil || netip.AddrPortFrom(from.Addr().Unmap(), from.Port()) == s.device {
			return n, err
		}
	}
}

func (s *socket) Write(b []byte) (int, error) { return s.WriteToUDPAddrPort(b, s.device) }
