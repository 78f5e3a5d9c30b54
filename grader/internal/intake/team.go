package intake

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
)

// Teams are students who hand in together.
type Teams struct {
	rows []member
}

// A member is a student of a team, as a row of the file names both.
type member struct {
	team, student string
	line          int
}

// ParseTeams reads a CSV file with the columns team and student, a row a student.
func ParseTeams(data []byte) (*Teams, error) {
	in := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	in.FieldsPerRecord = -1
	rows, err := in.ReadAll()
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("it is empty; its first row names the columns: team,student")
	}
	column := func(name string) int {
		return slices.IndexFunc(rows[0], func(cell string) bool { return strings.EqualFold(strings.TrimSpace(cell), name) })
	}
	team, student := column("team"), column("student")
	if team < 0 || student < 0 {
		return nil, fmt.Errorf("its first row is %q; it names the columns team and student", rows[0])
	}
	t := new(Teams)
	for i, row := range rows[1:] {
		if len(row) <= max(team, student) {
			return nil, fmt.Errorf("row %d has no team or no student: %q", i+2, row)
		}
		m := member{strings.TrimSpace(row[team]), strings.TrimSpace(row[student]), i + 2}
		if m.team == "" || m.student == "" {
			return nil, fmt.Errorf("row %d has no team or no student: %q", m.line, row)
		}
		if j := slices.IndexFunc(t.rows, func(o member) bool { return strings.EqualFold(o.student, m.student) }); j >= 0 {
			return nil, fmt.Errorf("row %d: %q is in two teams, see row %d", m.line, m.student, t.rows[j].line)
		}
		t.rows = append(t.rows, m)
	}
	return t, nil
}

// Divide gives what a team has handed in to each of its members. A team is called
// as its hand-in is, or as the course platform calls it. Members of a team that has
// handed in nothing have handed in nothing.
func (c *Class) Divide(t *Teams, reserved ...string) error {
	byTeam := make(map[string][]given)
	var own []Entry // of those in no team
	for _, e := range c.Entries {
		i := slices.IndexFunc(t.rows, func(m member) bool { return e.isOf(m.team) })
		if i < 0 {
			own = append(own, e)
			continue
		}
		team := t.rows[i].team
		if byTeam[team] != nil {
			return fmt.Errorf("row %d: two hand-ins are called as the team %q is; keep the one that counts", t.rows[i].line, team)
		}
		byTeam[team] = e.given
	}
	c.Entries = own
	for _, m := range t.rows {
		name := wholeName(readable(m.student))
		switch {
		case strings.ContainsAny(name, `/\`) || name == "":
			return fmt.Errorf("row %d: no student can be called %q", m.line, m.student)
		case slices.ContainsFunc(reserved, func(r string) bool { return strings.EqualFold(r, name) }):
			name += "%"
		}
		if e := c.entry(name); e != nil {
			return fmt.Errorf("row %d: %q is in the team %q and has handed in alone, too; keep what counts", m.line, m.student, m.team)
		}
		c.Entries = append(c.Entries, Entry{Name: name, Team: m.team, given: byTeam[m.team]})
	}
	sortEntries(c.Entries)
	return nil
}

// isOf reports whether the entry is what a team has handed in.
func (e Entry) isOf(team string) bool {
	return strings.EqualFold(e.Name, wholeName(readable(team))) || strings.EqualFold(e.stem(), team)
}

// stem is the name without the number that a platform puts behind it.
func (e Entry) stem() string {
	if e.given[0].origin == "" {
		return e.Name
	}
	return e.Name[:strings.LastIndexByte(e.Name, '_')]
}
