package udp

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// A Script says what becomes of the datagrams on their way to the server. They
// are numbered from 1 as they reach the relay; one that no rule names is
// forwarded at once.
type Script struct {
	rules map[int]rule
}

type rule struct {
	verb  string // drop, dup, swap, hold
	other int    // swap: the one that takes its place; hold: the one to wait for
}

// ParseScript reads rules:
//
//	drop N          N is lost
//	dup N           N is forwarded twice
//	swap N M        N and M change places; what comes between keeps its own
//	hold N until M  N is forwarded right after M, a later one
//
// A number may stand in one rule only, save that several may wait for one M.
func ParseScript(words []string) (Script, error) {
	s := Script{rules: make(map[int]rule)}
	for len(words) > 0 {
		used, err := s.parseRule(words)
		if err != nil {
			return Script{}, err
		}
		words = words[used:]
	}
	for n, r := range s.rules {
		if r.verb == "hold" && s.rules[r.other].verb == "drop" {
			return Script{}, fmt.Errorf("relay: hold %d until %d: %[2]d is dropped", n, r.other)
		}
	}
	return s, nil
}

// parseRule reads the rule that words begin with and tells how many it has.
func (s Script) parseRule(words []string) (used int, err error) {
	verb, rest := words[0], words[1:]
	count, ok := map[string]int{"drop": 1, "dup": 1, "swap": 2, "hold": 3}[verb]
	switch {
	case !ok:
		return 0, fmt.Errorf("relay: unknown rule %q, want drop, dup, swap or hold", verb)
	case len(rest) < count:
		return 0, fmt.Errorf("relay: %s lacks a word", verb)
	case verb == "hold" && rest[1] != "until":
		return 0, fmt.Errorf("relay: %s: %q where until was expected", verb, rest[1])
	}
	n, err := number(verb, rest[0])
	m := 0
	if err == nil && count > 1 {
		m, err = number(verb, rest[count-1])
		if err == nil && n >= m {
			err = fmt.Errorf("relay: %s %d: %d does not come later", verb, n, m)
		}
	}
	if err == nil {
		err = s.add(n, rule{verb, m})
	}
	if err == nil && verb == "swap" {
		err = s.add(m, rule{verb, n})
	}
	return 1 + count, err
}

func number(verb, word string) (int, error) {
	n, err := strconv.Atoi(word)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("relay: %s: %q is not the number of a datagram", verb, word)
	}
	return n, nil
}

func (s Script) add(n int, r rule) error {
	if _, twice := s.rules[n]; twice {
		return fmt.Errorf("relay: two rules for datagram %d", n)
	}
	s.rules[n] = r
	return nil
}

// An order plays a script: it is given the datagrams as they arrive and hands
// them on, as often and in the order that the script asks for. T is what the
// caller keeps about a datagram.
type order[T any] struct {
	script  Script
	pass    func(item T)      // forward it
	count   int               // how many have arrived
	place   int               // how many places in the order have been served
	waiting map[int]T         // arrived, their turn has not come
	held    map[int]map[int]T // by the number that they wait for
}

func newOrder[T any](script Script, pass func(T)) *order[T] {
	return &order[T]{
		script:  script,
		pass:    pass,
		waiting: make(map[int]T),
		held:    make(map[int]map[int]T),
	}
}

// add gives the next datagram its number and serves all whose turn has come.
func (o *order[T]) add(item T) {
	o.count++
	o.waiting[o.count] = item
	for {
		n := o.place + 1
		if r := o.script.rules[n]; r.verb == "swap" {
			n = r.other
		}
		item, here := o.waiting[n]
		if !here {
			return
		}
		delete(o.waiting, n)
		o.place++
		o.serve(n, item)
	}
}

func (o *order[T]) serve(n int, item T) {
	switch r := o.script.rules[n]; r.verb {
	case "drop": // it is lost
	case "hold":
		if o.held[r.other] == nil {
			o.held[r.other] = make(map[int]T)
		}
		o.held[r.other][n] = item
	case "dup":
		o.pass(item)
		o.forward(n, item)
	default:
		o.forward(n, item)
	}
}

// forward passes a datagram on, and after it those that waited for it.
func (o *order[T]) forward(n int, item T) {
	o.pass(item)
	followers := o.held[n]
	delete(o.held, n)
	for _, f := range slices.Sorted(maps.Keys(followers)) {
		o.forward(f, followers[f])
	}
}

// kept returns the numbers of the datagrams that have arrived and still wait.
func (o *order[T]) kept() []int {
	kept := slices.Collect(maps.Keys(o.waiting))
	for _, held := range o.held {
		kept = slices.AppendSeq(kept, maps.Keys(held))
	}
	slices.Sort(kept)
	return kept
}
