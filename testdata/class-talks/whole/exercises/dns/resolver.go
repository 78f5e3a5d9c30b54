package main

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"strings"
	"sync"
	"time"
)

// A resolver is a loop: what happens is handed to it as functions, which it calls one by
// one. So nothing in it needs a lock, and whoever has to wait says what is to be done then.
type resolver struct {
	config
	clock *clock
	do    chan func()

	hosts   map[name]*[2][]netip.Addr // IPv4, IPv6
	nodes   map[name]*node
	zones   map[name]*cut
	flights map[question][]func(result)
}

// A node is what is known of a name.
type node struct {
	gone  *set
	sets  map[uint16]*set
	empty map[uint16]*set
}

// A set is records and when they expire; for "nothing" an SOA, or no record.
type set struct {
	records []record
	ends    time.Duration
}

type result struct {
	rcode uint8
	sets  []*set
	soa   *set
}

func newResolver(c config, clock *clock) (*resolver, error) {
	r := &resolver{
		config: c, clock: clock, do: make(chan func()),
		hosts: make(map[name]*[2][]netip.Addr), nodes: make(map[name]*node),
		zones: make(map[name]*cut), flights: make(map[question][]func(result)),
	}
	if c.hosts != "" {
		f, err := os.Open(c.hosts)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		for in := bufio.NewReader(f); ; {
			line, err := in.ReadString('\n')
			r.addHosts(line)
			if err == io.EOF {
				break
			}
			if err != nil {
				return nil, err
			}
		}
	}
	return r, nil
}

func (r *resolver) addHosts(line string) {
	if i := strings.IndexByte(line, '#'); i >= 0 {
		line = line[:i]
	}
	words := strings.Fields(line)
	if len(words) == 0 {
		return
	}
	ip, err := netip.ParseAddr(words[0])
	if err != nil || len(words) == 1 {
		fmt.Fprintf(os.Stderr, "the hosts file has the line %q\n", line)
		return
	}
	for _, word := range words[1:] {
		n, err := parseName(word)
		if err != nil {
			fmt.Fprintf(os.Stderr, "the hosts file has the name %q\n", word)
			continue
		}
		if r.hosts[n.fold()] == nil {
			r.hosts[n.fold()] = new([2][]netip.Addr)
		}
		family := 0
		if ip.Is6() {
			family = 1
		}
		r.hosts[n.fold()][family] = append(r.hosts[n.fold()][family], ip)
	}
}

func (r *resolver) serve(udp *net.UDPConn, tcp *net.TCPListener) error {
	go func() {
		for {
			b := make([]byte, 4096)
			n, from, err := udp.ReadFromUDPAddrPort(b)
			if err != nil {
				continue
			}
			r.do <- func() {
				r.asked(b[:n], 512, func(reply []byte) { udp.WriteToUDPAddrPort(reply, from) })
			}
		}
	}()
	go func() {
		for {
			conn, err := tcp.AcceptTCP()
			if err == nil {
				go r.hear(conn)
			}
		}
	}()
	for f := range r.do {
		f()
	}
	return nil
}

// hear hands the messages of a connection to the loop.
func (r *resolver) hear(conn *net.TCPConn) {
	defer conn.Close()
	out := make(chan []byte, 1)
	var owed sync.WaitGroup
	go func() {
		for reply := range out {
			conn.Write(reply)
			owed.Done()
		}
	}()
	in := bufio.NewReaderSize(conn, 16)
	for {
		var size uint16
		if binary.Read(in, binary.BigEndian, &size) != nil {
			break
		}
		b, err := io.ReadAll(io.LimitReader(in, int64(size)))
		if err != nil || len(b) < int(size) {
			break
		}
		owed.Add(1)
		r.do <- func() {
			answered := r.asked(b, 65535, func(reply []byte) {
				reply = append(binary.BigEndian.AppendUint16(nil, uint16(len(reply))), reply...)
				go func() { out <- reply }() // who does not read is not waited for
			})
			if !answered {
				owed.Done()
			}
		}
	}
	owed.Wait()
	close(out)
}

