package intake

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tell says in a line what the class has of each student.
func tell(t *testing.T, entries []Entry, lessons ...string) (lines []string) {
	t.Helper()
	w := Want{Known: known, Lessons: lessons}
	if len(lessons) == 1 {
		w.Alone = lessons[0]
	}
	for _, e := range entries {
		s, err := e.Open(w)
		if err != nil {
			lines = append(lines, e.Name+": error: "+err.Error())
			continue
		}
		line := e.Name + ":"
		for _, lesson := range slices.Sorted(maps.Keys(s.Lessons)) {
			line += fmt.Sprintf(" %s%v", lesson, s.Lessons[lesson].Names())
		}
		if s.Origin != "" {
			line += " of " + s.Origin
		}
		if s.Team != "" {
			line += " by " + s.Team
		}
		for _, n := range s.Aside {
			line += fmt.Sprintf("; %s: %s", n.File, n.Message)
		}
		if s.Unreadable != "" {
			line += "; unreadable: " + s.Unreadable
		}
		lines = append(lines, line)
	}
	return lines
}

// A class comes as the platforms pack it, as a zip or unpacked.
func TestPlatforms(t *testing.T) {
	text := func(data []byte) string { return string(data) }
	chat := file{path: "exercises/chat/chat.go", text: "c"}
	hw := text(zipOf(t, chat, file{path: "__MACOSX/exercises/chat/._chat.go"}))
	tests := []struct {
		name    string
		lessons []string
		files   []file
		want    []string
	}{
		{"moodle", known, []file{
			{path: "李 伟_123_assignsubmission_file/exercises/chat/chat.go"}, {path: "李 伟_123_assignsubmission_file/Thumbs.db"},
			{path: "Ann Lee_124_assignsubmission_file_/hw.zip", text: hw},
			{path: "Ann Lee_124_assignsubmission_onlinetext/onlinetext.html"},
			{path: "Bob_125_assignsubmission_onlinetext/onlinetext.html"},
			{path: "Eve_126_assignsubmission_file/a.zip", text: text(zipOf(t, file{path: "chat/x.go"}))},
			{path: "Eve_126_assignsubmission_file/subnet.zip", text: text(zipOf(t, file{path: "y.go"}))},
			{path: "__MACOSX/._x"}, {path: ".DS_Store"}, {path: "desktop.ini"}},
			[]string{
				"Ann Lee_124: chat[chat.go] of Ann Lee_124_assignsubmission_file_; Ann Lee_124_assignsubmission_onlinetext: ignored: a text that was handed in beside the files",
				"Bob_125: of Bob_125_assignsubmission_file; unreadable: a text was handed in on the course platform, and no file; hand in the files of the program",
				"Eve_126: chat[x.go] subnet[y.go] of Eve_126_assignsubmission_file",
				"李 伟_123: chat[chat.go] of 李 伟_123_assignsubmission_file",
			}},
		{"moodle without folders", known, []file{
			{path: "Ann Lee_124_assignsubmission_file_hw.zip", text: hw}, {path: "Ann Lee_124_assignsubmission_file_report.pdf"},
			{path: "Bob_125_assignsubmission_onlinetext_onlinetext.html"}},
			[]string{
				`Ann Lee_124: chat[chat.go] of Ann Lee_124_assignsubmission_file; report.pdf: ignored: not in the folder of a lesson`,
				"Bob_125: of Bob_125_assignsubmission_file; unreadable: a text was handed in on the course platform, and no file; hand in the files of the program",
			}},
		{"one folder around moodle", known, []file{{path: "NET-HW1-99/Ann_124_assignsubmission_file/chat/chat.go"}, {path: "NET-HW1-99/Bob_125_assignsubmission_file/chat/chat.go"}},
			[]string{"Ann_124: chat[chat.go] of Ann_124_assignsubmission_file", "Bob_125: chat[chat.go] of Bob_125_assignsubmission_file"}},
		{"canvas", []string{"chat"}, []file{
			{path: "liwei_111_222_main.go"}, {path: "liwei_111_223_chat-1.go"}, {path: "liwei_111_221_chat.go"},
			{path: "leeann_LATE_112_224_work.zip", text: text(zipOf(t, file{path: "old/chat.go"}))},
			{path: "leeann_LATE_112_324_work-2.zip", text: text(zipOf(t, file{path: "new/server.go"}))},
			{path: "bob_113_text.html"}, {path: "eve_114_300_report.pdf"}},
			[]string{
				"bob_113: of bob_113; unreadable: a text was handed in on the course platform, and no file; hand in the files of the program",
				"eve_114: of eve_114_300_report.pdf; report.pdf: ignored: not part of the program",
				"leeann_112: chat[server.go] of leeann_LATE_112_324_work-2.zip; leeann_LATE_112_224_work.zip: handed in late, says the course platform; leeann_LATE_112_324_work-2.zip: handed in late, says the course platform; leeann_LATE_112_224_work.zip: ignored: a newer file of this name was handed in",
				"liwei_111: chat[chat.go main.go] of liwei_111_223_chat-1.go; liwei_111_221_chat.go: ignored: a newer file of this name was handed in",
			}},
		{"several archives in canvas", known, []file{
			{path: "ann_1_10_chat.zip", text: text(zipOf(t, file{path: "chat.go"}))}, {path: "ann_1_11_subnet.zip", text: text(zipOf(t, file{path: "main.go"}))},
			{path: "ann_1_12_again.zip", text: text(zipOf(t, file{path: "chat/new.go"}))}},
			[]string{"ann_1: chat[new.go] subnet[main.go] of ann_1_12_again.zip; chat.zip/: ignored: a newer hand-in counts"}},
		{"numbered files of one program", []string{"chat"}, []file{{path: "ann_1_10_main.go"}, {path: "ann_1_11_part-1.go"}, {path: "ann_1_12_part-2.go"}},
			[]string{"ann_1: chat[main.go part-1.go part-2.go] of ann_1_10_main.go"}},
		{"clones of github classroom", known, []file{{path: "hw1-submissions/hw1-ann/exercises/chat/chat.go"}, {path: "hw1-submissions/hw1-ann/.git/HEAD"}, {path: "hw1-submissions/hw1-ann-lee/chat/chat.go"}},
			[]string{"ann: chat[chat.go]", "ann-lee: chat[chat.go]"}},
		{"classroom 50", known, []file{
			{path: "scores.csv", text: "username,score\nAnn,\nann-lee,3\nbob,\n"}, {path: "net-hw1-ann/chat/chat.go"}, {path: "net-hw1-ann/result.json"}, {path: "net-hw1-ann-lee/chat/chat.go"}},
			[]string{"ann: chat[chat.go]; result.json: ignored: not in the folder of a lesson", "ann-lee: chat[chat.go]"}},
		{"clones of an organisation", known, []file{{path: "hw1-ann/chat/chat.go"}, {path: "hw1-bob/chat/chat.go"}}, []string{"hw1-ann: chat[chat.go]", "hw1-bob: chat[chat.go]"}},
	}
	for _, test := range tests {
		dir := folderOf(t, test.files...)
		for _, path := range []string{dir, archived(t, "download.zip", zipOf(t, test.files...))} {
			t.Run(test.name+filepath.Ext(path), func(t *testing.T) {
				entries, _ := class(t, path)
				got := tell(t, entries, test.lessons...)
				for i := range got { // what a folder leaves out, an archive does not list
					got[i] = strings.ReplaceAll(got[i], "; Thumbs.db: ignored: not in the folder of a lesson", "")
				}
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("the class (-want +got):\n%s", diff)
				}
			})
		}
	}
}

