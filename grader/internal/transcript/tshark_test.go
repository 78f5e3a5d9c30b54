package transcript_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"wirebook/harness"
	"wirebook/harness/telling"

	"wirebook/grader/internal/workbook"
)

// tshark runs it on a capture, whose payloads it is not to take for any protocol: the
// system chooses the ports, and one may be known for something.
func tshark(t *testing.T, capture string, args ...string) string {
	t.Helper()
	args = slices.Concat([]string{"-r", capture, "-n", "-d", "tcp.port==1-65535,data", "-d", "udp.port==1-65535,data"}, args)
	cmd := exec.Command("tshark", args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("tshark %q: %v\n%s", args, err, stderr.String())
	}
	return string(out)
}

// wired are the commands that make something go over a network.
var wired = []string{"dial", "listen", "socket", "relay", "cable", "nameserver"}

// broken plays mutants of a lesson until one has failed after something went over a
// network; nil where the lesson has no network.
func broken(t *testing.T, l *workbook.Lesson) *replayed {
	t.Helper()
	for _, m := range l.Mutants {
		for _, s := range l.Scenarios {
			if !slices.Contains(m.Want, s.Name) || !slices.ContainsFunc(wired, s.Needs) || s.Needs("random") {
				continue
			}
			if play := replay(t, l, m, s.Name); len(play.sent()) > 0 || play.frames() != "" {
				return play
			}
			break
		}
	}
	return nil
}

// wrongPackets selects what is never in a capture of ours.
const wrongPackets = "tcp.analysis.flags || _ws.malformed || tcp.checksum.status==0 || ip.checksum.status==0 || udp.checksum.status==0"

// tshark finds nothing wrong in the capture of a failing scenario of each lesson that has
// packets, and follows its streams to the bytes that went and came.
func TestCaptures(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds a program of each lesson")
	}
	if _, err := exec.LookPath("tshark"); err != nil {
		t.Skip("tshark is not installed")
	}
	for _, l := range lessons(t) {
		t.Run(l.Name, func(t *testing.T) {
			play := broken(t, l)
			if play == nil {
				t.Skip("the lesson has no network")
			}
			checkCapture(t, play)
		})
	}
}

func checkCapture(t *testing.T, play *replayed) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.pcapng")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := play.Capture(file); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	if wrong := tshark(t, path, "-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE",
		"-Y", "(tcp || udp) && !eth && ("+wrongPackets+")"); wrong != "" {
		t.Errorf("tshark finds wrong:\n%s", wrong)
	}
	packets := packetsOf(tshark(t, path, "-T", "fields", "-e", "frame.interface_name", "-e", "frame.len", "-e", "tcp.stream", "-e", "udp.stream", "-e", "frame.comment"))
	want, got := play.sent(), follow(t, path, packets)
	for way, data := range want {
		if got[way] != data {
			t.Errorf("%s: tshark follows %d bytes, %d went\n%.200q\n%.200q", way, len(got[way]), len(data), got[way], data)
		}
	}
	for way, data := range got {
		if want[way] != data {
			t.Errorf("%s: tshark follows %d bytes of which nobody knows", way, len(data))
		}
	}
	frames := ""
	commented := false
	for _, p := range packets {
		commented = commented || strings.HasPrefix(p.comment, "step ")
		if strings.HasPrefix(p.on, "cable ") {
			frames += p.on + "\t" + p.len + "\n"
		}
	}
	if want := play.frames(); frames != want {
		t.Errorf("tshark sees the frames\n%s, want\n%s", frames, want)
	}
	if len(want) == 0 && frames == "" {
		t.Error("nothing went over a network")
	}
	if !commented {
		t.Error("no packet names its step")
	}
}

// A packet is one as tshark lists it.
type packet struct{ on, len, tcp, udp, comment string }

func packetsOf(list string) (all []packet) {
	for line := range strings.Lines(list) {
		f := append(strings.Split(strings.TrimRight(line, "\r\n"), "\t"), "", "", "", "")
		all = append(all, packet{f[0], f[1], f[2], f[3], f[4]})
	}
	return all
}

// follow asks tshark what went each way in each stream.
func follow(t *testing.T, path string, packets []packet) map[string]string {
	t.Helper()
	args := []string{"-q"}
	for _, p := range packets {
		for _, stream := range []string{"tcp,raw," + p.tcp, "udp,raw," + p.udp} {
			if arg := "follow," + stream; !strings.HasPrefix(p.on, "cable ") && !strings.HasSuffix(arg, ",") && !slices.Contains(args, arg) {
				args = append(args, "-z", arg)
			}
		}
	}
	all := make(map[string]string)
	if len(args) == 1 {
		return all
	}
	var nodes [2]string
	for line := range strings.Lines(tshark(t, path, args...)) {
		line = strings.TrimRight(line, "\r\n")
		for i := range nodes {
			if node, found := strings.CutPrefix(line, fmt.Sprintf("Node %d: ", i)); found {
				nodes[i] = node
			}
		}
		from, to := nodes[0], nodes[1]
		if strings.HasPrefix(line, "\t") {
			from, to = to, from
		}
		if data, err := hex.DecodeString(strings.TrimSpace(line)); err == nil && len(data) > 0 {
			all[from+">"+to] += string(data)
		}
	}
	return all
}

// sent is what peers and programs sent each other as the witness saw it, by addresses.
func (r *replayed) sent() map[string]string {
	all := make(map[string]string)
	networked := make(map[int]harness.Event) // by channel, how the connection was made
	for _, e := range r.events {
		if e.Kind == telling.Connects {
			networked[e.Channel] = e
		}
	}
	for _, e := range r.events {
		from, to := e.FromAddr, e.ToAddr
		switch made, known := networked[e.Channel]; {
		case len(e.Data) == 0:
			continue
		case e.Kind == telling.Datagram:
		case e.Kind != telling.Bytes || !known:
			continue
		case !from.IsValid(): // a Unix socket
			from, to = invented(e.Channel)
			if e.ToProgram != made.ToProgram {
				from, to = to, from
			}
		}
		all[from.String()+">"+to.String()] += string(e.Data)
	}
	return all
}

// invented are the addresses by which a Unix socket is drawn.
func invented(channel int) (client, server netip.AddrPort) {
	const firstPort = 49152
	return netip.AddrPortFrom(netip.MustParseAddr("192.0.2.2"), uint16(firstPort+channel)), netip.MustParseAddrPort("192.0.2.1:49152")
}

// frames are those that the witness saw, as tshark lists them.
func (r *replayed) frames() string {
	events := slices.Clone(r.events)
	slices.SortStableFunc(events, func(a, b harness.Event) int { return int(a.At - b.At) })
	var b strings.Builder
	for _, e := range events {
		cable := e.To
		if e.ToProgram {
			cable = e.From
		}
		if e.Kind == telling.Frame {
			fmt.Fprintf(&b, "cable %s\t%d\n", cable, len(e.Data))
		}
	}
	return b.String()
}
