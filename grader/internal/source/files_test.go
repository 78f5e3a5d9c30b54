package source

import "testing"

func TestComplete(t *testing.T) {
	given := Files{"main.go": []byte("package main\nfunc main() {}\n"), "chat.go": []byte("package main\n")}
	alone := Files{"chat.go": []byte("package main // mine\n")}
	if got := alone.Complete(given); len(got) != 2 || string(got["chat.go"]) != "package main // mine\n" {
		t.Errorf("Complete of chat.go alone = %v; want it beside the given main.go", got.Names())
	}
	whole := Files{"all.go": []byte("package main\nfunc main() {}\n")}
	if got := whole.Complete(given); len(got) != 1 {
		t.Errorf("Complete of a whole program = %v; want all.go alone", got.Names())
	}
	method := Files{"m.go": []byte("package main\ntype t int\nfunc (t) main() {}\n")}
	if got := method.Complete(given); len(got) != 3 {
		t.Errorf("Complete where only a method is called main = %v; want the given files too", got.Names())
	}
	broken := Files{"m.go": []byte("package main\nfunc main() {}\nfunc (")}
	if got := broken.Complete(given); len(got) != 1 {
		t.Errorf("Complete of a main that does not compile = %v; want it alone", got.Names())
	}
}

func TestEqual(t *testing.T) {
	a := Files{"chat.go": []byte("package main\n\nvar x int\n")}
	b := Files{"chat.go": []byte("\ufeffpackage main\r\n\r\nvar x int\r\n")}
	if !a.Equal(b) {
		t.Error("line ends and a byte order mark made two equal programs differ")
	}
	if a.Digest() == b.Digest() {
		t.Error("Digest is the same for different bytes")
	}
	if a.Equal(Files{"chat.go": []byte("package main\n\nvar x  int\n")}) {
		t.Error("Equal overlooked a changed byte")
	}
}
