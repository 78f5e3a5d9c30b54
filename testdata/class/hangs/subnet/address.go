package main

import (
	"fmt"
	"strconv"
	"strings"
)

type ipv4 uint32

// number accepts digits only, without leading zeros.
func number(s string, max int) (int, bool) {
	if s == "" || len(s) > 3 || (len(s) > 1 && s[0] == '0') {
		return 0, false
	}
	n := 0
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, n <= max
}

func show(s string) string {
	if len(s) > 100 {
		s = s[:100] + "..."
	}
	return strconv.Quote(s)
}

func parseAddress(text string) (ipv4, error) {
	parts := strings.Split(text, ".")
	if len(parts) != 4 {
		return 0, fmt.Errorf("%s: an address has 4 numbers", show(text))
	}
	var ip ipv4
	for _, p := range parts {
		n, ok := number(p, 255)
		if !ok {
			return 0, fmt.Errorf("bad octet %s", show(p))
		}
		ip = ip*256 + ipv4(n)
	}
	return ip, nil
}

func parsePrefix(text string) (int, error) {
	n, ok := number(text, 32)
	if !ok {
		return 0, fmt.Errorf("bad prefix %s", show(text))
	}
	return n, nil
}

func parseMask(text string) (prefix int, err error) {
	m, err := parseAddress(text)
	if err != nil {
		return 0, fmt.Errorf("bad mask %s: %v", show(text), err)
	}
	for p := 0; p <= 32; p++ {
		if mask(p) == m {
			return p, nil
		}
	}
	return 0, fmt.Errorf("bad mask %s", show(text))
}

func mask(prefix int) ipv4 {
	var m ipv4
	for i := 0; i < prefix; i++ {
		m |= 1 << (31 - i)
	}
	return m
}

func (ip ipv4) String() string {
	return fmt.Sprintf("%d.%d.%d.%d", ip>>24, ip>>16&255, ip>>8&255, ip&255)
}
