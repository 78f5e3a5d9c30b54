package cable

import (
	"net/netip"
	"strings"

	"wirebook/harness/internal/frame"
	"wirebook/harness/internal/play"
)

// Frames and typed lines reach a device by two ways; what a script says first must
// be first. The kernel tells when a device has dealt with the frames. Where it cannot
// tell, a frame follows them whose effect is known and which changes nothing: a host
// answers a probe for its own address, a switch passes on what is for all.

// BeforeTyping waits until a device has dealt with the frames that were sent to it.
func (e *plug) BeforeTyping(p *play.Play, g *play.Program) error {
	if e.program != g.Name || !e.sent {
		return nil
	}
	if err := p.Settle("come to rest before something is typed"); err != nil {
		return err
	}
	if p.Blind() && !e.closed {
		if _, err := e.pass(p); err != nil {
			return err
		}
	}
	e.sent, e.typed = false, e.spoke.count
	return nil
}

// awaitTaken waits until the program has taken the frames that were sent to it.
func (e *plug) awaitTaken(p *play.Play) error {
	if p.Blind() {
		if passed, err := e.pass(p); passed || err != nil {
			return err
		}
		return p.Settle("take the frames that it was sent")
	}
	err := p.Await(func() (bool, error) { return e.Settled(), nil })
	return p.InVain(err, func(v *play.Vain) error {
		return p.Failf("%s should take the frames that %s sent; %s", e.program, e.name, v.What())
	})
}

// pass sends such a frame and waits for its effect, if there is one.
func (e *plug) pass(p *play.Play) (passed bool, err error) {
	g, err := p.Program(e.program)
	if err != nil {
		return false, err
	}
	if host, fields, ok := ownAddress(g.Args, e.Addr().String()); ok {
		probe, err := frame.Probe(host, fields...)
		if err != nil {
			return false, err
		}
		return true, e.follow(p, probe, e, frame.AnswersProbe, "answer a probe for its own address")
	}
	if v := e.spoke.latest(e); v != nil {
		for other := range play.Peers[*plug](p) {
			other.marks = true
		}
		return true, e.follow(p, frame.Mark(v.from), v.out, frame.IsMark, "pass on a frame that is for all")
	}
	return false, nil
}

// follow sends a frame behind the others and waits until what it leads to comes out
// of a cable. What comes there before stays.
func (e *plug) follow(p *play.Play, b []byte, out *plug, comes func(frame []byte) bool, should string) error {
	e.observe(p, b)
	if err := e.Send(b); err != nil {
		return err
	}
	var before []Frame
	err := p.Await(func() (bool, error) {
		for {
			f, ok := out.Next()
			if !ok {
				return false, nil
			}
			if comes(f.Bytes) {
				return true, nil
			}
			before = append(before, f)
		}
	})
	out.early = append(out.early, before...)
	return p.InVain(err, func(v *play.Vain) error {
		return p.Failf("%s should %s; %s", e.program, should, v.What())
	})
}

// ownAddress finds the address that a device is given among its arguments for the
// cable to remote: 10.0.0.1/24, or for one of several NAME=10.0.0.1/24, or for a VLAN
// of it NAME.VLAN=10.0.0.1/24. The fields are those of a frame to it.
func ownAddress(args []string, remote string) (addr string, fields []string, ok bool) {
	port := ""
	for _, arg := range args {
		if local, found := strings.CutSuffix(arg, ","+remote); found {
			port, _, _ = strings.Cut(local, "=")
		}
	}
	for _, arg := range args {
		name, cidr, named := strings.Cut(arg, "=")
		if !named {
			cidr = arg
		}
		prefix, err := netip.ParsePrefix(cidr)
		if err != nil {
			continue
		}
		on, vlan, tagged := strings.Cut(name, ".")
		switch {
		case named && on != port:
			continue
		case named && tagged:
			fields = []string{"vlan=" + vlan}
		}
		return prefix.Addr().String(), fields, true
	}
	return "", nil, false
}

// spoken is which stations have sent frames over the cables of a play.
type spoken struct {
	count  int // of frames
	voices map[*plug]map[frame.Station]*voice
}

// A voice is a station that has been heard on a cable.
type voice struct {
	from frame.Station
	last int   // the number of its last frame
	out  *plug // where a frame of it came out; nil if that was not seen
}

// sent notes the sender of a frame.
func (s *spoken) sent(on *plug, b []byte) {
	s.count++
	from := frame.Sender(b)
	if from == "" {
		return
	}
	if s.voices[on] == nil {
		s.voices[on] = make(map[frame.Station]*voice)
	}
	v := s.voices[on][from]
	if v == nil {
		v = &voice{from: from}
		s.voices[on][from] = v
	}
	v.last = s.count
}

// came notes where a station's frame came out. One that was heard with several tags
// may have sent it with any.
func (s *spoken) came(out *plug, b []byte) {
	mac := frame.Sender(b).MAC()
	for on, voices := range s.voices {
		var of []*voice
		for from, v := range voices {
			if on != out && on.program == out.program && from.MAC() == mac {
				of = append(of, v)
			}
		}
		if len(of) == 1 {
			of[0].out = out
		}
	}
}

// latest is the last station heard on a cable that a switch knows to be there and
// whose frames come out at another: from which one more teaches it nothing, since the
// device's clock has not moved. It is nil where there is none.
func (s *spoken) latest(on *plug) (best *voice) {
	moved := make(map[string]int)
	for other, voices := range s.voices {
		for from, v := range voices {
			if other != on {
				moved[from.MAC()] = max(moved[from.MAC()], v.last)
			}
		}
	}
	for from, v := range s.voices[on] {
		if v.last > on.typed && v.out != nil && !v.out.closed && v.last > moved[from.MAC()] && (best == nil || v.last > best.last) {
			best = v
		}
	}
	return best
}