// asked deals with a client's message, and reports whether it will be answered.
func (r *resolver) asked(b []byte, room int, send func([]byte)) bool {
	h, n, err := unpackHeader(b)
	if err != nil || h.qr {
		return false
	}
	refuse := func(rcode uint8) bool {
		h.qr, h.rcode = true, rcode
		send(pack(&message{header: h}, nil))
		return true
	}
	if h.opcode != 0 {
		return refuse(rcodeNotBuilt)
	}
	if n != 1 {
		return refuse(rcodeFormat)
	}
	q, end, err := unpackQuestion(b, headerSize)
	if err != nil {
		return refuse(rcodeFormat)
	}
	if m, err := unpack(b); err == nil && room < 65535 {
		for _, opt := range m.additional {
			if opt.typ == typeOPT {
				room = max(room, min(1232, int(opt.class)))
			}
		}
	}
	r.find(q, func(found result) {
		m := &message{header: header{id: h.id, qr: true, rd: h.rd, ra: true, rcode: found.rcode}}
		now := r.clock.now()
		for _, s := range found.sets {
			m.answer = append(m.answer, s.aged(now)...)
		}
		if found.soa != nil {
			m.authority = found.soa.aged(now)
		}
		reply := pack(m, b[headerSize:end])
		if len(reply) > room {
			m.tc, m.answer, m.authority = true, nil, nil
			reply = pack(m, b[headerSize:end])
		}
		send(reply)
	})
	return true
}

func (s *set) aged(now time.Duration) (aged []record) {
	left := s.ends - now
	for _, r := range s.records {
		r.ttl = uint32((max(left, 0) + time.Second/2) / time.Second)
		aged = append(aged, r)
	}
	return aged
}

// find has done called with what a client is to be told.
func (r *resolver) find(q question, done func(result)) {
	q.name = q.name.fold()
	if listed := r.hosts[q.name]; listed != nil && (q.typ == typeA || q.typ == typeAAAA) {
		family := 0
		if q.typ == typeAAAA {
			family = 1
		}
		s := &set{ends: r.clock.now() + time.Hour}
		for _, ip := range listed[family] {
			s.records = append(s.records, record{q.name, q.typ, classIN, 0, ip.AsSlice()})
		}
		done(result{sets: []*set{s}})
		return
	}
	if waiting, ok := r.flights[q]; ok {
		r.flights[q] = append(waiting, done)
		return
	}
	r.flights[q] = []func(result){done}
	j := &job{resolver: r, left: 100}
	j.follow(q.name, q.typ, nil, nil, func(found result, ok bool) {
		if !ok {
			found = result{rcode: rcodeServer}
		}
		waiting := r.flights[q]
		delete(r.flights, q)
		for _, done := range waiting {
			done(found)
		}
	})
}

// A job is the work for one question of a client's.
type job struct {
	*resolver
	left   int
	wanted []name // servers that are being looked for
}

// A step is the next thing to be learnt of a name.
type step struct {
	set   *set
	alias bool
	none  bool
	rcode uint8
}

// known is the next step as far as the cache knows.
func (r *resolver) known(n name, typ uint16) (step, bool) {
	at, now := r.nodes[n], r.clock.now()
	if at == nil {
		return step{}, false
	}
	lives := func(s *set) bool { return s != nil && s.ends > now }
	switch {
	case lives(at.sets[typ]):
		return step{set: at.sets[typ]}, true
	case lives(at.gone):
		return step{set: at.gone, none: true, rcode: rcodeNoName}, true
	case lives(at.sets[typeCNAME]):
		return step{set: at.sets[typeCNAME], alias: true}, true
	case lives(at.empty[typ]):
		return step{set: at.empty[typ], none: true}, true
	}
	return step{}, false
}

// learn keeps a step.
func (r *resolver) learn(n name, typ uint16, s step) {
	if s.set.ends <= r.clock.now() {
		return
	}
	at := r.nodes[n]
	if at == nil {
		at = &node{sets: make(map[uint16]*set), empty: make(map[uint16]*set)}
		r.nodes[n] = at
	}
	switch {
	case s.none && s.rcode == rcodeNoName:
		at.gone = s.set
	case s.none:
		at.empty[typ] = s.set
	case s.alias:
		at.sets[typeCNAME] = s.set
	default:
		at.sets[typ] = s.set
	}
}