// Names in an archive are as its archiver wrote them.
func TestNamesInArchives(t *testing.T) {
	const wei = "\xc0\xee\xce\xb0" // 李伟 in GBK
	tests := []struct {
		name, file, want string
	}{
		{"GBK", wei + "_12_assignsubmission_file/chat/chat.go", "李伟_12: chat[chat.go] of 李伟_12_assignsubmission_file"},
		{"backslashes", `Ann_12_assignsubmission_file\chat\chat.go`, "Ann_12: chat[chat.go] of Ann_12_assignsubmission_file"},
		{"letters that macOS took apart", "Ande\u0301_12_assignsubmission_file/chat/chat.go", "And\u00e9_12: chat[chat.go] of And\u00e9_12_assignsubmission_file"},
		{"neither UTF-8 nor GBK", "\xff\xff/chat/chat.go", "%FF%FF: chat[chat.go]"},
		{"a name with a line end", "a\nb/chat/chat.go", "a%0Ab: chat[chat.go]"},
		{"out of the class", "../ann/chat/chat.go", "ann:"},
	}
	for _, test := range tests {
		entries, _ := class(t, archived(t, "download.zip", zipOf(t, file{path: test.file})))
		if got := tell(t, entries, known...); len(got) != 1 || got[0] != test.want {
			t.Errorf("%s: %q; want %q", test.name, got, test.want)
		}
	}
}

