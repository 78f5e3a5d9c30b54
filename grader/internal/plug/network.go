package plug

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// A Network is what is built around the device of a lesson, or those of two.
type Network struct {
	// Name is what somebody types for it: a lesson, two lessons, a lesson and a role.
	Name    string
	Devices []Device
	Hosts   []Host
	// Try are lines that are worth typing.
	Try []string
}

// A Device is a lesson's program. The last word of a network's devices is Lesson.
type Device struct {
	Lesson string
	// Args are its arguments, between spaces. {NAME} stands for its end of the cable of
	// that name.
	Args string
}

// A Host is a Linux kernel at a cable. Several at one cable hear each other, too.
type Host struct {
	Name, Cable string
	// Address is its CIDR, and Gateway its default route; empty where it has none yet.
	Address, Gateway string
	// Runs is a command that runs in it from the start; empty where none does.
	Runs string
}

// networks are all that can be built. On the cables each address A.B.C.D belongs to the
// card 02-00-A-B-C-D, as in the lessons' scenarios.
var networks = []Network{
	{
		Name:    "arp",
		Devices: []Device{{"arp", "host -realtime -ip 10.0.0.1/24 -mac 02-00-0a-00-00-01 -cable {lan}"}},
		Hosts: []Host{
			{Name: "h1", Cable: "lan", Address: "10.0.0.2/24"},
			{Name: "h2", Cable: "lan", Address: "10.0.0.3/24"},
		},
		Try: []string{"h1 ping -c 3 10.0.0.1", "h1 ip neigh", "ping 10.0.0.3", "arp"},
	}, {
		Name:    "lswitch",
		Devices: []Device{{"lswitch", "switch -realtime -port p1={p1} -port p2={p2} -port p3={p3}"}},
		Hosts: []Host{
			{Name: "h1", Cable: "p1", Address: "10.0.0.1/24"},
			{Name: "h2", Cable: "p2", Address: "10.0.0.2/24"},
			{Name: "h3", Cable: "p3", Address: "10.0.0.3/24"},
		},
		Try: []string{"h1 ping -c 3 10.0.0.2", "macs"},
	}, {
		Name: "router",
		Devices: []Device{{"router", "router -realtime" +
			" -port eth0={eth0} -mac eth0=02-00-0a-01-00-01 -ip eth0=10.1.0.1/16" +
			" -port eth1={eth1} -mac eth1=02-00-0a-02-00-01 -ip eth1=10.2.0.1/16"}},
		Hosts: []Host{
			{Name: "h1", Cable: "eth0", Address: "10.1.0.9/16", Gateway: "10.1.0.1"},
			{Name: "h2", Cable: "eth1", Address: "10.2.0.9/16", Gateway: "10.2.0.1"},
		},
		Try: []string{"h1 ping -c 3 10.2.0.9", "h1 traceroute -N 1 -q 1 10.2.0.9", "arp"},
	}, {
		Name: "lswitch router",
		Devices: []Device{
			{"lswitch", "switch -realtime -port p1={p1} -access p1=10 -port p2={p2} -access p2=20" +
				" -port p3={p3} -access p3=10 -port uplink={uplink} -trunk uplink=10,20"},
			{"router", "router -realtime -port eth0={uplink} -mac eth0=02-00-0a-01-00-01" +
				" -ip eth0.10=10.1.0.1/16 -ip eth0.20=10.2.0.1/16"},
		},
		Hosts: []Host{
			{Name: "h1", Cable: "p1", Address: "10.1.0.9/16", Gateway: "10.1.0.1"},
			{Name: "h2", Cable: "p2", Address: "10.2.0.9/16", Gateway: "10.2.0.1"},
			{Name: "h3", Cable: "p3", Address: "10.1.0.8/16", Gateway: "10.1.0.1"},
		},
		Try: []string{"h1 traceroute -N 1 -q 1 10.2.0.9", "h1 traceroute -N 1 -q 1 10.1.0.8", "lswitch macs", "router arp"},
	}, {
		Name: "dhcp",
		Devices: []Device{{"dhcp", "server -realtime -ip 10.0.0.1/24 -mac 02-00-0a-00-00-01 -cable {lan}" +
			" -pool 10.0.0.100-10.0.0.199 -router 10.0.0.1 -dns 10.0.0.1 -lease 1h"}},
		Hosts: []Host{{Name: "h1", Cable: "lan"}, {Name: "h2", Cable: "lan"}},
		Try:   []string{"h1 udhcpc -i eth0 -n -q", "h1 ip address show eth0", "leases"},
	}, {
		Name:    "dhcp client",
		Devices: []Device{{"dhcp", "client -realtime -mac 02-00-0a-00-00-64 -cable {lan}"}},
		Hosts: []Host{{Name: "h1", Cable: "lan", Address: "10.0.0.1/24",
			Runs: "dnsmasq --no-daemon --no-ping --conf-file=/dev/null --port=0" +
				" --interface=eth0 --bind-interfaces --dhcp-authoritative --leasefile-ro" +
				" --dhcp-range=10.0.0.100,10.0.0.199,1h"}},
		Try: []string{"state", "renew", "release"},
	}, {
		Name: "nat",
		Devices: []Device{{"nat", "router -realtime -port inside={inside} -port outside={outside}" +
			" -mac inside=02-00-c0-a8-01-01 -ip inside=192.168.1.1/24" +
			" -mac outside=02-00-cb-00-71-01 -ip outside=203.0.113.1/24 -gateway 203.0.113.9" +
			" -forward tcp:8080=192.168.1.2:80"}},
		Hosts: []Host{
			{Name: "h1", Cable: "inside", Address: "192.168.1.2/24", Gateway: "192.168.1.1"},
			{Name: "h2", Cable: "inside", Address: "192.168.1.3/24", Gateway: "192.168.1.1"},
			{Name: "h3", Cable: "outside", Address: "203.0.113.9/24"},
		},
		Try: []string{"h1 ping -c 3 203.0.113.9", "h1 python3 -m http.server 80 &",
			"h3 curl --retry 9 --retry-connrefused 203.0.113.1:8080", "table"},
	}, {
		Name:    "tcp",
		Devices: []Device{{"tcp", "host -realtime -ip 10.0.0.1/24 -mac 02-00-0a-00-00-01 -cable {lan}"}},
		Hosts:   []Host{{Name: "h1", Cable: "lan", Address: "10.0.0.2/24"}},
		Try:     []string{"listen 7", "h1 echo hello | nc -N 10.0.0.1 7 &", "close 1"},
	},
}

