package intake

import (
	"bytes"
	"encoding/csv"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"wirebook/harness/lessonfile"
)

// A label is what the name of a part says of it.
type label struct {
	student string // "" where it belongs to nobody
	// origin is what the platform called it, "" where no platform did: feedback is
	// taken back under this name.
	origin string
	// file is its own name where it is one of a student's files, which lie by
	// themselves; "" where it is all that was handed in.
	file   string
	order  int64 // a later hand-in has a higher one; 0 where that is not known
	late   bool
	isText bool // typed on the platform
}

// A platform names what it packs in one way.
type platform struct {
	name   *regexp.Regexp
	folder bool
	label  func(name string, m []string) label
}

// platforms are the ways. Both put a number into each name by which they know the
// student, and it becomes part of the name that we use: two students may be called
// alike.
var platforms = []platform{
	// Moodle: NAME_NUMBER_assignsubmission_file/..., with "_" at its end before 4.1.
	{regexp.MustCompile(`^(.+)_(\d+)_assignsubmission_(file|onlinetext)_?$`), true, func(name string, m []string) label {
		if m[3] == "onlinetext" { // feedback goes to the files all the same
			return label{student: m[1] + "_" + m[2], origin: m[1] + "_" + m[2] + "_assignsubmission_file", isText: true}
		}
		return label{student: m[1] + "_" + m[2], origin: name}
	}},
	// The same without folders, as a teacher can choose.
	{regexp.MustCompile(`^(.+?)_(\d+)_assignsubmission_(file|onlinetext)_(.+)$`), false, func(_ string, m []string) label {
		return label{student: m[1] + "_" + m[2], origin: m[1] + "_" + m[2] + "_assignsubmission_file", file: m[4], isText: m[3] == "onlinetext"}
	}},
	canvas,
	canvasText,
}

// canvas is how Canvas names each file of a class that it packs flat: the student,
// the student's and the file's number, and the file's own name.
var canvas = platform{regexp.MustCompile(`^(.+?)(_LATE)?_(\d+)_(\d+)_(.+)$`), false, func(name string, m []string) label {
	order, _ := strconv.ParseInt(m[4], 10, 64) // one that is too large becomes the largest
	return label{student: m[1] + "_" + m[3], origin: name, file: m[5], order: order, late: m[2] != ""}
}}

// canvasText is how it names what was typed there.
var canvasText = platform{regexp.MustCompile(`^(.+?)(_LATE)?_(\d+)_(?:text|link)\.html$`), false, func(_ string, m []string) label {
	return label{student: m[1] + "_" + m[3], origin: m[1] + m[2] + "_" + m[3], isText: true, late: m[2] != ""}
}}

// platformOf returns the platform that gave a part its name, nil where none did.
func platformOf(p part) *platform {
	for i := range platforms {
		if platforms[i].folder == p.folder && platforms[i].name.MatchString(p.name) {
			return &platforms[i]
		}
	}
	return nil
}

// isCanvas reports whether the shelf holds nothing but what Canvas packs, so that
// each file of it is a student's.
func (s *shelf) isCanvas() bool {
	return !slices.ContainsFunc(s.parts, func(p part) bool {
		return p.folder || !canvas.name.MatchString(p.name) && !canvasText.name.MatchString(p.name)
	})
}

// A naming takes from the names of repositories what is not the student's.
type naming struct{ prefix string }

// label reads the name of a part. Where all files are Canvas's, each is a student's.
func (n naming) label(p part, allCanvas bool) label {
	handedIn := isArchive(p.name) || lessonfile.IsProgram(p.name)
	if of := platformOf(p); of != nil && (p.folder || handedIn || allCanvas || of.name != canvas.name && of.name != canvasText.name) {
		return of.label(p.name, of.name.FindStringSubmatch(p.name))
	}
	switch {
	case p.folder:
		student, _ := cutFold(p.name, n.prefix)
		return label{student: student}
	case isArchive(p.name):
		return label{student: archiveStem(p.name)}
	case lessonfile.IsProgram(p.name) && p.odd == "":
		return label{student: p.name}
	}
	return label{}
}

// collected is the name of a folder into which the tools of GitHub Classroom and
// Classroom 50 clone the repositories of an assignment; each of these is called by
// the assignment and the student.
var collected = regexp.MustCompile(`^(.+)[-_]submissions(?:_\d{4}_\d\d_\d\d_T_\d\d_\d\d_\d\d)?$`)

// naming finds out what the names of the repositories on a shelf begin with: what
// the folder's own name says, or else what is left of most names without the
// students whom Classroom 50 lists beside them.
func (s *shelf) naming() naming {
	if m := collected.FindStringSubmatch(s.name); m != nil {
		return naming{m[1] + "-"}
	}
	times := make(map[string]int)
	best := ""
	for _, user := range s.users() {
		for _, p := range s.parts {
			i := len(p.name) - len(user) - 1
			if !p.folder || i <= 0 || !strings.EqualFold(p.name[i:], "-"+user) {
				continue
			}
			prefix := p.name[:i+1]
			if times[prefix]++; times[prefix] > times[best] {
				best = prefix
			}
		}
	}
	return naming{best}
}

// users are the students in Classroom 50's list of scores.
func (s *shelf) users() []string {
	i := slices.IndexFunc(s.parts, func(p part) bool { return p.name == "scores.csv" && !p.folder && p.odd == "" })
	if i < 0 {
		return nil
	}
	data, err := s.parts[i].read(bounds.inner)
	if err != nil {
		return nil
	}
	in := csv.NewReader(bytes.NewReader(data))
	in.FieldsPerRecord = -1
	rows, err := in.ReadAll()
	if err != nil || len(rows) == 0 || rows[0][0] != "username" {
		return nil
	}
	var users []string
	for _, row := range rows[1:] {
		if row[0] != "" && !slices.Contains(users, row[0]) {
			users = append(users, row[0])
		}
	}
	return users
}

// cutFold takes a prefix from a name, however it is capitalized. Of a name that is
// the prefix alone nothing is taken.
func cutFold(name, prefix string) (rest string, found bool) {
	if len(name) <= len(prefix) || !strings.EqualFold(name[:len(prefix)], prefix) {
		return name, false
	}
	return name[len(prefix):], true
}
