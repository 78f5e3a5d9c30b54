package build

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"strconv"
	"strings"

	"wirebook/grader/internal/source"
)

// What the packages of an executable do before its func main begins, they do in
// every program that is linked to it. So a program is linked to others only
// where all that it does there is to make values: each initialiser is read, and
// what is not known to be harmless keeps the program apart. Harmless is what
// touches nothing but the value that it makes, and comes to the same each time,
// whatever the arguments, the environment and the time of day are. Whether it
// panics, or is large, or takes long, need not be read from the text: join tries
// the executable.
//
// What a program does from its func main on is done in its own process alone. So
// it may use the global flags and loggers of the standard library there, and
// change them.

// shareable are the packages that programs which share an executable may import:
// those that a program beside them is none the wiser for. Others add to a table
// that all see (image/png, expvar, net/http/pprof, time/tzdata), tell a program
// the path of its package (reflect, encoding/gob), or do much before func main
// (net/http, crypto/tls).
var shareable = set(`bufio bytes cmp container/heap container/list container/ring context
	crypto/aes crypto/cipher crypto/ed25519 crypto/hkdf crypto/hmac crypto/md5 crypto/pbkdf2 crypto/rand
	crypto/sha1 crypto/sha256 crypto/sha3 crypto/sha512 crypto/subtle
	encoding encoding/ascii85 encoding/base32 encoding/base64 encoding/binary encoding/csv encoding/hex encoding/json
	errors flag fmt hash hash/adler32 hash/crc32 hash/crc64 hash/fnv io io/fs io/ioutil iter log
	maps math math/bits math/big math/cmplx math/rand math/rand/v2 net net/netip net/textproto net/url
	os os/signal path path/filepath regexp runtime slices sort strconv strings sync sync/atomic syscall
	text/tabwriter time unicode unicode/utf16 unicode/utf8 unsafe`)

// builtins do nothing but make a value.
var builtins = set(`append cap complex imag len make max min new real`)

// makers do nothing but make a value of others, and call none of their methods.
var makers = set(`bufio.NewReader bufio.NewReaderSize bufio.NewScanner bufio.NewWriter bufio.NewWriterSize
	bytes.NewReader context.Background context.TODO encoding/base64.NewEncoding
	errors.New flag.NewFlagSet log.New net.IPv4 net.CIDRMask net.ParseIP
	net/netip.AddrFrom4 net/netip.AddrPortFrom net/netip.MustParseAddr net/netip.MustParseAddrPort net/netip.MustParsePrefix
	regexp.MustCompile regexp.MustCompilePOSIX strings.NewReader strings.NewReplacer strings.Repeat
	sync.NewCond sync.OnceFunc sync.OnceValue sync.OnceValues`)

// methods are the same of variables of the standard library.
var methods = set(`encoding/base64.RawStdEncoding.Strict encoding/base64.StdEncoding.Strict
	encoding/base64.RawURLEncoding.Strict encoding/base64.URLEncoding.Strict`)

// basic are types that need no import; others of the standard library's are
// stdTypes.
var (
	basic = set(`any bool byte complex128 complex64 error float32 float64 int int16 int32 int64 int8
		rune string uint uint16 uint32 uint64 uint8 uintptr`)
	stdTypes = set(`io/fs.FileMode net.HardwareAddr net.IP net.IPMask os.FileMode syscall.Signal time.Duration time.Month`)
)

func set(words string) map[string]bool {
	all := make(map[string]bool)
	for _, w := range strings.Fields(words) {
		all[w] = true
	}
	return all
}

// errInit says that a program does something of its own before func main.
var errInit = errors.New("it has a func init")

// apart returns why a program is linked by itself as far as its text tells, nil
// where it may share an executable.
func apart(files source.Files) error {
	compiled, err := selected(files)
	if err != nil {
		return err
	}
	p := program{
		fset: token.NewFileSet(), declared: make(map[string]bool), types: make(map[string]bool),
		texts: make(map[string]ast.Expr), funcs: make(map[string]function), formulas: make(map[string]bool),
	}
	for _, name := range compiled.Names() {
		if err := p.read(name, compiled[name]); err != nil {
			return err
		}
	}
	for _, f := range p.files {
		if err := p.check(f); err != nil {
			return err
		}
	}
	return nil
}

// A program is what apart knows of one.
type program struct {
	fset     *token.FileSet
	files    []file
	declared map[string]bool     // names in the package
	types    map[string]bool     // those of types
	texts    map[string]ast.Expr // of constants and variables that have no type but their value's
	funcs    map[string]function
	formulas map[string]bool // functions that were looked at, and what came of it
}

// A function is one that is no method.
type function struct {
	*ast.FuncDecl
	file file
}

// A file is one of a program's.
type file struct {
	*ast.File
	imports map[string]string // paths, by the names that they have in the file
}

// read parses a file and notes what it declares.
func (p *program) read(name string, text []byte) error {
	for _, word := range []string{entry, "//go:linkname"} {
		if bytes.Contains(text, []byte(word)) {
			return fmt.Errorf("%s: the word %s stands in it", name, word)
		}
	}
	parsed, err := parser.ParseFile(p.fset, name, text, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	f := file{parsed, make(map[string]string)}
	for _, spec := range parsed.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil || !shareable[imported] || (spec.Name != nil && spec.Name.Name == ".") {
			return fmt.Errorf("%s: it imports %s", name, spec.Path.Value)
		}
		local := path.Base(imported) // of math/rand/v2 it is another, by which nothing is found
		if spec.Name != nil {
			local = spec.Name.Name
		}
		f.imports[local] = imported
	}
	p.files = append(p.files, f)
	for _, d := range parsed.Decls {
		p.declare(f, d)
	}
	return nil
}

func (p *program) declare(f file, d ast.Decl) {
	if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil {
		p.declared[fn.Name.Name] = true
		p.funcs[fn.Name.Name] = function{fn, f}
	}
	gen, ok := d.(*ast.GenDecl)
	if !ok {
		return
	}
	for _, spec := range gen.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			p.declared[spec.Name.Name], p.types[spec.Name.Name] = true, true
		case *ast.ValueSpec:
			for i, name := range spec.Names {
				p.declared[name.Name] = true
				if spec.Type == nil && len(spec.Values) == len(spec.Names) {
					p.texts[name.Name] = spec.Values[i]
				}
			}
		}
	}
}

// check returns what a file does before func main that is not known to be
// harmless.
func (p *program) check(f file) error {
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil && d.Name.Name == "init" {
				return errInit
			}
		case *ast.GenDecl:
			if d.Tok != token.VAR {
				continue
			}
			for _, spec := range d.Specs {
				for _, value := range spec.(*ast.ValueSpec).Values {
					if !p.harmless(f, value) {
						return fmt.Errorf("%v: what this initialises is not known to be harmless", p.fset.Position(value.Pos()))
					}
				}
			}
		}
	}
	return nil
}
