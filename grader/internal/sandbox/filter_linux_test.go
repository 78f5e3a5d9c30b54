package sandbox

import (
	"encoding/binary"
	"fmt"
	"slices"
	"testing"

	"github.com/elastic/go-seccomp-bpf/arch"
	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// A filter says what its verdicts say, to every call with every argument that
// could be taken for something else: for the number of a call, say.
func TestFilter(t *testing.T) {
	machine, err := arch.GetInfo("")
	if err != nil {
		t.Skip(err)
	}
	var jails []*Jail
	for name := range profiles {
		for _, level := range []Level{Strong, Reduced} {
			jails = append(jails, &Jail{Level: level, Profile: Profile{Name: name}})
		}
	}
	for _, j := range jails {
		v := j.verdicts(leastLandlock)
		vm, err := bpf.NewVM(v.compile(machine))
		if err != nil {
			t.Fatal(err)
		}
		for number := range 600 {
			for _, c := range v.callsOf(machine, number) {
				got, err := vm.Run(c.data(uint32(machine.ID)))
				if err != nil {
					t.Fatal(err)
				}
				if want := v.say(machine, c); uint32(got) != want {
					t.Errorf("%v, %q: %s(%#x): %#x, want %#x", j.Level, j.Profile, machine.SyscallNumbers[number], c.arguments, got, want)
				}
			}
		}
	}
}

// Another machine's calls have other numbers.
func TestFilterOtherMachine(t *testing.T) {
	machine, err := arch.GetInfo("")
	if err != nil {
		t.Skip(err)
	}
	vm, err := bpf.NewVM(verdicts{allowed: calls}.compile(machine))
	if err != nil {
		t.Fatal(err)
	}
	read := call{number: machine.SyscallNames["read"]}
	if got, _ := vm.Run(read.data(uint32(machine.ID))); uint32(got) != allow.Val {
		t.Errorf("read: %#x", got)
	}
	if got, _ := vm.Run(read.data(uint32(arch.I386.ID))); uint32(got) != refuse.Val {
		t.Errorf("read of a 32-bit machine: %#x", got)
	}
}

// A call is what a filter judges.
type call struct {
	number    int
	arguments [6]uint64
}

// data is the call as the virtual machine reads it: each word in network order.
func (c call) data(machine uint32) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(c.number))
	b = binary.BigEndian.AppendUint32(b, machine)
	b = append(b, make([]byte, 8)...)
	for i, a := range c.arguments {
		b = append(b, make([]byte, 8)...)
		high, low := argumentWords(i)
		binary.BigEndian.PutUint32(b[high:], uint32(a>>32))
		binary.BigEndian.PutUint32(b[low:], uint32(a))
	}
	return b
}

// callsOf are calls with one number: with each argument at a time, and all of
// them, being each value that means something somewhere.
func (v verdicts) callsOf(machine *arch.Info, number int) (all []call) {
	values := []uint64{0, 1, 1 << 32, ^uint64(0), 1<<64 - 1<<32}
	for n := range machine.SyscallNumbers {
		values = append(values, uint64(n), uint64(n)|1<<32)
	}
	var rules []rule
	for _, r := range v.rules {
		if machine.SyscallNames[r.call] == number {
			rules = append(rules, r)
		}
		for _, c := range r.all {
			values = append(values, c.value, c.value|1<<32, c.value<<32)
		}
	}
	all = append(all, call{number: number})
	if len(rules) == 0 {
		return all // its arguments are not looked at
	}
	slices.Sort(values)
	for _, value := range slices.Compact(values) {
		for i := range 6 {
			c := call{number: number}
			c.arguments[i] = value
			all = append(all, c)
			for _, r := range rules { // one that fits but for this
				for _, other := range r.all {
					if other.argument != i {
						c.arguments[other.argument] = other.value
					}
				}
				all = append(all, c)
			}
		}
		all = append(all, call{number, [6]uint64{value, value, value, value, value, value}})
	}
	return all
}

// say is what the verdicts mean.
func (v verdicts) say(machine *arch.Info, c call) uint32 {
	name := machine.SyscallNumbers[c.number]
	switch {
	case slices.Contains(v.allowed, name):
		return allow.Val
	case slices.Contains(v.missing, name):
		return absent.Val
	case slices.Contains(v.asked, name):
		return ask.Val
	}
	for _, r := range v.rules {
		if r.call == name && !slices.ContainsFunc(r.all, func(d condition) bool { return !d.holds(c.arguments[d.argument]) }) {
			return unix.SECCOMP_RET_ALLOW
		}
	}
	return refuse.Val
}

func (c condition) holds(argument uint64) bool {
	switch c.test {
	case equal:
		return argument == c.value
	case with:
		return argument&c.value != 0
	case without:
		return argument&c.value == 0
	}
	panic(fmt.Sprintf("test %d", c.test))
}