// Find finds the network of the words that somebody typed.
func Find(words []string) (*Network, error) {
	name := strings.Join(words, " ")
	i := slices.IndexFunc(networks, func(n Network) bool { return n.Name == name })
	if i < 0 {
		return nil, fmt.Errorf("%q: there is no such network; there are %s", name, strings.Join(Names(), ", "))
	}
	return &networks[i], nil
}

// Names are the words for all networks.
func Names() (names []string) {
	for _, n := range networks {
		names = append(names, n.Name)
	}
	return names
}

// slot is where a device's end of a cable stands in its arguments.
var slot = regexp.MustCompile(`\{(\w+)\}`)

// cables names the cables of the device, in the order in which it says where it listens.
func (d Device) cables() (names []string) {
	for _, m := range slot.FindAllStringSubmatch(d.Args, -1) {
		names = append(names, m[1])
	}
	return names
}

// words are the device's arguments, where at says what stands for its end of a cable.
func (d Device) words(at func(cable string) string) []string {
	return strings.Fields(slot.ReplaceAllStringFunc(d.Args, func(s string) string { return at(s[1 : len(s)-1]) }))
}

// split says whom a typed line is for, by its first word: a host, whose shell runs the
// rest, or a device, whose name does not stand there where it is the only one.
func (n *Network) split(line string) (to, rest string) {
	first, rest, _ := strings.Cut(line, " ")
	for _, h := range n.Hosts {
		if first == h.Name {
			return first, rest
		}
	}
	if len(n.Devices) == 1 {
		return n.Devices[0].Lesson, line
	}
	for _, d := range n.Devices {
		if first == d.Lesson {
			return first, rest
		}
	}
	return "", line
}

// station is the MAC address of the card with an address, the nth host's where it has none.
func (h Host) station(n int) string {
	ip := [4]byte{0, 0, 0, byte(n + 1)}
	if h.Address != "" {
		fmt.Sscanf(h.Address, "%d.%d.%d.%d", &ip[0], &ip[1], &ip[2], &ip[3])
	}
	return fmt.Sprintf("02:00:%02x:%02x:%02x:%02x", ip[0], ip[1], ip[2], ip[3])
}
