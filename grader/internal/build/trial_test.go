package build

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"wirebook/grader/internal/sandbox"
	"wirebook/grader/internal/source"
)

// What shows only when it is tried keeps all apart.
func TestTogetherTried(t *testing.T) {
	tools := newTools(t, sandbox.Strong)
	for name, rest := range map[string]string{
		"panics":   "import \"regexp\"\nvar re = regexp.MustCompile(\"(\")\nfunc main() { println(re) }",
		"is large": "var big [200 << 20]byte\nvar small = big\nfunc main() { println(len(small)) }",
		"is big":   "var big [1 << 18]*int\nfunc main() { println(len(big[1:]), &big) }",
		"takes":    "var taken = make([]byte, 2<<20)\nfunc main() { println(len(taken)) }",
		"is long":  "import \"strings\"\nvar s = strings.Repeat(strings.Repeat(\"long\", 1 << 12), 1 << 17)\nfunc main() { println(len(s)) }",
	} {
		t.Run(name, func(t *testing.T) {
			b := newBatch(t, tools, map[string]source.Files{
				"wild":  {"main.go": text("", rest)},
				"first": {"main.go": text("errors fmt os", first)},
			})
			for _, name := range []string{"wild", "first"} {
				if err := b.Apart(t.Context(), name); err == nil || !strings.HasPrefix(err.Error(), "several programs") {
					t.Errorf("%s is linked by itself: %v; want that a trial keeps it apart", name, err)
				}
			}
			target := filepath.Join(t.TempDir(), "first")
			if _, err := b.Build(t.Context(), "first", target); err != nil {
				t.Fatal(err)
			}
			if got := run(t, target, nil); got.Code != 3 {
				t.Errorf("the first ran as %+v", got)
			}
		})
	}
}

// The path of a package that shows in the names of types keeps a program apart,
// and the others together.
func TestTogetherTells(t *testing.T) {
	tools := newTools(t, sandbox.Plain)
	generic := `type item struct{ n int }
type box[T any] struct{ v T }
func main() { fmt.Printf("%T %T %T\n", box[item]{}, new(atomic.Pointer[item]), slices.Values([]item{{1}})) }`
	sorts := `type item struct{ n int }
func main() {
	all := []item{{2}, {1}}
	slices.SortFunc(all, func(a, b item) int { return a.n - b.n })
	for _, k := range slices.Sorted(maps.Keys(map[string]item{"a": {1}})) { fmt.Println(k, all) }
	fmt.Printf("%T %#v\n", all, all)
}`
	b := newBatch(t, tools, map[string]source.Files{
		"generic": {"main.go": text("fmt slices sync/atomic", generic)},
		"sorts":   {"main.go": text("fmt maps slices", sorts)},
		"first":   {"main.go": text("errors fmt os", first)},
	})
	if err := b.Apart(t.Context(), "generic"); !errors.Is(err, errTells) {
		t.Errorf("the one with generic types is apart: %v; want %v", err, errTells)
	}
	dir := t.TempDir()
	for name, want := range map[string]string{
		"generic": "main.box[main.item] *atomic.Pointer[main.item] iter.Seq[main.item]\n",
		"sorts":   "a [{1} {2}]\n[]main.item []main.item{main.item{n:1}, main.item{n:2}}\n",
	} {
		if err := b.Apart(t.Context(), name); name != "generic" && err != nil {
			t.Errorf("%s is apart: %v", name, err)
		}
		if _, err := b.Build(t.Context(), name, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
		if got := run(t, filepath.Join(dir, name), nil); got.Out != want {
			t.Errorf("%s ran as %+v; want %q", name, got, want)
		}
	}
}

// A path counts in the names of types that a program can be told.
func TestTells(t *testing.T) {
	for text, want := range map[string]bool{
		"":                                       false,
		"\x00sub/chat.serve\x00sub/chatter":      false,
		"\x00\x1e*atomic.Pointer[sub/chat.user]": true,
		"\x01\x40*main.box[sub/chat.user]":       true,
		"\x01\xa0\x21*main.盒[sub/chat.user]":     true,
		"\x01\x40*main.box[sub/chatter.user]":    false,
		"\x00slices.f[*sub/chat.user]":           false,
		"\x01p*go.shape.struct { sub/chat.n int; *sub/chat.m int }":     false,
		"\x01sub/chat.f sub/chat.g\x00\x1e*iter.Seq[sub/chat.user]":     true,
		strings.Repeat("sub/chat.", 1<<18):                              false,
		"\x01*go.shape.struct {" + strings.Repeat(" sub/chat.n", 1<<18): false,
	} {
		if tells([]byte(text), "sub/chat") != want {
			t.Errorf("%.80q tells: %v; want %v", text, !want, want)
		}
	}
}
