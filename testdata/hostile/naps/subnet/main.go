package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

type bad struct {
	code   int
	reason string
}

func fail(code int, reason ...any) { panic(bad{code, fmt.Sprint(reason...)}) }

func main() {
	args := os.Args[1:]
	if len(args) != 1 || args[0] != "batch" {
		out, b := protect(args)
		os.Stdout.Write(out)
		if b != nil {
			fmt.Fprintf(os.Stderr, "error: %s\n", b.reason)
			os.Exit(b.code)
		}
		return
	}
	// A line is gathered from chunks of any size.
	var line []byte
	chunk := make([]byte, 512)
	for {
		n, err := os.Stdin.Read(chunk)
		for _, c := range chunk[:n] {
			if c == '\n' {
				one(line)
				line = line[:0]
			} else {
				line = append(line, c)
			}
		}
		if err != nil {
			if len(line) > 0 {
				one(line)
			}
			return
		}
	}
}

func one(line []byte) {
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	var words []string
	for _, word := range strings.Split(string(line), " ") {
		if word != "" {
			words = append(words, word)
		}
	}
	out, b := protect(words)
	if b != nil {
		out = fmt.Appendf(nil, "error: %s\n", b.reason)
	}
	os.Stdout.Write(append(out, '\n'))
}

func protect(words []string) (out []byte, b *bad) {
	defer func() {
		if r := recover(); r != nil {
			reason := r.(bad)
			out, b = nil, &reason
		}
	}()
	return run(words), nil
}

// run knows all: arithmetic is in int64, so nothing ever overflows.
func run(words []string) (out []byte) {
	number := func(text string, most int64) int64 {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 0 || n > most || strconv.FormatInt(n, 10) != text {
			fail(1, "bad number ", strconv.Quote(text[:min(len(text), 100)]))
		}
		return n
	}
	address := func(text string) int64 {
		sum, octets := int64(0), strings.Split(text, ".")
		for _, octet := range octets {
			sum = sum%(1<<24)*256 + number(octet, 255)
		}
		if len(octets) != 4 {
			fail(1, "not four octets")
		}
		return sum
	}
	dots := func(n int64) string {
		return fmt.Sprint(n/(1<<24), ".", n/(1<<16)%256, ".", n/256%256, ".", n%256)
	}
	size := func(text string) int64 { // of the subnet that a mask makes
		defer func() {
			if recover() != nil {
				fail(1, "bad mask ", strconv.Quote(text[:min(len(text), 100)]))
			}
		}()
		inverse := 1<<32 - address(text)
		for n := int64(1); n <= 1<<32; n *= 2 {
			if n == inverse {
				return n
			}
		}
		panic("no power of two")
	}
	if len(words) == 0 {
		fail(2, "no words")
	}
	var ip, block int64
	switch verb := words[0]; {
	case verb == "same" && len(words) == 4:
		ip, other := address(words[1]), address(words[2])
		block = size(words[3])
		if ip/block == other/block {
			return []byte("yes\n")
		}
		return []byte("no\n")
	case verb == "split" && len(words) == 3, verb == "info" && len(words) == 2:
		slash := strings.LastIndexByte(words[1], '/')
		if slash < 0 {
			fail(2, "no slash")
		}
		ip = address(words[1][:slash])
		block = 1 << (32 - number(words[1][slash+1:], 32))
		if verb == "info" {
			break
		}
		prefix := number(words[2], 32)
		step := int64(1) << (32 - prefix)
		if step > block || block/step > 65536 {
			fail(1, "cannot split so: ", prefix)
		}
		for at := ip / block * block; at < ip/block*block+block; at += step {
			out = append(out, dots(at)...)
			out = fmt.Appendf(out, "/%d\n", prefix)
		}
		return out
	case verb == "info" && len(words) == 3:
		ip, block = address(words[1]), size(words[2])
	default:
		fail(2, "usage: subnet info|same|split|batch ...")
	}
	prefix := 32
	for n := block; n > 1; n /= 2 {
		prefix--
	}
	network := ip / block * block
	first, last, hosts, broadcast := network+1, network+block-2, block-2, dots(network+block-1)
	if block <= 2 {
		first, last, hosts, broadcast = network, network+block-1, block, "none"
	}
	scope := "public"
	within := func(low, high, name string) {
		if address(low) <= ip && ip <= address(high) {
			scope = name
		}
	}
	within("0.0.0.0", "0.255.255.255", "reserved")
	within("10.0.0.0", "10.255.255.255", "private")
	within("100.64.0.0", "100.127.255.255", "shared")
	within("127.0.0.0", "127.255.255.255", "loopback")
	within("169.254.0.0", "169.254.255.255", "link-local")
	within("172.16.0.0", "172.31.255.255", "private")
	within("192.0.2.0", "192.0.2.255", "documentation")
	within("192.168.0.0", "192.168.255.255", "private")
	within("198.51.100.0", "198.51.100.255", "documentation")
	within("203.0.113.0", "203.0.113.255", "documentation")
	within("224.0.0.0", "239.255.255.255", "multicast")
	within("240.0.0.0", "255.255.255.255", "reserved")
	for _, row := range [][2]any{
		{"address", dots(ip)}, {"netmask", dots(1<<32 - block)}, {"prefix", prefix},
		{"network", dots(network)}, {"broadcast", broadcast}, {"first", dots(first)},
		{"last", dots(last)}, {"hosts", hosts}, {"scope", scope},
		{"binary", fmt.Sprintf("%08b.%08b.%08b.%08b", ip/(1<<24), ip/(1<<16)%256, ip/256%256, ip%256)},
	} {
		out = fmt.Appendf(out, "%-10s %v\n", row[0].(string)+":", row[1])
	}
	return out
}
