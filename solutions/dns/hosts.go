package main

import (
	"bufio"
	"fmt"
	"net/netip"
	"os"
	"strings"
)

// hosts are the addresses of a hosts file, by name in small letters.
type hosts map[name][]netip.Addr

// readHosts reads lines IP NAME [NAME ...]. A line that is none is reported and ignored.
func readHosts(file string) (hosts, error) {
	h := make(hosts)
	if file == "" {
		return h, nil
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if err := h.add(lines.Text()); err != nil {
			fmt.Fprintf(os.Stderr, "%s: %q: %v\n", file, lines.Text(), err)
		}
	}
	return h, lines.Err()
}

func (h hosts) add(line string) error {
	line, _, _ = strings.Cut(line, "#")
	words := strings.Fields(line)
	if len(words) == 0 {
		return nil
	}
	ip, err := netip.ParseAddr(words[0])
	if err != nil {
		return err
	}
	if len(words) == 1 {
		return fmt.Errorf("there is no name")
	}
	var names []name
	for _, word := range words[1:] {
		n, err := parseName(word)
		if err != nil {
			return err
		}
		names = append(names, n)
	}
	for _, n := range names {
		h[n.fold()] = append(h[n.fold()], ip)
	}
	return nil
}

// hostsTTL is how long clients may keep what the file says.
const hostsTTL = 60

// find returns what the file says of a question, and whether it decides it: if a name
// stands in the file, all its addresses do.
func (h hosts) find(q question) (found []record, decides bool) {
	addrs, listed := h[q.name.fold()]
	if !listed || q.typ != typeA && q.typ != typeAAAA {
		return nil, false
	}
	for _, ip := range addrs {
		if ip.Is4() == (q.typ == typeA) {
			found = append(found, record{name: q.name, typ: q.typ, class: classIN, ttl: hostsTTL, data: ip.AsSlice()})
		}
	}
	return found, true
}
