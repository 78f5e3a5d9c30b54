// Package lessonfile says what the program of a lesson is: which files of the
// lesson's folder are taken, which are left aside and which are refused, and
// what must not stand in them. `go test`, `check` and `grade` all ask it, so
// that what is green at home is refused by nobody.
//
// [Read] or [Take] sorts a folder's files by their names, kinds and sizes;
// [Rules.Check] reads what was taken.
package lessonfile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
)

// What a program may have: far more than a student writes.
const (
	maxFiles   = 100
	maxFile    = 1 << 20 // bytes of one file
	maxProgram = 4 << 20 // bytes of all
)

// A File is one in a lesson's folder or below it.
type File struct {
	Name string // its path from the lesson's folder, with slashes
	// Odd says what it is where it is no regular file: "a link".
	Odd string
	// Fault says why it cannot be taken, whatever it holds.
	Fault string
	// Read returns what it holds. An *Unreadable error is the file's own fault,
	// such as that it has more than most bytes.
	Read func(most int64) ([]byte, error)
}

// An Unreadable error says why something that was handed in cannot be read. It
// is for the one who handed it in to mend.
type Unreadable struct{ Reason string }

func (e *Unreadable) Error() string { return e.Reason }

// A Folder is what became of a lesson's files.
type Folder struct {
	// Program are the files that were taken, by name.
	Program map[string][]byte
	// Refused are files of the program that were not taken. Where there is
	// one, the program is not whole, and nothing can be said of it.
	Refused []Problem
	// Aside are the files that Go does not compile into the program on any
	// system, each with the reason.
	Aside []Problem
}

// A Problem is something that is wrong with a file, or a line of it.
type Problem struct {
	File    string // may hold any byte
	Line    int    // from 1; 0 where the file as a whole is meant
	Message string
}

func (p Problem) String() string {
	name := p.File
	if nameProblem(name) != "" {
		name = fmt.Sprintf("%q", name)
	}
	if p.Line == 0 {
		return name + ": " + p.Message
	}
	return fmt.Sprintf("%s:%d: %s", name, p.Line, p.Message)
}

// Read takes the program of a folder.
func Read(dir fs.FS) (*Folder, error) {
	entries, err := fs.ReadDir(dir, ".")
	if err != nil {
		return nil, err
	}
	var files []File
	for _, e := range entries {
		if e.IsDir() {
			continue
		}
		file := File{Name: e.Name(), Read: func(most int64) ([]byte, error) { return readIn(dir, e.Name(), most) }}
		if !e.Type().IsRegular() {
			file.Odd = Describe(e.Type())
		}
		files = append(files, file)
	}
	return Take(files)
}

func readIn(dir fs.FS, name string, most int64) ([]byte, error) {
	file, err := dir.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return ReadAll(file, most)
}

// ReadAll reads to the end of r, if that comes before more than most bytes have.
func ReadAll(r io.Reader, most int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, most+1))
	if err == nil && int64(len(data)) > most {
		return nil, &Unreadable{fmt.Sprintf("it has more than %d bytes", most)}
	}
	return data, err
}

// Describe says what something is that is no regular file.
func Describe(mode fs.FileMode) string {
	switch {
	case mode&fs.ModeSymlink != 0:
		return "a link"
	case mode&fs.ModeNamedPipe != 0:
		return "a pipe"
	case mode&fs.ModeDevice != 0:
		return "a device"
	}
	return "no regular file"
}

// Take sorts the files of a lesson's folder. An error tells nothing about them:
// one could not be read.
func Take(files []File) (*Folder, error) {
	f := &Folder{Program: make(map[string][]byte)}
	var program []File
	alike := make(map[string]int) // how many names look so
	for _, file := range files {
		if reason := aside(file.Name); reason != "" {
			f.Aside = append(f.Aside, Problem{File: file.Name, Message: reason})
			continue
		}
		program = append(program, file)
		alike[Skeleton(file.Name)]++
	}
	size := 0
	for i, file := range program {
		text, reason, err := file.open(alike[Skeleton(file.Name)] > 1)
		switch size += len(text); {
		case err != nil:
			return nil, fmt.Errorf("%s: %w", file.Name, err)
		case reason != "":
		case excluded(file.Name, text):
			f.Aside = append(f.Aside, Problem{File: file.Name, Message: "a build constraint keeps it out on every system"})
			continue
		case i >= maxFiles || size > maxProgram:
			f.Refused = append(f.Refused, Problem{File: file.Name, Message: fmt.Sprintf("a lesson's program has at most %d files and %d bytes", maxFiles, maxProgram)})
			return f, nil
		}
		if reason != "" {
			f.Refused = append(f.Refused, Problem{File: file.Name, Message: reason})
			continue
		}
		f.Program[file.Name] = text
	}
	return f, nil
}

// IsProgram reports whether a file belongs to a program by its name, from the
// lesson's folder, or looks so.
func IsProgram(name string) bool { return aside(name) == "" }

// aside says why a file is none of the program, "" where it is one, or looks so.
func aside(name string) string {
	seen := strings.ToLower(visible(path.Base(name)))
	isProgram := Skeleton(path.Ext(seen)) == ".go"
	switch {
	case strings.Contains(name, "/") && isProgram:
		return "it lies in a subfolder; a program is the .go files of one folder"
	case !isProgram || strings.Contains(name, "/"):
		return "not part of the program"
	case strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_"):
		return `Go compiles no file whose name begins with "." or "_"`
	case strings.HasSuffix(name, "_test.go"), strings.HasSuffix(seen, "_test.go") && !strings.HasSuffix(name, ".go"):
		return "tests are the workbook's own"
	}
	return ""
}

// open returns what a program file holds, or why it is refused.
func (f File) open(hasTwin bool) (text []byte, reason string, err error) {
	switch reason := nameProblem(f.Name); {
	case f.Fault != "":
		return nil, f.Fault, nil
	case f.Odd != "":
		return nil, "it is " + f.Odd + "; hand in the file itself", nil
	case reason != "":
		return nil, reason, nil
	case hasTwin:
		return nil, "two files have this name, or names that look alike or differ in upper and lower case only; keep one", nil
	}
	text, err = f.Read(maxFile)
	var theirs *Unreadable
	if errors.As(err, &theirs) {
		return nil, theirs.Reason, nil
	}
	return text, "", err
}
