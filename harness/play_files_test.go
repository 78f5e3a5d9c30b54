package harness_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"strings"

	"wirebook/harness"
)

// Programs that make files.
var fileDemos = demos{
	// files does what it is told to, a line at a time.
	"files": func([]string) {
		for s := bufio.NewScanner(os.Stdin); s.Scan(); {
			words := strings.Fields(s.Text())
			if err := fileActs[words[0]](words[1:]); err != nil {
				panic(err)
			}
		}
	},
}

var fileActs = map[string]func(args []string) error{
	"write":  func(args []string) error { return os.WriteFile(args[0], []byte(args[1]+"\n"), 0o640) },
	"mkdir":  func(args []string) error { return os.Mkdir(args[0], 0o700) },
	"link":   func(args []string) error { return os.Symlink(args[1], args[0]) },
	"remove": func(args []string) error { return os.Remove(args[0]) },
	"huge": func(args []string) error {
		return errors.Join(os.WriteFile(args[0], nil, 0o600), os.Truncate(args[0], 1<<31))
	},
}

// made is a script behind a program that has done something with files.
func made(acts, script string) string {
	return "start files\ntype files '" + strings.ReplaceAll(acts, "; ", `\n`) + `\n'` + "\nquiet\n" + script
}

const abc256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" // of "abc"

