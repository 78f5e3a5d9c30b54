package verify

import (
	"regexp"
	"slices"
	"strings"

	"wirebook/grader/internal/workbook"
)

// A rule is a numbered item of a README that says what the program must do and
// ends with the scenarios that check it:
//
//  3. A line ends with LF. (`split-line`, `glued-lines`†)
//
// A † marks a hidden scenario: `go test` does not know its name.
type rule struct {
	number    string
	scenarios []string // sorted
	marked    []string // those with a †
}

var (
	heading = regexp.MustCompile(`(?m)^## `)
	item    = regexp.MustCompile(`(?m)^(\d+)\. `)
	checked = regexp.MustCompile("[(（]((?:`[a-z0-9-]+`†?[,，、 \n]*)+)[)）][.。]?\\s*$")
	quoted  = regexp.MustCompile("`([a-z0-9-]+)`(†?)")
)

// readRules finds the rules in a README: the numbered items of each section in
// which at least one names scenarios. There, each must.
func (r *Report) readRules(where, readme string) (rules []rule) {
	for _, section := range heading.Split(readme, -1) {
		var here []rule
		var bare []string
		starts := item.FindAllStringSubmatchIndex(section, -1)
		for i, at := range starts {
			end := len(section)
			if i+1 < len(starts) {
				end = starts[i+1][0]
			}
			number := section[at[2]:at[3]]
			if names, marked := ruleScenarios(section[at[1]:end]); names != nil {
				here = append(here, rule{number, names, marked})
			} else {
				bare = append(bare, number)
			}
		}
		if len(here) == 0 {
			continue
		}
		for _, number := range bare {
			r.problem("%s: rule %s names no scenario at its end, as in: (`split-line`)", where, number)
		}
		rules = append(rules, here...)
	}
	if len(rules) == 0 {
		r.problem("%s: no rule; a rule is a numbered item that ends with its scenarios, as in: 3. A line ends with LF. (`split-line`)", where)
	}
	return rules
}

// ruleScenarios returns the scenarios at the end of a rule's text, which ends
// at the first empty line that no indented line follows, and those of them that
// are marked as hidden.
func ruleScenarios(text string) (names, marked []string) {
	var kept []string
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if i > 0 && strings.TrimSpace(lines[i-1]) == "" && !strings.HasPrefix(line, " ") {
			break
		}
		kept = append(kept, line)
	}
	m := checked.FindStringSubmatch(strings.Join(kept, "\n"))
	if m == nil {
		return nil, nil
	}
	for _, q := range quoted.FindAllStringSubmatch(m[1], -1) {
		names = append(names, q[1])
		if q[2] != "" {
			marked = append(marked, q[1])
		}
	}
	slices.Sort(names)
	return slices.Compact(names), marked
}

// inspectMarks checks that the scenarios that are hidden, and no others, have a †.
func (r *Report) inspectMarks(where string, rules []rule, lesson *workbook.Lesson) {
	for _, rule := range rules {
		for _, s := range lesson.Scenarios {
			if !slices.Contains(rule.scenarios, s.Name) {
				continue
			}
			switch marked := slices.Contains(rule.marked, s.Name); {
			case s.Hidden && !marked:
				r.problem("%s: rule %s: the scenario %q is hidden; put a † behind its name", where, rule.number, s.Name)
			case !s.Hidden && marked:
				r.problem("%s: rule %s: the scenario %q is not hidden; remove the † behind its name", where, rule.number, s.Name)
			}
		}
	}
}

// inspectRules checks that rules and public scenarios name each other.
func (r *Report) inspectRules(where string, rules []rule, lesson *workbook.Lesson) {
	named := make(map[string]bool)
	for _, rule := range rules {
		for _, name := range rule.scenarios {
			named[name] = true
			if !hasScenario(lesson, name) && len(lesson.Solution) > 0 {
				r.problem("%s: rule %s names the scenario %q, which does not exist", where, rule.number, name)
			}
		}
	}
	for _, s := range lesson.Scenarios {
		if !s.Hidden && !named[s.Name] {
			r.problem("%s: no rule names the public scenario %q", where, s.Name)
		}
	}
}

// compareRules checks that a translation has the same rules.
func (r *Report) compareRules(where string, rules, translated []rule) {
	scenarios := func(all []rule, number string) []string { // nil where there is no such rule
		for _, rule := range all {
			if rule.number == number {
				return rule.scenarios
			}
		}
		return nil
	}
	for _, rule := range rules {
		switch names := scenarios(translated, rule.number); {
		case names == nil:
			r.problem("%s: rule %s of README.md is missing", where, rule.number)
		case !slices.Equal(names, rule.scenarios):
			r.problem("%s: rule %s names %s; in README.md it names %s", where, rule.number, strings.Join(names, ", "), strings.Join(rule.scenarios, ", "))
		}
	}
	for _, rule := range translated {
		if scenarios(rules, rule.number) == nil {
			r.problem("%s: rule %s is not in README.md", where, rule.number)
		}
	}
}