// follow goes from alias to alias. told are steps that a server has just told.
func (j *job) follow(n name, typ uint16, sofar []*set, told []step, done func(result, bool)) {
	for len(sofar) <= 8 {
		var s step
		if len(told) > 0 {
			s, told = told[0], told[1:]
		} else {
			var ok bool
			if s, ok = j.known(n, typ); !ok {
				j.fetch(n, typ, func(told []step) {
					if told == nil {
						done(result{}, false)
						return
					}
					j.follow(n, typ, sofar, told, done)
				})
				return
			}
		}
		if s.none {
			done(result{rcode: s.rcode, sets: sofar, soa: s.set}, true)
			return
		}
		sofar = append(sofar[:len(sofar):len(sofar)], s.set)
		if !s.alias {
			done(result{sets: sofar}, true)
			return
		}
		n = s.set.records[0].target().fold()
	}
	done(result{}, false)
}

// fetch asks servers, and has done called with what they tell; nil if none helps.
func (j *job) fetch(n name, typ uint16, done func([]step)) {
	q := question{n, typ, classIN}
	if len(j.servers) == 0 {
		j.walk(q, done)
		return
	}
	j.inTurn(j.servers, q, true, func(*message) bool { return true }, func(m *message) {
		if m == nil {
			done(nil)
			return
		}
		done(j.read(m, q, root))
	})
}

// inTurn asks one server after the other until one sends what is good; those that were
// silent are asked again. It ends with nil if none does.
func (j *job) inTurn(servers []netip.AddrPort, q question, rd bool, good func(*message) bool, done func(*message)) {
	var lines []*line
	for _, server := range servers {
		if l := j.open(server, q, rd); l != nil {
			lines = append(lines, l)
		}
	}
	finish := func(m *message) {
		for _, l := range lines {
			l.turn, l.then = -1, nil
			l.conn.Close()
		}
		done(m)
	}
	var turn func(now, later []*line, round int)
	turn = func(now, later []*line, round int) {
		if len(now) == 0 && round == 1 {
			now, later, round = later, nil, 2
		}
		if len(now) == 0 || j.left == 0 {
			finish(nil)
			return
		}
		j.left--
		now[0].ask(func(m *message, silent bool) {
			if m != nil && (m.rcode == rcodeOK || m.rcode == rcodeNoName) && good(m) {
				finish(m)
				return
			}
			if silent {
				later = append(later, now[0])
			}
			turn(now[1:], later, round)
		})
	}
	turn(lines, nil, 1)
}

func lifetime(ttl uint32) time.Duration {
	if int32(ttl) < 0 {
		return 0
	}
	return time.Duration(ttl) * time.Second
}

// setOf makes a set of the records of a name and type; nil if there are none.
func (r *resolver) setOf(records []record, n name, typ uint16, zone name) *set {
	var s *set
	for _, rec := range records {
		if rec.class != classIN || rec.typ != typ || rec.name.fold() != n || !rec.name.in(zone) {
			continue
		}
		ends := r.clock.now() + lifetime(rec.ttl)
		if s == nil {
			s = &set{ends: ends}
		}
		s.records, s.ends = append(s.records, rec), min(s.ends, ends)
	}
	return s
}

// read learns what a message of a server for zone tells of a question.
func (j *job) read(m *message, q question, zone name) (told []step) {
	n := q.name
	for len(told) < 12 {
		if s := j.setOf(m.answer, n, q.typ, zone); s != nil {
			told = append(told, step{set: s})
			j.learn(n, q.typ, step{set: s})
			return told
		}
		s := j.setOf(m.answer, n, typeCNAME, zone)
		if s == nil {
			break
		}
		s.records = s.records[:1]
		told = append(told, step{set: s, alias: true})
		j.learn(n, q.typ, step{set: s, alias: true})
		if n = s.records[0].target().fold(); !n.in(zone) {
			return told
		}
	}
	none := step{set: &set{}, none: true, rcode: m.rcode}
	for above := n; ; above = above.parent() {
		if soa := j.setOf(m.authority, above, typeSOA, zone); soa != nil {
			soa.records = soa.records[:1]
			soa.ends = min(soa.ends, j.clock.now()+lifetime(soa.records[0].minimum()))
			none.set = soa
			break
		}
		if above == root {
			break
		}
	}
	if none.set.records == nil && m.rcode == rcodeOK && len(told) > 0 {
		return told
	}
	j.learn(n, q.typ, none)
	return append(told, none)
}
