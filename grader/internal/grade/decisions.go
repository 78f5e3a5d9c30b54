package grade

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"wirebook/grader/internal/result"
)

// decisionsFile holds what the teacher has decided. It is the teacher's: nothing
// that grades changes it.
const decisionsFile = "decisions.csv"

var decisionColumns = []string{"student", "lesson", "points", "reason"}

// Decisions are the points that a teacher has given in the place of those that the
// grading gave. They are no part of the results, and hold for whatever these become.
type Decisions struct {
	path string
	rows []decision
}

type decision struct {
	student, lesson string
	points          float64
	reason          string
	line            int
}

// same reports whether two rows are about one thing.
func (d decision) same(o decision) bool { return d.student == o.student && d.lesson == o.lesson }

// Decisions reads those of the folder. Where there is no file, there are none.
func (f *Folder) Decisions() (*Decisions, error) { return readDecisions(f.dir) }

func readDecisions(dir string) (*Decisions, error) {
	d := &Decisions{path: filepath.Join(dir, decisionsFile)}
	data, err := os.ReadFile(d.path)
	if errors.Is(err, fs.ErrNotExist) {
		return d, nil
	}
	if err == nil {
		err = d.parse(data)
	}
	if err != nil {
		return nil, otherf("%s: %v", d.path, err)
	}
	return d, nil
}

func (d *Decisions) parse(data []byte) error {
	in := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	in.FieldsPerRecord = len(decisionColumns)
	rows, err := in.ReadAll()
	if err != nil {
		return fmt.Errorf("%w; its columns are %s", err, strings.Join(decisionColumns, ","))
	}
	for i, row := range rows {
		for j := range row {
			row[j] = strings.TrimSpace(row[j])
		}
		if i == 0 {
			if !slices.Equal(row, decisionColumns) {
				return fmt.Errorf("its first row is %q; want %s", row, strings.Join(decisionColumns, ","))
			}
			continue
		}
		points, err := strconv.ParseFloat(row[2], 64)
		one := decision{row[0], row[1], points, row[3], i + 1}
		switch {
		case err != nil || !(points >= 0 && points < 1e9):
			return fmt.Errorf("row %d: %q are no points", one.line, row[2])
		case one.reason == "":
			return fmt.Errorf("row %d: it has no reason; the student reads it", one.line)
		case slices.ContainsFunc(d.rows, one.same):
			return fmt.Errorf("row %d: there are two decisions about %s of %q", one.line, one.lesson, one.student)
		}
		d.rows = append(d.rows, one)
	}
	return nil
}

// Check returns an *OtherError where a decision is about nobody of the class, or
// about none of its lessons. To a shard belong decisions about others, too.
func (d *Decisions) Check(m *Manifest) error {
	for _, row := range d.rows {
		switch {
		case m.Shard == nil && !slices.Contains(m.Submissions, row.student):
			return otherf("%s, row %d: there is no result of %q", d.path, row.line, row.student)
		case !slices.Contains(m.Lessons, row.lesson):
			return otherf("%s, row %d: the lessons are %s, and not %q", d.path, row.line, strings.Join(m.Lessons, ", "), row.lesson)
		}
	}
	return nil
}

// Apply returns a result with what was decided about it.
func (d *Decisions) Apply(s *result.Submission) (*result.Submission, error) {
	for _, row := range d.rows {
		l := s.Lesson(row.lesson)
		if row.student != s.Submission || l == nil {
			continue
		}
		if row.points > l.MaxScore {
			return nil, otherf("%s, row %d: %g points, where %s gives %g at most", d.path, row.line, row.points, row.lesson, l.MaxScore)
		}
		s = s.Decided(row.lesson, row.points, row.reason)
	}
	return s, nil
}

// Over are results with what was decided about them.
func (d *Decisions) Over(all iter.Seq2[*result.Submission, error]) iter.Seq2[*result.Submission, error] {
	return func(yield func(*result.Submission, error) bool) {
		for s, err := range all {
			if err == nil {
				s, err = d.Apply(s)
			}
			if !yield(s, err) {
				return
			}
		}
	}
}

// mergeDecisions puts the decisions of several folders together. Two that contradict
// each other are an *OtherError.
func mergeDecisions(dirs []string) (*Decisions, error) {
	all := &Decisions{}
	from := make(map[string]string) // the file by student and lesson
	for _, dir := range dirs {
		d, err := readDecisions(dir)
		if err != nil {
			return nil, err
		}
		for _, row := range d.rows {
			i := slices.IndexFunc(all.rows, row.same)
			key := row.student + "\x00" + row.lesson
			switch {
			case i < 0:
				all.rows = append(all.rows, row)
				from[key] = d.path
			case all.rows[i].points != row.points || all.rows[i].reason != row.reason:
				return nil, otherf("%s and %s: they decide differently about %s of %q", from[key], d.path, row.lesson, row.student)
			}
		}
	}
	return all, nil
}

// write keeps the decisions in a folder, where there are any.
func (d *Decisions) write(f *Folder) error {
	if len(d.rows) == 0 {
		return nil
	}
	var b bytes.Buffer
	out := csv.NewWriter(&b)
	_ = out.Write(decisionColumns) // a buffer takes everything
	for _, row := range d.rows {
		_ = out.Write([]string{row.student, row.lesson, strconv.FormatFloat(row.points, 'f', -1, 64), row.reason})
	}
	out.Flush()
	return f.write(decisionsFile, b.Bytes())
}
