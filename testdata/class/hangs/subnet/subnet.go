package main

import (
	"fmt"
	"strings"
)

func same(a, b ipv4, prefix int) bool {
	return (a^b)&mask(prefix) == 0
}

func info(ip ipv4, prefix int) string {
	net := ip & mask(prefix)
	end := net | ^mask(prefix)
	first, last := net+1, end-1
	hosts := int64(end) - int64(net) - 1
	broadcast := end.String()
	if prefix > 30 {
		first, last, hosts, broadcast = net, end, int64(end)-int64(net)+1, "none"
	}
	bin := fmt.Sprintf("%032b", uint32(ip))
	var b strings.Builder
	for _, line := range [][2]string{
		{"address:", ip.String()},
		{"netmask:", mask(prefix).String()},
		{"prefix:", fmt.Sprint(prefix)},
		{"network:", net.String()},
		{"broadcast:", broadcast},
		{"first:", first.String()},
		{"last:", last.String()},
		{"hosts:", fmt.Sprint(hosts)},
		{"scope:", scope(ip)},
		{"binary:", bin[:8] + "." + bin[8:16] + "." + bin[16:24] + "." + bin[24:]},
	} {
		fmt.Fprintf(&b, "%-11s%s\n", line[0], line[1])
	}
	return b.String()
}

func split(ip ipv4, prefix, newPrefix int) (string, error) {
	if newPrefix < prefix {
		return "", fmt.Errorf("%d is below %d", newPrefix, prefix)
	}
	if newPrefix-prefix > 16 {
		return "", fmt.Errorf("too many subnets with prefix %d", newPrefix)
	}
	var b strings.Builder
	net := uint64(ip & mask(prefix))
	for i := 0; i < 1<<(newPrefix-prefix); i++ {
		fmt.Fprintf(&b, "%v/%d\n", ipv4(net), newPrefix)
		net += 1 << (32 - newPrefix)
	}
	return b.String(), nil
}

func scope(ip ipv4) string {
	a, b, c := ip>>24, ip>>16&255, ip>>8&255
	switch {
	case a == 10, a == 172 && b >= 16 && b < 32, a == 192 && b == 168:
		return "private"
	case a == 127:
		return "loopback"
	case a == 169 && b == 254:
		return "link-local"
	case a >= 224 && a < 240:
		return "multicast"
	case a == 100 && b >= 64 && b < 128:
		return "shared"
	case a == 0, a >= 240:
		return "reserved"
	case a == 192 && b == 0 && c == 2, a == 198 && b == 51 && c == 100, a == 203 && b == 0 && c == 113:
		return "documentation"
	}
	return "public"
}
