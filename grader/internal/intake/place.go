package intake

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"wirebook/harness/lessonfile"
)

// A rank orders the places where the files of one lesson may stand.
type rank int

const (
	inExercises rank = iota // exercises/chat/chat.go
	inLesson                // chat/chat.go
	inNamed                 // 1-chat/chat.go
	inPacked                // 1-chat.zip/chat.go
	inAlike                 // сhat/chat.go, with a letter that looks like c
	elsewhere               // my/work/chat.go
)

// A place is a folder that may be a lesson's.
type place struct {
	lesson string // "" where it is none's
	rank   rank
	depth  int    // how many folders stand above it, and above exercises
	dir    string // "" or with a slash behind
}

// compare orders the places of one lesson: those that have its name come before
// those that have it in theirs, and what lies high before what lies deep.
func (p place) compare(q place) int {
	return cmp.Or(cmp.Compare(p.class(), q.class()), cmp.Compare(p.depth, q.depth), cmp.Compare(p.rank, q.rank))
}

func (p place) class() rank { return max(p.rank, inLesson) }

// of tells at which place the files of a folder stand, of whose path the first
// parts are archives or around them.
func (w Want) of(folder string, packed int) place {
	if folder == "" {
		return place{w.Alone, elsewhere, 0, ""}
	}
	names := strings.Split(folder, "/")
	at := func(lesson string, rank rank, depth, n int) place {
		return place{lesson, rank, depth, strings.Join(names[:n], "/") + "/"}
	}
	for i := packed; i+1 < len(names); i++ {
		if names[i] == "exercises" && w.called(names[i+1]) != "" {
			return at(names[i+1], inExercises, i, i+2)
		}
	}
	for _, by := range []struct {
		rank     rank
		lessonOf func(name string) string
	}{
		{inLesson, w.called},
		{inNamed, w.named},
		{inAlike, func(name string) string { return w.called(lessonfile.Skeleton(name)) }},
	} {
		for i := packed; i < len(names); i++ {
			if lesson := by.lessonOf(names[i]); lesson != "" {
				return at(lesson, by.rank, i, i+1)
			}
		}
	}
	for _, name := range slices.Backward(names[:packed]) {
		if lesson := w.named(name); lesson != "" {
			return at(lesson, inPacked, len(names), len(names))
		}
	}
	return at(w.Alone, elsewhere, len(names), len(names))
}

// called returns the lesson of this name, "" where there is none.
func (w Want) called(name string) string {
	if slices.Contains(w.Known, name) {
		return name
	}
	return ""
}

// named returns the one lesson whose name is a word in this one.
func (w Want) named(name string) (lesson string) {
	for _, word := range strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return r < 'a' || 'z' < r }) {
		switch found := w.called(word); {
		case found == "" || found == lesson:
		case lesson != "":
			return ""
		default:
			lesson = found
		}
	}
	return lesson
}

// A folder is what lies at a place.
type folder struct {
	place
	files  []lessonfile.File
	claims bool // it holds a program's file, or is a link to elsewhere
	link   bool
	order  int64 // that of its newest file
}

// folders sorts items by where they lie.
func (w Want) folders(items []item) []*folder {
	places := make(map[string]place) // by the folder
	placeOf := func(dir string, packed int) place {
		where, ok := places[dir]
		if !ok {
			where = w.of(dir, packed)
			places[dir] = where
		}
		return where
	}
	all := make(map[place]*folder)
	for _, it := range items {
		dir, base := path.Split(it.path)
		if isJunkFile(dir, base) || it.broken != "" {
			continue
		}
		where := placeOf(strings.TrimSuffix(dir, "/"), it.packed)
		link := false
		if it.odd != "" {
			if to := w.of(it.path, it.packed); to.rank <= inLesson && to.dir == it.path+"/" {
				where, link = to, true
			}
		}
		f := all[where]
		if f == nil {
			f = &folder{place: where}
			all[where] = f
		}
		if f.link = f.link || link; link {
			f.claims = true
			continue
		}
		name := it.path[len(where.dir):]
		if plain := it.programName(); name == base && lessonfile.IsProgram(plain) {
			name = plain
		}
		f.claims, f.order = f.claims || lessonfile.IsProgram(name), max(f.order, it.order)
		f.files = append(f.files, lessonfile.File{Name: name, Odd: it.odd, Fault: it.fault, Read: it.read})
	}
	return slices.SortedFunc(maps.Values(all), func(f, g *folder) int {
		return cmp.Or(cmp.Compare(f.class(), g.class()), cmp.Compare(g.order, f.order), f.compare(g.place), cmp.Compare(f.dir, g.dir))
	})
}

// isJunkFile reports whether a file lies among what systems and tools leave
// behind, or is of it.
func isJunkFile(dir, base string) bool {
	return isJunk(base) && path.Ext(base) != ".go" || slices.ContainsFunc(strings.Split(dir, "/"), isJunk)
}