// A class that is no zip says so, and a hand-in in it is bounded as any other.
func TestClassArchive(t *testing.T) {
	if _, err := OpenClass(archived(t, "download.zip", []byte("<html>"))); err == nil || !strings.Contains(err.Error(), "not a zip that can be read") {
		t.Errorf("error %v; want that it is no zip", err)
	}
	lower(t, func(l *limits) { l.inner, l.entries = 1000, 3 })
	files := []file{{path: "ann.zip", text: strings.Repeat("PK", 501)}, {path: "eve", link: "/etc"}}
	for i := range 4 {
		files = append(files, file{path: fmt.Sprintf("bob/chat/%d.go", i)})
	}
	entries, _ := class(t, archived(t, "download.zip", zipOf(t, files...)))
	want := []string{"ann:; unreadable: it has more than 1000 bytes", "bob:; unreadable: it holds more than 3 files; hand in the lessons' folders only"}
	if diff := cmp.Diff(want, tell(t, entries, known...)); diff != "" {
		t.Errorf("the class (-want +got):\n%s", diff)
	}
}

// A team's hand-in stands in the place of each member.
func TestTeams(t *testing.T) {
	dir := folderOf(t, file{path: "red.zip", text: string(zipOf(t, file{path: "chat/chat.go"}))}, file{path: "Blue team_17_assignsubmission_file/chat/main.go"}, file{path: "zoe/chat/chat.go"})
	tests := []struct{ name, csv, want string }{
		{"members", "team,student\nred,ann\nred,bob\nblue team,eve\ngrey,gus\n",
			"ann: chat[chat.go] by red, bob: chat[chat.go] by red, eve: chat[main.go] by blue team, gus: by grey, zoe: chat[chat.go]"},
		{"columns in any order", "\ufeffid,Student,Team\n1,ann,red\n", "Blue team_17: chat[main.go] of Blue team_17_assignsubmission_file, ann: chat[chat.go] by red, zoe: chat[chat.go]"},
		{"in two teams", "team,student\nred,ann\nblue,Ann\n", `row 3: "Ann" is in two teams, see row 2`},
		{"alone as well", "team,student\nred,zoe\n", `row 2: "zoe" is in the team "red" and has handed in alone, too; keep what counts`},
		{"no column", "ann,red\n", `its first row is ["ann" "red"]; it names the columns team and student`},
		{"a path", "team,student\nred,../ann\n", `row 2: no student can be called "../ann"`},
	}
	for _, test := range tests {
		c, err := OpenClass(dir)
		if err != nil {
			t.Fatal(err)
		}
		teams, err := ParseTeams([]byte(test.csv))
		if err == nil {
			err = c.Divide(teams)
		}
		got := strings.ReplaceAll(strings.Join(tell(t, c.Entries, known...), ", "), ":;", ":")
		if err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("%s: %s; want %s", test.name, got, test.want)
		}
	}
}