var filePlays = []played{
	{"a file", "write f 'ab\\n' -times 2\nfile f -is 'ab\\nab\\n' -size 6 -mode 0600\nfolder . f\nfile g -absent", harness.Pass, ""},
	{"all that can be asked of a file", made("write f abc; write same abc; write other abd", fmt.Sprintf(`
		file f -is 'abc\n' -size 4 -match 'ab+' -grep '^abc$' -same same -differs other
		[unix] file f -mode 0640
		file f -is 'abc\n' -times 1 -grep b -count 1
		file f -grep x -count 0
		file f -file want
		write g abc
		file g -sha256 %s
-- want --
abc
`, abc256)), harness.Pass, ""},
	{"from the archive", "run files\nfile f -file w/f\nfile dir/g -is 'g\\n'\nfolder . dir f\n-- w/f --\nf\n-- w/dir/g --\ng\n", harness.Pass, ""},
	{"a hole", "write f abc -size 1000000\nfile f -size 1000000 -match 'abc\\x00'", harness.Pass, ""},
	{"a file that grows and shrinks", "start files\nwrite f abc\nwrite f de -append\nfile f -is abcde\nwrite f -append -size 2\nfile f -is ab\nwrite f c -append -size 5\nfile f -is 'abc\\x00\\x00'", harness.Pass, ""},
	{"from the archive, many times", "write f -file text -times 40000\nfile f -size 160000\nfile f -file text -times 40000\n-- text --\nabc\n", harness.Pass, ""},

	{"a wrong file", "write f 'ab'\nfile f -is 'ac'", harness.Fail, `the file "f" holds something else than it should (2 bytes where there should be 2)`},
	{"a missing file", "run cat\nfile f", harness.Fail, `the file "f" should be there; it is not`},
	{"a file too many", made("write f abc", "file f -absent"), harness.Fail, `the file "f" should not be there, but it is, with 4 bytes`},
	{"a wrong size", made("write f abc", "file f -size 5"), harness.Fail, `should have 5 bytes; it has 4`},
	{"a wrong mode", made("write f abc", "[!unix] skip 'no modes'\nfile f -mode 600"), harness.Fail, `should have the mode 0600; it has 0640`},
	{"no match", made("write f abc", "file f -match b"), harness.Fail, `should match "b"; it holds "abc\n"`},
	{"no line that matches", made("write f abc", "file f -grep '^b'"), harness.Fail, `should have a line that matches "^b"; it holds "abc\n"`},
	{"a line that should not match", made("write f abc", "file f -grep b -count 0"), harness.Fail, `nothing in the file "f" should match "b"`},
	{"not so many matches", made("write f aba", "file f -grep a -count 3"), harness.Fail, `should match 3 times in the file "f", but it does 2 times`},
	{"another hash", made("write f abc", "file f -sha256 "+abc256), harness.Fail, "should have the SHA-256 " + abc256},
	{"not the same", made("write f abc; write g abd", "file f -same g"), harness.Fail, `the file "f" should hold the same as "g"`},
	{"the same", made("write f abc; write g abc", "file f -differs g"), harness.Fail, `should hold something else than "g"; both hold "abc\n"`},
	{"nothing to be the same as", made("write f abc", "file f -same g"), harness.Fail, `the file "g" cannot be looked at`},
	{"nothing to differ from", made("write f abc", "file f -differs g"), harness.Fail, `the file "g" cannot be looked at`},
	{"not as in the archive", made("write f abc", "file f -file want\n-- want --\nabd\n"), harness.Fail, "holds something else"},
	{"no regular file", made("mkdir f", "file f"), harness.Fail, `"f" should be a regular file, but it is d`},
	{"a link is not followed", made("write g abc; link f g", "file f -is 'abc\\n'"), harness.Fail, `"f" should be a regular file, but it is L`},
	{"a file that says it is huge", made("huge f", "file f -is abc"), harness.Fail, "it has 2147483648 bytes, far more than it should"},
	{"a link leads out", made("link d /etc", "file d/passwd -match root"), harness.Fail, `the file "d/passwd" cannot be looked at: path escapes`},
	{"a file for a folder", made("write d abc", "file d/f"), harness.Fail, `the file "d/f" `},

	{"a folder", made("mkdir d; write d/g x; write d/f x; write d/.h x", "folder d f g\nfolder d -dots .h f g"), harness.Pass, ""},
	{"a folder holds something else", made("mkdir d; write d/g x", "folder d f"), harness.Fail, `the folder "d" should hold "f"; it holds "g"`},
	{"a hidden file counts", made("mkdir d; write d/.g x", "folder d -dots"), harness.Fail, `the folder "d" should hold nothing; it holds ".g"`},
	{"a missing folder", "start files\nfolder d", harness.Fail, `the folder "d" cannot be looked at`},
	{"a file is no folder", made("write d x", "folder d"), harness.Fail, `the folder "d" cannot be looked at: not a directory`},

	{"prepared", "mkdir a/b\nwrite a/f abc\nsymlink a/s f\nlink a/f a/l\nrename a/l a/m\nfolder a b f m s\nfile a/m -is abc\nremove a/m\nremove a/b\nfolder a f s\nrun say", harness.Pass, ""},
	{"a pipe", "[windows] skip 'no pipes in a folder'\nmkdir d\nfifo d/p\nfolder . -dots d\nfolder d p\nrun files", harness.Pass, ""},
	{"a pipe is no regular file", "[windows] skip 'no pipes in a folder'\nrun files\nfifo p\nfile p", harness.Fail, `"p" should be a regular file, but it is p`},
	{"a file that cannot be prepared", "remove nothing", harness.Error, "no such file"},

	// What a program has put in a script's way is the program's failure.
	{"a folder in the way of a file", made("mkdir f", "write f x"), harness.Fail, `the scenario needs "f" for a file of its own here, but what the program made stands in the way: is a directory`},
	{"a file in the way of a folder", made("write d x", "mkdir d"), harness.Fail, `needs "d" for a file of its own`},
	{"a file in the way of a folder below", made("write d x", "mkdir d/e"), harness.Fail, `needs "d/e" for a file of its own`},
	{"a file in the way of a symbolic link", made("write s x", "symlink s f"), harness.Fail, `needs "s" for a file of its own`},
	{"a file in the way of a hard link", made("write f x; write l x", "link f l"), harness.Fail, `what the program made stands in the way`},
	{"a folder in the way of a pipe", "[windows] skip 'no pipes in a folder'\n" + made("mkdir f", "fifo f"), harness.Fail, `needs "f" for a file of its own`},
	{"a link leads a pipe out of the way", "[windows] skip 'no pipes in a folder'\n" + made("link d /tmp", "fifo d/f"), harness.Fail, `needs "d/f" for a file of its own`},
	{"nothing to link", made("write f x; remove f", "link f l"), harness.Fail, `what the program made stands in the way`},
	{"nothing to rename", "start files\nrename f g", harness.Fail, `needs "f" for a file of its own`},
	{"nothing to remove", "start files\nremove f", harness.Fail, `needs "f" for a file of its own`},
	{"a full folder to remove", made("mkdir d; write d/f x", "remove d"), harness.Fail, `needs "d" for a file of its own`},
	{"a link leads out of the way", made("link d /tmp", "write d/f x"), harness.Fail, `needs "d/f" for a file of its own`},
	{"a loop of links in the way", made("link f f", "write f x"), harness.Fail, `needs "f" for a file of its own`},
}
