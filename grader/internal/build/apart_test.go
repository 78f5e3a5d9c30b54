package build

import (
	"fmt"
	"strings"
	"testing"

	"wirebook/grader/internal/source"
	"wirebook/grader/internal/workbook"
)

// What a program does before its func main decides whether it is linked with
// others.
func TestApart(t *testing.T) {
	tests := []struct{ imports, text string }{ // what is harmless
		{"", "const c = 1 << 10\nvar a, b int\nvar x = c * 2"},
		{"errors fmt", "const limit = 5\nvar errA = errors.New(\"a\")\nvar errB = fmt.Errorf(\"%w: more than %d\", errA, limit)"},
		{"regexp strings", "var re = regexp.MustCompile(`^a+$`)\nvar r = strings.NewReplacer(\"a\", \"b\")"},
		{"sync time", "type t struct{ sync.Mutex; m map[string][]int }\nvar v = &t{m: make(map[string][]int)}\nvar d = 5 * time.Second\nvar e = time.Duration(3)"},
		{"io", "type t struct{}\nfunc (*t) Write(p []byte) (int, error) { return 0, nil }\nvar _ io.Writer = (*t)(nil)"},
		{"encoding/base64 net", "var e = base64.RawStdEncoding.Strict()\nvar ip = net.IP{1, 2, 3, 4}\nvar b = []byte(\"x\")"},
		{"bufio os", "var in = bufio.NewReader(os.Stdin)\nvar f = func() { os.Exit(1) }"},
		{"flag log", "func serve() { flag.Parse(); log.SetFlags(0); flag.CommandLine = nil }"},
		{"os/signal", "func serve() { signal.Reset() }"},
		{"runtime", "func serve() bool { runtime.Caller(0); return runtime.GOOS == \"linux\" }"},
		{"", "func dotted(a, b uint32) uint32 { return uint32(a)<<24 | b }\nvar all = []uint32{dotted(1, 2)}"},
		{"", "type mac [6]byte\nvar all = mac{0xff}\nvar fs = map[string]func(mac) bool{\"a\": mac.zero}\nfunc (m mac) zero() bool { return m == mac{} }"},
	}
	for _, test := range tests {
		if err := apart(source.Files{"main.go": text(test.imports, test.text+"\nfunc main() {}")}); err != nil {
			t.Errorf("%s\nis linked by itself: %v", test.text, err)
		}
	}
	for _, test := range []struct{ imports, text string }{ // what is not
		{"", "func init() {}"},
		{"flag", "var port = flag.Int(\"port\", 0, \"\")"},
		{"flag", "var _ = flag.CommandLine.String(\"a\", \"\", \"\")"},
		{"log", "var _ = set()\nfunc set() bool { log.SetFlags(0); return true }"},
		{"log", "var l = log.Default()"},
		{"net/http", ""},
		{"reflect", ""},
		{"image/png", ""},
		{"runtime/debug", ""},
		{"runtime", "var n = runtime.NumGoroutine()"},
		{"os", "var name = os.Args[0]"},
		{"os", "var n = len(os.Args)"},
		{"os", "var args = os.Args"},
		{"os", "var home = os.Getenv(\"HOME\")"},
		{"os", "var _ = func() bool { os.Exit(1); return true }()"},
		{"os os/signal", "var ch = notify(make(chan os.Signal))\nfunc notify(c chan os.Signal) int { signal.Notify(c); return 1 }"},
		{"time", "var start = time.Now()"},
		{"time", "var tick = time.Tick(time.Second)"},
		{"", "var never = <-make(chan int)"},
		{"", "var a = []int{1}\nvar b = a[0]"},
		{"", "var e any = 1\nvar i = e.(int)"},
		{"", "func loop(n int) int { return loop(n - 1) }\nvar l = loop(1)"},
		{"", "func make(n int) int { for {} }\nvar m = make(1)"},
		{"", "func f[T any](v T) T { return v }\nvar x = f(1)"},
		{"fmt", "type s int\nfunc (s) String() string { return \"\" }\nvar v s\nvar e = fmt.Errorf(\"%v\", v)"},
		{"fmt", "const c = s(1)\ntype s int\nfunc (s) String() string { return \"\" }\nvar e = fmt.Errorf(\"%v\", c)"},
		{"fmt", "var e = fmt.Errorf(\"%1000000d\", 1)"},
		{"fmt", "var e = fmt.Errorf(\"%*d\", 1000000, 1)"},
		{"fmt", "var s = fmt.Sprint(1)"},
		{"fmt", "const a = b\nconst b = a\nvar e = fmt.Errorf(\"%v\", a)"},
		{"errors", "type t struct{}\nfunc (t) New(string) int { for {} }\nfunc f(errors t) int { return errors.New(\"\") }\nvar v = f(t{})"},
		{"unsafe", "//go:linkname f runtime.f\nfunc f()"},
		{"", "func " + entry + "() {}"},
		{"", "func {"},
	} {
		if err := apart(source.Files{"main.go": text(test.imports, test.text+"\nfunc main() {}")}); err == nil {
			t.Errorf("%s %s\nis linked with others", test.imports, test.text)
		}
	}
	dot := source.Files{"main.go": []byte("package main\n\nimport . \"strings\"\n\nfunc main() {}\n")}
	if apart(dot) == nil {
		t.Error("a file whose names mean nobody knows what is linked with others")
	}
}

// Looking at functions that call each other takes no time that they choose.
func TestApartInTime(t *testing.T) {
	var b strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&b, "func f%d() int { return f%d() + f%[2]d() }\n", i, i+1)
	}
	b.WriteString("func f2000() int { return 1 }\nvar x = f0()\nfunc main() {}\n")
	if err := apart(source.Files{"main.go": text("", b.String())}); err != nil {
		t.Error(err)
	}
}

// Most of what correct programs do goes together.
func TestVariantsTogether(t *testing.T) {
	book, err := workbook.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	lessons, err := book.Select(nil)
	if err != nil {
		t.Fatal(err)
	}
	var all, together int
	for _, l := range lessons {
		for _, v := range l.Variants {
			all++
			if err := apart(v.Files.Complete(l.Given)); err != nil {
				t.Logf("%s/%s is linked by itself: %v", l.Name, v.Name, err)
				continue
			}
			together++
		}
		if err := apart(l.Given); err != nil {
			t.Errorf("what is given in %s is linked by itself: %v", l.Name, err)
		}
	}
	if all == 0 {
		t.Skip("a student's copy has no variants")
	}
	if together*2 < all {
		t.Errorf("%d of %d variants are linked with others; want most", together, all)
	}
}
