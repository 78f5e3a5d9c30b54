package worksheet

import (
	"encoding/json"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

func TestNormalise(t *testing.T) {
	for _, test := range []struct {
		step, answer string
		mode         Mode
		want         string
	}{
		{"1: full-width forms", "Ｅ，Ｇ", List, "e,g"},
		{"1: all of them", "！／：～", One, "!/:~"},
		{"1: a full-width question's parentheses", "ｂｉｎｄ（）", One, "bind"},
		{"1: a comma of Chinese", "A、B", List, "a,b"},
		{"1: a full stop of Chinese", "CLOSE_WAIT。", One, "close-wait"},
		{"1: an arrow", "bind→listen", List, "bind,listen"},
		{"1: an ideographic space is white space", "　A　", One, "a"},
		{"2: capitals", "SYN-Sent", One, "syn-sent"},
		{"2: no capitals but A to Z", "É", One, "É"},
		{"2: an underscore", "last_ack", One, "last-ack"},
		{"3: the parentheses of a call", "bind(), listen(), accept()", List, "bind,listen,accept"},
		{"3: no parentheses with something in them", "bind(x)", One, "bind(x)"},
		{"3: semicolons", "1;2；3", List, "1,2,3"},
		{"3: arrows of several lengths", "a -> b --> c => d ==> e > f", List, "a,b,c,d,e,f"},
		{"3: a dash and an equals sign alone stay", "1=a,dst-mac", List, "1=a,dst-mac"},
		{"4: white space at the ends", " \t63\n", One, "63"},
		{"4: around commas", "2 ,  3,\u00a04", List, "2,3,4"},
		{"4: around equals signs and colons", "2 = F, 203.0.113.7 : 61000", List, "2=f,203.0.113.7:61000"},
		{"4: elsewhere it becomes one space", "close \t\u3000 wait", One, "close-wait"},
		{"5: a phrase that stands for a word", "fin wait 1", One, "fin-wait-1"},
		{"5: a phrase among others", "IP address, Subnet Mask", List, "ip,mask"},
		{"5: another phrase is items", "2 3 4", List, "2,3,4"},
		{"5: full stops at its end", "close wait.", One, "close-wait"},
		{"5: full stops, and space before them", "close wait ..", One, "close-wait"},
		{"5: at an item's end", "www.example.com. com.", List, "www.example.com,com"},
		{"5: nothing but a full stop", ".", One, "root"},
		{"5: in a list", "., com, example.com.", List, "root,com,example.com"},
		{"5: nothing between commas is no item", "2,,3,", List, "2,3"},
		{"6: an item that stands for a word", "广播", One, "all"},
		{"6: a MAC address", "FF:FF:FF:FF:FF:FF", One, "all"},
		{"6: an item among items", "ESTAB l3", List, "established,3"},
		{"6: on either side of an equals sign", "l1=14-9D-DA-2A-DD-0A, 2 = 14:9d:da:2a:dd:0b", List, "1=a,2=b"},
		{"7: a set is sorted", "F,E,R0", Set, "e,f,r0"},
		{"7: and each is there once", "2,3,2", Set, "2,3"},
		{"7: by its word", "无, none", Set, "none"},
		{"7: a list keeps its order, and all of it", "yes,no,yes", List, "yes,no,yes"},
		{"7: one is not sorted", "b a", One, "b,a"},
		{"nothing", " ", One, ""},
		{"what is no UTF-8", "a\xff", One, "a\ufffd"},
	} {
		if got := Normalise(test.answer, test.mode); got != test.want {
			t.Errorf("%s: %q is %q; want %q", test.step, test.answer, got, test.want)
		}
	}
}

// Whatever is answered, nothing is left of what the steps take away.
func FuzzNormalise(f *testing.F) {
	f.Add("Ｅ ， Ｇ。")
	f.Add("a -> b;c () _ . 1 = 2")
	f.Fuzz(func(t *testing.T, answer string) {
		for _, mode := range []Mode{One, List, Set} {
			if got := Normalise(answer, mode); strings.ContainsAny(got, " \t\n\u3000;>_ABCDEFGHIJKLMNOPQRSTUVWXYZ") || strings.Contains(got, ",,") {
				t.Errorf("%q is %q", answer, got)
			}
		}
	})
}

// No spelling stands for two words, and each is found: it is normalised itself.
func TestSpellings(t *testing.T) {
	var words map[string][]string
	if err := json.Unmarshal([]byte(spellingsFile), &words); err != nil {
		t.Fatal(err)
	}
	wordOf := make(map[string]string)
	for word, all := range words {
		for _, s := range append(all, word) {
			if other, twice := wordOf[s]; twice {
				t.Errorf("%q stands for %q and for %q", s, word, other)
			}
			wordOf[s] = word
			if got := Normalise(s, One); got != word {
				t.Errorf("%q is %q; want %q", s, got, word)
			}
		}
	}
}

func TestMark(t *testing.T) {
	// printf 'wirebook concepts request-to all' | sha256sum | cut -c 1-32
	if got, want := Mark("request-to", "all"), "03ee415008a68ea2706d56fa3c4bb2d6"; got != want {
		t.Errorf("%s; want %s", got, want)
	}
}

const key = "../../../solutions/concepts/questions.json"

// Each question of the key takes its right answers, and says of each known wrong answer
// what stands with it.
func TestKey(t *testing.T) {
	text, err := os.ReadFile(key)
	if err != nil {
		t.Skip("the solutions are not here: ", err)
	}
	var questions []Question
	if err := json.Unmarshal(text, &questions); err != nil {
		t.Fatal(err)
	}
	for _, q := range questions {
		asked, form := marked(t, q)
		if asked.judge(form, q.Like, strconv.Quote) == "" {
			t.Errorf("%s: the example of how it is written is an answer", q.ID)
		}
		for _, right := range q.Right {
			for _, spelled := range []string{right, fullWidth(right), " " + strings.ToUpper(right) + "。", strings.ReplaceAll(right, ",", " ， ")} {
				if wrong := asked.judge(form, spelled, strconv.Quote); wrong != "" {
					t.Errorf("%s: %q is right, but: %s", q.ID, spelled, wrong)
				}
			}
		}
		known := make(map[string]bool)
		for _, w := range q.Wrong {
			for _, a := range w.Answers {
				if want := "no, not " + strconv.Quote(a) + ": " + w.English + " " + w.Chinese; asked.judge(form, a, strconv.Quote) != want {
					t.Errorf("%s: %q: %s; want %s", q.ID, a, asked.judge(form, a, strconv.Quote), want)
				}
				if n := Normalise(a, q.Mode); known[n] {
					t.Errorf("%s: %q stands twice among the wrong answers", q.ID, n)
				} else {
					known[n] = true
				}
			}
		}
	}
}

// fullWidth writes an answer as some keyboards of Chinese do.
func fullWidth(s string) string {
	return strings.Map(func(r rune) rune {
		if '!' <= r && r <= '~' {
			return r - '!' + '\uff01'
		}
		return r
	}, s)
}

// marked returns a question as a scenario has it.
func marked(t *testing.T, q Question) (Question, *regexp.Regexp) {
	t.Helper()
	asked, form, err := parse(q.Marked().Text())
	if err != nil {
		t.Fatal(err)
	}
	return asked, form
}

func TestParse(t *testing.T) {
	const good = "id a\nmode one\nform [ab]\nlike a\nright 0123456789abcdef0123456789abcdef\nwrong 00000000000000000000000000000000\nen no\nzh 不\n"
	for _, test := range []struct{ old, new, want string }{
		{"", "", ""},
		{"id a", "name a", `"name a\n" is no line of a question`},
		{"id a", "id", "a question needs an id"},
		{"mode one", "mode two", `a: its mode "two" is not known`},
		{"[ab]", "[", "a: its form: error parsing regexp"},
		{" 0123456789abcdef0123456789abcdef", "", "a question needs"},
		{"0123456789abcdef0123456789abcdef", "all", `a: "all" is no mark of an answer`},
		{"00000000000000000000000000000000", "0000000000000000000000000000000G", `a: "0000000000000000000000000000000G" is no mark`},
		{"zh 不", "zh", "a: a known mistake needs answers and a sentence in both languages"},
		{"wrong 00000000000000000000000000000000\n", "", `"en no\n" is no line of a question`},
	} {
		_, _, err := parse([]byte(strings.Replace(good, test.old, test.new, 1)))
		if got := errorText(err); !strings.HasPrefix(got, test.want) || (got == "") != (test.want == "") {
			t.Errorf("with %s: %q; want %q", test.new, got, test.want)
		}
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// What is no answer of the question's form is told apart from a wrong one.
func TestJudge(t *testing.T) {
	q, form := marked(t, Question{ID: "q", Mode: Set, Form: `[1-4](?:,[1-4])*`, Like: "1,4", Right: []string{"2,3"},
		Wrong: []Wrong{{Answers: []string{"2"}, English: "One more.", Chinese: "还有一个。"}}})
	for _, test := range []struct{ answer, want string }{
		{"3、2", ""},
		{"2", `no, not "2": One more. 还有一个。`},
		{"4", `no, not "4" 不对`},
		{"ports 2 and 3", `"ports 2 and 3" is not written as an answer to this question, so it was not judged; write it like this: 1,4 答案的写法不对，还没有判对错；请照这样写：1,4`},
		{"x2", `"x2" is not written`}, // the whole answer has the form
	} {
		if got := q.judge(form, test.answer, strconv.Quote); !strings.HasPrefix(got, test.want) || (got == "") != (test.want == "") {
			t.Errorf("%q: %q; want %q", test.answer, got, test.want)
		}
	}
}
