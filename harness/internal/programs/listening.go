package programs

import (
	"bytes"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"sync"

	"wirebook/harness/internal/play"
	"wirebook/harness/telling"
)

// listeningLine is what a server prints when it is bound; a device with several
// ports prints a line for each, with its name.
var listeningLine = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^listening on (?:([A-Za-z0-9_-]+) )?(\S+)\n$`)
})

// A Port is an address that a program's arguments tell it to be bound to.
type Port struct{ Remote string } // the other end of a cable, or ""

// Ports returns the ports that a program is told to bind and whose number the system
// chooses, [NAME=]HOST:0[,REMOTE], in the order of its arguments. It owes a line
// "listening on" for each.
func Ports(args []string) (ports []Port) {
	for _, arg := range args {
		local, remote, _ := strings.Cut(arg, ",")
		if _, addr, named := strings.Cut(local, "="); named {
			local = addr
		}
		if strings.HasSuffix(local, ":0") && !strings.ContainsAny(local, " \n") {
			ports = append(ports, Port{remote})
		}
	}
	return ports
}

// SocketOf returns the Unix socket at which a program's arguments tell it to listen,
// "" for none. It owes a line "listening on" for it.
func SocketOf(args []string) string {
	if i := slices.Index(args, "-socket"); i >= 0 && i+1 < len(args) {
		return args[i+1]
	}
	return ""
}

// awaitSocket waits for the line in which a program names its Unix socket.
func awaitSocket(p *play.Play, g *play.Program, path string) error {
	text, err := awaitLine(p, g, path)
	if err != nil {
		return err
	}
	if want := "listening on " + path + "\n"; text != want {
		g.Read -= int64(len(text))
		return p.Compared(fmt.Sprintf("%s printed another line than where it listens", g.Name), []byte(want), []byte(text))
	}
	g.Socket = path
	g.Announced += int64(len(text))
	p.Took(g.Channel, len(text))
	p.Set(g.Name, path)
	p.Tell(telling.Rung{Peer: play.Screen, Program: g.Name, Kind: telling.Listens, Text: path})
	return nil
}

// awaitListening waits for a program's listening lines, and names their addresses.
func awaitListening(p *play.Play, g *play.Program, lines int) error {
	for range lines {
		text, err := awaitLine(p, g, "HOST:PORT")
		if err != nil {
			return err
		}
		m := listeningLine().FindStringSubmatch(text)
		if m == nil {
			g.Read -= int64(len(text))
			return p.Compared(fmt.Sprintf("%s printed another line than where it listens", g.Name),
				[]byte("listening on HOST:PORT\n"), []byte(text))
		}
		addr, err := netip.ParseAddrPort(strings.Replace(m[2], "localhost:", "127.0.0.1:", 1))
		if err != nil || addr.Port() == 0 {
			return p.Failf("%s printed %q, in which %q is no address with the port that the system chose", g.Name, text, m[2])
		}
		if addr.Addr().IsUnspecified() {
			addr = netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), addr.Port())
		}
		g.Addrs = append(g.Addrs, addr)
		g.Announced += int64(len(text))
		p.Took(g.Channel, len(text))
		p.Observe(play.Event{Kind: play.Owns, From: g.Name, FromAddr: addr})
		name := g.Name
		if m[1] != "" {
			name += "_" + m[1]
		}
		p.Name(name, addr.String())
		p.Tell(telling.Rung{Peer: play.Screen, Program: g.Name, Kind: telling.Listens, Text: "‹" + name + "›"})
	}
	for s := range play.Peers[play.Socketed](p) {
		s.Started(g)
	}
	return nil
}

// awaitLine waits for the next line of the program's screen, which is to say that it
// listens at where, and takes it.
func awaitLine(p *play.Play, g *play.Program, where string) (string, error) {
	var text string
	err := p.Await(func() (bool, error) {
		gone := g.Gone() // first: what is unread after that is all
		if line, _, found := bytes.Cut(g.Unread(), []byte("\n")); found {
			text = string(line) + "\n"
			g.Read += int64(len(text))
			return true, nil
		}
		if gone {
			return false, p.EndedBefore(g, fmt.Sprintf("it printed the line \"listening on %s\"", where))
		}
		return false, nil
	})
	return text, p.InVain(err, func(v *play.Vain) error {
		return p.Failf("%s should print the line \"listening on %s\" when it is bound; it printed %s and %s",
			g.Name, where, p.Short(g.Unread()), v.What())
	})
}