// of returns the folders of a lesson.
func of(folders []*folder, lesson string) []*folder {
	return slices.DeleteFunc(slices.Clone(folders), func(f *folder) bool { return f.lesson != lesson })
}

// claimed counts the graded lessons of which there is a folder.
func (w Want) claimed(folders []*folder) int {
	found := make(map[string]bool)
	for _, f := range folders {
		if f.claims && slices.Contains(w.Lessons, f.lesson) {
			found[f.lesson] = true
		}
	}
	return len(found)
}

// take reads the graded lessons' files into the submission.
func (w Want) take(s *Submission, folders []*folder) error {
	around := common(folders) // names are told from there
	for _, f := range folders {
		f.dir = strings.TrimPrefix(f.dir, around)
	}
	for _, lesson := range w.Lessons {
		if err := s.take(lesson, of(folders, lesson)); err != nil {
			return err
		}
	}
	s.leave("", "not in the folder of a lesson", of(folders, ""))
	return nil
}

// common returns the folder that all of them lie in.
func common(folders []*folder) string {
	var dir string
	for i, f := range folders {
		if i == 0 {
			dir = f.dir
		}
		for !strings.HasPrefix(f.dir, dir) {
			dir = dir[:strings.LastIndex(strings.TrimSuffix(dir, "/"), "/")+1]
		}
	}
	return dir
}

// take reads a lesson's files out of the first folder that has any.
func (s *Submission) take(lesson string, folders []*folder) error {
	i := slices.IndexFunc(folders, func(f *folder) bool { return f.claims })
	if i < 0 {
		s.leave(lesson, "not part of the program", folders)
		return nil
	}
	f, others := folders[i], slices.Delete(slices.Clone(folders), i, i+1)
	older := slices.DeleteFunc(slices.Clone(others), func(other *folder) bool { return other.order >= f.order || !other.claims })
	others = slices.DeleteFunc(others, func(other *folder) bool { return slices.Contains(older, other) })
	s.leave(lesson, "a newer hand-in counts", older)
	s.leave(lesson, "not part of the program", others)
	for _, other := range others {
		if other.claims && f.compare(other.place) == 0 {
			s.refuse(lesson, lessonfile.Problem{File: f.dir, Message: fmt.Sprintf("%q may be the folder of this lesson, too; hand in one", other.dir)})
			return nil
		}
	}
	switch {
	case f.link:
		s.refuse(lesson, lessonfile.Problem{File: f.dir, Message: "it is a link; hand in the folder itself"})
		return nil
	case f.rank == inAlike:
		s.refuse(lesson, lessonfile.Problem{File: f.dir, Message: fmt.Sprintf("its name is not %q, but looks like it; rename it", lesson)})
		return nil
	}
	taken, err := lessonfile.Take(f.files)
	if err != nil {
		return fmt.Errorf("%s%w", f.dir, err)
	}
	if len(taken.Program) > 0 {
		s.Lessons[lesson] = taken.Program
	}
	s.refuse(lesson, taken.Refused...)
	byReason := make(map[string][]string)
	for _, p := range taken.Aside {
		byReason[p.Message] = append(byReason[p.Message], p.File)
	}
	for _, reason := range slices.Sorted(maps.Keys(byReason)) {
		s.note(lesson, reason, byReason[reason])
	}
	return nil
}

// maxRefused is how many files of a lesson are refused by name.
const maxRefused = 10

func (s *Submission) refuse(lesson string, problems ...lessonfile.Problem) {
	if more := len(problems) - maxRefused; more > 0 {
		problems = append(problems[:maxRefused:maxRefused], lessonfile.Problem{Message: fmt.Sprintf("%d more files are refused", more)})
	}
	if len(problems) > 0 {
		s.Refused[lesson] = problems
	}
}

func (s *Submission) leave(lesson, why string, folders []*folder) {
	var paths []string
	for _, f := range folders {
		for _, file := range f.files {
			paths = append(paths, f.dir+file.Name)
		}
	}
	s.note(lesson, why, paths)
}

// maxNamed is how many of the things left aside a note names.
const maxNamed = 8

// note tells what was left aside, by the first part of each path.
func (s *Submission) note(lesson, why string, paths []string) {
	seen := make(map[string]bool)
	for _, p := range paths {
		name, _, below := strings.Cut(p, "/")
		if below {
			name += "/"
		}
		seen[name] = true
	}
	if len(seen) == 0 {
		return
	}
	names := slices.Sorted(maps.Keys(seen))
	shown := strings.Join(names[:min(len(names), maxNamed)], ", ")
	if more := len(names) - maxNamed; more > 0 {
		shown += fmt.Sprintf(" and %d more", more)
	}
	s.Aside = append(s.Aside, Note{Lesson: lesson, File: shown, Message: "ignored: " + why})
}
