package frame

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"wirebook/harness/internal/packet"
	"wirebook/harness/telling"
)

// Gather is a stream that a scenario expects in TCP segments, however it is cut.
type Gather struct {
	kind   *packet.Protocol
	fields []packet.Assignment // of each segment
	text   string              // what the scenario wrote, cut where it is long
	size   int                 // octets in all
	next   uint32              // the number of the next octet
	rest   []byte              // octets that are still to come
	end    bool                // a FIN is still to come: on the last segment or behind it
	acks   []string            // acknowledgment numbers; the last of them must come in the end
	acked  bool                // it has come, or nobody asked for it
	most   int                 // octets in a segment
}

// ParseGather reads what follows `frame PEER gather`: the kind tcp and fields as for
// [ParseExpect], each for all segments, but for these. seq is the number of the first
// octet, data or size all octets. With FIN among the flags the stream ends so. Of several
// acknowledgment numbers the last must have come with the last octet or behind it, and
// segments without text may come meanwhile. most=N is the size of the largest segment.
func ParseGather(words []string) (*Gather, error) { return parseGather(words, allKnown) }

func parseGather(words []string, unknown func(word int) bool) (*Gather, error) {
	g, err := readGather(words, unknown)
	if err != nil {
		return nil, fmt.Errorf("frame: %w", err)
	}
	return g, nil
}

func readGather(words []string, unknown func(word int) bool) (*Gather, error) {
	kind, err := streaming(words)
	if err != nil {
		return nil, err
	}
	g := &Gather{kind: kind, text: shortly(words), most: 1 << 16, acked: true}
	list, err := parseWords(words[1:], func(i int) bool { return unknown(i + 1) })
	if err != nil {
		return nil, err
	}
	started := false
	w := wanted{kind: kind}
	for _, a := range list {
		if a.Name == "most" && !a.Unknown {
			if g.most, err = packet.ParseSize(a.Value); err != nil {
				return nil, fmt.Errorf("most: %w", err)
			}
			continue
		}
		if err := w.add(a); err != nil {
			return nil, err
		}
		if a.Unknown {
			continue
		}
		switch a.Name {
		case "seq":
			n, err := strconv.ParseUint(a.Value, 10, 32)
			if err != nil {
				return nil, fmt.Errorf("seq: %q is not the number of the first octet", a.Value)
			}
			g.next, started = uint32(n), true
		case "data":
			g.rest = []byte(a.Value)
		case "size":
			p, err := table.Build(w.kind, []packet.Assignment{a})
			if err != nil {
				return nil, err
			}
			g.rest = octets(p)
		case "flags":
			g.end = slices.Contains(strings.Split(a.Value, ","), "FIN")
		case "ack":
			g.acks = strings.Split(a.Value, "|")
			g.acked = len(g.acks) == 1
			g.fields = append(g.fields, a)
		default:
			g.fields = append(g.fields, a)
		}
	}
	g.size = len(g.rest)
	if !started && !slices.ContainsFunc(list, func(a packet.Assignment) bool { return a.Unknown }) {
		return nil, errors.New("a stream needs seq, the number of its first octet")
	}
	return g, nil
}

// streaming is the kind that the first word names. Its packets carry a stream.
func streaming(words []string) (*packet.Protocol, error) {
	if len(words) > 0 {
		if kind := table.KindNamed(words[0]); kind != nil && kind.Stream {
			return kind, nil
		}
	}
	var names []string
	for _, at := range table {
		if at.Stream {
			names = append(names, at.Kind)
		}
	}
	return nil, fmt.Errorf("a stream is in frames of the kind %s", strings.Join(names, ", "))
}

// octets is the text of a segment.
func octets(frame []byte) []byte {
	p, _ := table.Decode(frame, nil, packet.Every)
	_, f := p.Find("data")
	if f == nil {
		return nil
	}
	return p.Get("data")
}

// Done tells whether all has come.
func (g *Gather) Done() bool { return len(g.rest) == 0 && !g.end && g.acked }

// Came says how much has come, as far as it is of use.
func (g *Gather) Came() string {
	came := g.size - len(g.rest)
	text := fmt.Sprintf("%d of %d octets came", came, g.size)
	switch {
	case came < g.size:
	case g.end:
		text += ", and no FIN behind them"
	case !g.acked:
		text += ", and no acknowledgment of " + g.acks[len(g.acks)-1]
	}
	return text
}

// shortly writes the words of a scenario for a sentence.
func shortly(words []string) string {
	const most = 40
	var all []string
	for _, word := range words {
		if len(word) > most {
			word = strings.ToValidUTF8(word[:most], "") + "…"
		}
		all = append(all, word)
	}
	return telling.Words(all)
}

// String says what is expected, as the scenario wrote it.
func (g *Gather) String() string { return "of " + g.text }

// Take compares a frame with what may be next of the stream. A frame that does not fit
// is a [*packet.Mismatch].
func (g *Gather) Take(frame []byte, seen *Memory) error {
	got := octets(frame)
	size := min(len(got), len(g.rest))
	ends := size == len(g.rest) && g.end
	if size == 0 && !ends && len(g.acks) < 2 {
		size = min(1, len(g.rest)) // of no use: it should bring text
	}
	flags := "ACK"
	if ends {
		flags = "ACK|FIN,ACK"
		if size == 0 {
			flags = "FIN,ACK"
		}
	}
	w := wanted{kind: g.kind, fields: append(slices.Clone(g.fields),
		packet.Assignment{Name: "seq", Value: strconv.FormatUint(uint64(g.next), 10)},
		packet.Assignment{Name: "flags", Value: flags},
		packet.Assignment{Name: "data", Value: string(g.rest[:size])})}
	m, p := w.matchFields(frame)
	if m == nil && len(got) > g.most {
		m = &packet.Mismatch{Want: fmt.Sprintf("a segment of at most %d bytes", g.most), Got: Describe(frame), Frame: frame}
	}
	if m != nil {
		return m
	}
	g.next += uint32(size)
	g.rest = g.rest[size:]
	if strings.Contains(p.Word("flags"), "FIN") {
		g.next, g.end = g.next+1, false
	}
	if n := len(g.acks); n > 1 && len(g.rest) == 0 && p.Word("ack") == g.acks[n-1] {
		g.acked = true
	}
	seen.last = slices.Clone(frame)
	return nil
}
