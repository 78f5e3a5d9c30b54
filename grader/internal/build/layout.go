package build

import (
	"bytes"
	"debug/elf"
	"debug/gosym"
	"encoding/binary"
	"errors"
	"math"
)

// An executable of several programs becomes that of one by two changes. What
// Go's runtime calls when all is initialised is a pointer, which is made to point
// to the func main of that program. And functions get the names that they would
// have in an executable of its own, for Go tells them when a program crashes, and
// an outcome may quote that.

// errForm says that an executable is not as it was thought to be.
var errForm = errors.New("the executable of several programs has another form than is known")

// A span is a part of a file.
type span struct{ at, size int64 }

// A layout is where an executable of several programs has what is changed.
type layout struct {
	start int64             // where the pointer to func main is
	mains map[string][]byte // what it is, by the program's name
	names span              // the names of functions
}

// survey finds what is changed in an executable of the members.
func survey(executable []byte, members []member) (*layout, error) {
	file, err := elf.NewFile(bytes.NewReader(executable))
	if err != nil {
		return nil, err
	}
	text, section := file.Section(".text"), file.Section(".gopclntab")
	if text == nil || section == nil || file.Class != elf.ELFCLASS64 || section.Offset > math.MaxInt32 {
		return nil, errForm
	}
	table, err := section.Data()
	if err != nil {
		return nil, err
	}
	names, err := namesIn(table, file.ByteOrder)
	if err != nil {
		return nil, err
	}
	functions, err := gosym.NewTable(nil, gosym.NewLineTable(table, text.Addr))
	if err != nil {
		return nil, err
	}
	pointer := func(function string) []byte {
		if f := functions.LookupFunc(function); f != nil {
			address := make([]byte, 8)
			file.ByteOrder.PutUint64(address, f.Entry)
			return address
		}
		return nil
	}
	start := pointer("main.main")
	l := &layout{start: int64(bytes.Index(executable, start)), mains: make(map[string][]byte), names: names}
	l.names.at += int64(section.Offset)
	if start == nil || bytes.Count(executable, start) != 1 {
		return nil, errForm
	}
	for _, m := range members {
		if l.mains[m.name] = pointer(m.path() + ".main"); l.mains[m.name] == nil {
			return nil, errForm
		}
	}
	return l, nil
}

// What begins the table of functions that Go writes into an executable: a mark,
// sizes, and how far behind it its parts lie. See pcHeader in package runtime.
const (
	pcMagic    = 0xfffffff1
	pcPointers = 7 // where it has the size of a pointer in bytes
	pcWords    = 8 // where the sizes and distances begin
	pcNames    = 3 // which of them is that of the names
	pcBehind   = 4 // and of what comes behind
)

// namesIn finds the names in the table: one behind the other, each with a zero at
// its end, and each found by how far behind the first it begins.
func namesIn(table []byte, order binary.ByteOrder) (span, error) {
	const word = 8
	if len(table) < pcWords+(pcBehind+1)*word || order.Uint32(table) != pcMagic || table[pcPointers] != word {
		return span{}, errForm
	}
	from, to := order.Uint64(table[pcWords+pcNames*word:]), order.Uint64(table[pcWords+pcBehind*word:])
	if from >= to || to > uint64(len(table)) {
		return span{}, errForm
	}
	return span{int64(from), int64(to - from)}, nil
}

// renamed returns names as they are where the package of this path is main. Each
// begins where it has begun.
func renamed(names []byte, path string) []byte {
	out := make([]byte, 0, len(names))
	for name := range bytes.SplitAfterSeq(names, []byte{0}) {
		length := len(out) + len(name)
		out = append(out, bytes.ReplaceAll(name, []byte(path+"."), []byte("main."))...)
		out = append(out, make([]byte, length-len(out))...)
	}
	return out
}
