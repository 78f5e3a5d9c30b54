package script

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
)

// A Script is a scenario as it was read.
type Script struct {
	File   string // its base name, for positions
	Title  string // one sentence: the promise
	Points int
	Lines  []*Line
	Blocks []Block           // in their order, the title's first
	Files  map[string][]byte // the archive's, hint.md left out
}

// A Block is a part of a script: one promise, and the steps that show it.
type Block struct {
	Text string // its # line; of the first block, the title
	// Hints lead from the concept to the place in the code, a tier each.
	Hints []string
}

// Name is the file's name without its extension.
func (s *Script) Name() string { return strings.TrimSuffix(s.File, ".txtar") }

// Lasts is how long the lines "lasts" say that a play takes; 0 where there is none.
func (s *Script) Lasts() (sum time.Duration) {
	for _, l := range s.Lines {
		if l.Verb == "lasts" {
			c, err := l.call(nil)
			must(err)
			d, err := duration(c.Args[0])
			must(err)
			sum += d
		}
	}
	return sum
}

// Position names a line of the script for a reader.
func (s *Script) Position(line int) string { return fmt.Sprintf("%s:%d", s.File, line) }

// Hints returns those of a block; nil where it has none.
func (s *Script) Hints(block string) []string {
	for _, b := range s.Blocks {
		if b.Text == block {
			return b.Hints
		}
	}
	return nil
}

// Uses reports whether a line has the command.
func (s *Script) Uses(verb string) bool {
	return slices.ContainsFunc(s.Lines, func(l *Line) bool { return l.Verb == verb })
}

var titleLine = lazily(`^# (.*\S) \(([1-9][0-9]*) points?\)$`)

// hintFile is the archive's file that holds the hints.
const hintFile = "hint.md"

// Read reads the script that data, the contents of file, holds. form returns the
// form of a command, nil if there is none. Errors start with file and line.
func Read(file string, data []byte, form func(verb string) *Form) (*Script, error) {
	file = path.Base(file)
	if bytes.Contains(data, []byte("\r\n")) {
		return nil, fmt.Errorf("%s: it has Windows line ends; a scenario's lines end with LF alone", file)
	}
	for i, line := range strings.Split(string(data), "\n") {
		if line == "-- --" { // package txtar panics there
			return nil, fmt.Errorf("%s:%d: a file of the archive has no name; write: -- NAME --", file, i+1)
		}
	}
	archive := txtar.Parse(data)
	title, text, _ := strings.Cut(string(archive.Comment), "\n")
	m := titleLine().FindStringSubmatch(title)
	if m == nil {
		return nil, fmt.Errorf("%s:1: the first line %q is no title; write: # One sentence. (2 points)", file, title)
	}
	s := &Script{File: file, Title: m[1]}
	s.Points, _ = strconv.Atoi(m[2])
	hints, err := s.readFiles(archive.Files)
	if err != nil {
		return nil, err
	}
	if s.Lines, err = Lines(text, 2, s.Files, form); err != nil {
		return nil, fmt.Errorf("%s:%w", file, err)
	}
	s.Blocks = append(s.Blocks, Block{Text: s.Title})
	for _, l := range s.Lines {
		if l.Block == "" {
			l.Block = s.Title
		}
		if last := s.Blocks[len(s.Blocks)-1]; l.Block != last.Text {
			s.Blocks = append(s.Blocks, Block{Text: l.Block})
		}
	}
	return s, s.readHints(hints)
}

// readFiles takes the archive's files and returns the hints.
func (s *Script) readFiles(files []txtar.File) (hints string, err error) {
	s.Files = make(map[string][]byte)
	for _, f := range files {
		if _, twice := s.Files[f.Name]; twice {
			return "", fmt.Errorf("%s: the file %q stands twice in the archive; remove one", s.File, f.Name)
		}
		s.Files[f.Name] = f.Data
	}
	hints = string(s.Files[hintFile])
	delete(s.Files, hintFile)
	return hints, nil
}

// readHints gives each block its hints. A line "# TEXT" begins those of the block
// with that text, a line "---" ends a tier.
func (s *Script) readHints(text string) error {
	block, tier := 0, ""
	end := func() {
		if tier = strings.TrimSpace(tier); tier != "" {
			s.Blocks[block].Hints = append(s.Blocks[block].Hints, tier)
		}
		tier = ""
	}
	for line := range strings.SplitSeq(text, "\n") {
		name, heads := strings.CutPrefix(line, "# ")
		switch {
		case line == "---":
			end()
		case heads:
			end()
			name = strings.TrimSpace(name)
			if block = slices.IndexFunc(s.Blocks, func(b Block) bool { return b.Text == name }); block < 0 {
				return fmt.Errorf("%s: %s has hints for %q, which is no # line of the script; write that line exactly", s.File, hintFile, name)
			}
		default:
			tier += line + "\n"
		}
	}
	end()
	return nil
}
