package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
)

var octet = regexp.MustCompile(`^(0|[1-9][0-9]{0,2})$`)

type usage struct{ error }

func cut(s string) string {
	r := []rune(s)
	if len(r) > 100 {
		r = r[:100]
	}
	return fmt.Sprintf("%q", string(r))
}

func small(s, what string, top int) int {
	if octet.MatchString(s) {
		if n, _ := strconv.Atoi(s); n <= top {
			return n
		}
	}
	panic(fmt.Errorf("%s %s", what, cut(s)))
}

func address(s string) uint64 {
	f := strings.Split(s, ".")
	if len(f) != 4 {
		panic(fmt.Errorf("address %s", cut(s)))
	}
	var v uint64
	for _, o := range f {
		v = v<<8 + uint64(small(o, "octet", 255))
	}
	return v
}

func maskOf(s string) (bits int) {
	defer func() {
		if p := recover(); p != nil {
			panic(fmt.Errorf("mask %s", cut(s)))
		}
	}()
	m := fmt.Sprintf("%032b", address(s))
	if strings.Contains(m, "01") {
		panic("hole")
	}
	return strings.Count(m, "1")
}

func slash(s string) (uint64, int) {
	a, p, ok := strings.Cut(s, "/")
	if !ok {
		panic(fmt.Errorf("no prefix in %s", cut(s)))
	}
	v := address(a)
	return v, small(p, "prefix", 32)
}

func dots(v uint64) string {
	return fmt.Sprintf("%d.%d.%d.%d", v>>24&255, v>>16&255, v>>8&255, v&255)
}

func query(words []string) (out string, err error) {
	defer func() {
		if p := recover(); p != nil {
			out, err = "", p.(error)
		}
	}()
	n := len(words)
	switch {
	case n == 2 && words[0] == "info":
		v, p := slash(words[1])
		return info(v, p), nil
	case n == 3 && words[0] == "info":
		v := address(words[1])
		return info(v, maskOf(words[2])), nil
	case n == 4 && words[0] == "same":
		a, b := address(words[1]), address(words[2])
		shift := 32 - maskOf(words[3])
		if a>>shift == b>>shift {
			return "yes\n", nil
		}
		return "no\n", nil
	case n == 3 && words[0] == "split":
		v, p := slash(words[1])
		q := small(words[2], "prefix", 32)
		if q < p || q-p > 16 {
			return "", fmt.Errorf("cannot split into /%d", q)
		}
		v = v >> (32 - p) << (32 - p)
		var b strings.Builder
		for i := uint64(0); i < 1<<(q-p); i++ {
			fmt.Fprintf(&b, "%s/%d\n", dots(v+i<<(32-q)), q)
		}
		return b.String(), nil
	}
	return "", usage{errors.New("info ADDR/PREFIX, info ADDR MASK, same A B MASK, split ADDR/PREFIX NEW or batch")}
}

func info(v uint64, p int) string {
	size := uint64(1) << (32 - p)
	low := v / size * size
	high := low + size - 1
	first, last, hosts, broad := low+1, high-1, size-2, dots(high)
	b := fmt.Sprintf("%08b.%08b.%08b.%08b", v>>24, v>>16&255, v>>8&255, v&255)
	return fmt.Sprintf("address:   %s\nnetmask:   %s\nprefix:    %d\nnetwork:   %s\nbroadcast: %s\nfirst:     %s\nlast:      %s\nhosts:     %d\nscope:     %s\nbinary:    %s\n",
		dots(v), dots(1<<32-size), p, dots(low), broad, dots(first), dots(last), hosts, scope(v), b)
}

func scope(v uint64) string {
	for _, line := range strings.Fields("0.0.0.0/8=reserved 10.0.0.0/8=private 100.64.0.0/10=shared 127.0.0.0/8=loopback 169.254.0.0/16=link-local 172.16.0.0/12=private 192.0.2.0/24=documentation 192.168.0.0/16=private 198.51.100.0/24=documentation 203.0.113.0/24=documentation 224.0.0.0/4=multicast 240.0.0.0/4=reserved") {
		net, name, _ := strings.Cut(line, "=")
		a, p := slash(net)
		if v>>(32-p) == a>>(32-p) {
			return name
		}
	}
	return "public"
}

func main() {
	args := os.Args[1:]
	if len(args) == 1 && args[0] == "batch" {
		batch()
		return
	}
	out, err := query(args)
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		if _, ok := err.(usage); ok {
			os.Exit(2)
		}
		os.Exit(1)
	}
	fmt.Print(out)
}

func batch() {
	s := bufio.NewScanner(os.Stdin)
	s.Buffer(nil, 2<<20)
	for s.Scan() {
		out, err := query(strings.Split(s.Text(), " "))
		if err != nil {
			out = fmt.Sprintf("error: %v\n", err)
		}
		fmt.Print(out + "\n")
	}
	if s.Err() != nil {
		fmt.Fprintln(os.Stderr, s.Err())
		os.Exit(1)
	}
}
