package main

import (
	"errors"
	"sync"
	"time"
)

// A resolver finds out what names stand for. Its methods may be called by any goroutine.
type resolver struct {
	config
	clock *clock
	hosts hosts
	cache cache
	zones zones

	mu      sync.Mutex
	flights map[key]*flight
}

// A flight is a question that servers are being asked, for one client or many.
type flight struct {
	done   chan struct{} // closed when result stands
	result result
}

// A result is what a resolver tells a client.
type result struct {
	rcode     uint8
	answer    []set // the aliases in their order, then the records
	authority []set // the SOA of a negative answer
}

func newResolver(c config, clock *clock) (*resolver, error) {
	hosts, err := readHosts(c.hosts)
	if err != nil {
		return nil, err
	}
	return &resolver{config: c, clock: clock, hosts: hosts, flights: make(map[key]*flight)}, nil
}

// resolve answers a question: from the hosts file alone, from the cache, or by asking
// servers. Who asks what is being asked already waits for that answer.
func (r *resolver) resolve(q question) result {
	if found, decides := r.hosts.find(q); decides {
		if len(found) == 0 {
			return result{}
		}
		return result{answer: []set{newSet(found, r.clock.now())}}
	}
	k := key{q.name.fold(), q.typ}
	r.mu.Lock()
	f := r.flights[k]
	if f == nil {
		if known, err := r.find(k, nil); err == nil {
			r.mu.Unlock()
			return known
		}
		f = &flight{done: make(chan struct{})}
		r.flights[k] = f
		go r.fly(k, f)
	}
	r.mu.Unlock()
	<-f.done
	return f.result
}

// fly asks for all that wait.
func (r *resolver) fly(k key, f *flight) {
	found, err := r.find(k, &search{resolver: r, left: mostQuestions})
	if err != nil {
		found = result{rcode: rcodeServer}
	}
	r.mu.Lock()
	delete(r.flights, k)
	r.mu.Unlock()
	f.result = found
	close(f.done)
}

const mostAliases = 8

var (
	errUnknown = errors.New("the cache does not know")
	errAliases = errors.New("too many aliases")
)

// find goes from alias to alias until there is nothing more to be found out. What the
// cache does not know is searched for; without a search it is an error.
func (r *resolver) find(k key, s *search) (found result, err error) {
	var told []fact // by a server, and not yet used
	for aliases := 0; aliases <= mostAliases; {
		var f fact
		known := false
		if len(told) > 0 {
			f, told = told[0], told[1:]
		} else if f, known = r.cache.find(k, r.clock.now()); !known {
			if s == nil {
				return found, errUnknown
			}
			if told, err = s.ask(k); err != nil {
				return found, err
			}
			continue
		}
		if f.empty {
			found.rcode = f.rcode
			if f.set.records != nil {
				found.authority = []set{f.set}
			}
			return found, nil
		}
		found.answer = append(found.answer, f.set)
		target, isAlias := f.alias(k)
		if !isAlias {
			return found, nil
		}
		k.name = target.fold()
		aliases++
	}
	return found, errAliases
}

// keep puts facts into the cache.
func (r *resolver) keep(facts []fact, now time.Duration) {
	for _, f := range facts {
		r.cache.keep(f, now)
	}
}
