package report

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wirebook/grader/internal/result"
	"wirebook/grader/internal/web/browser"

	"wirebook/harness/telling"
)

var pictures = flag.String("pictures", "", "a folder for pictures of the pages")

// large is a generated class: everybody lost something, in one of seven ways.
func large(students int) *Class {
	lessons := []string{"subnet", "arp", "chat", "upload", "colourchat", "auth", "desk", "timesync", "remotecmd", "ipc", "web", "dns"}
	var all []*result.Submission
	for i := range students {
		s := &result.Submission{Schema: result.Schema, Submission: fmt.Sprintf("student-%04d", i), Workbook: strings.Repeat("ab", 32), Seed: 7, Sandbox: "strong"}
		for n, name := range lessons {
			l := result.Lesson{Lesson: name, Status: result.Graded, Shape: fmt.Sprint(i % (students / 2 * (n + 1)))}
			for k := range 30 {
				sc := result.Scenario{Scenario: fmt.Sprintf("scenario-%d", k), Title: "It does what it should.", Status: telling.Pass, Score: result.Points(2), MaxScore: 2, Hidden: k > 20}
				if (i*7+n*3+k)%11 < i%7 {
					sc.Status, sc.Score = telling.Fail, result.Points(0)
					sc.Failure = &telling.Failure{Position: "x.txtar:3", Message: fmt.Sprintf("server should print %q, but something else came", fmt.Sprint(k))}
				}
				l.Scenarios = append(l.Scenarios, sc)
			}
			l.Sum()
			s.Lessons = append(s.Lessons, l)
		}
		s.Sum()
		all = append(all, s)
	}
	return One(all...)
}

// pageFile writes a page to a file.
func pageFile(t testing.TB, name string, write func(*os.File) error) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	file, err := os.Create(path)
	if err == nil {
		err = write(file)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func indexFile(t testing.TB, c *Class) string {
	return pageFile(t, "index.html", func(f *os.File) error { return Index(f, c) })
}

func studentFile(t testing.TB, c *Class) string {
	return pageFile(t, "student.html", func(f *os.File) error {
		for s := range c.Submissions {
			return Student(f, c, s)
		}
		return nil
	})
}

// The class is sorted and filtered in place, and no request leaves a page.
func TestPages(t *testing.T) {
	b := browser.New(t)
	pages := map[string]string{
		"index": indexFile(t, sample()), "student": studentFile(t, sample()),
		"hostile-index": indexFile(t, hostile()), "hostile-student": studentFile(t, hostile()), "large": indexFile(t, large(30)),
	}
	for name, path := range pages {
		attack := strings.HasPrefix(name, "hostile")
		for _, width := range []int{1280, 390} {
			for _, scheme := range []string{"light", "dark"} {
				if attack && scheme == "dark" {
					continue
				}
				b.Open(path, width, scheme)
				if len(b.Events) != 1 || !strings.HasPrefix(b.Events[0], "asks for file://") {
					t.Errorf("%s: %.500q; want nothing but the page", name, b.Events)
				}
				if got := b.Value("document.scrollingElement.scrollWidth"); got.(float64) > float64(width) {
					t.Errorf("%s is %v wide in a window of %d", name, got, width)
				}
				if got := b.Value("document.querySelectorAll('script').length"); !strings.Contains(name, "student") && got != 1.0 || strings.Contains(name, "student") && got != 0.0 {
					t.Errorf("%s has %v scripts", name, got)
				}
				if *pictures != "" && !attack {
					b.Picture(filepath.Join(*pictures, fmt.Sprintf("%s-%d-%s.png", name, width, scheme)))
				}
				if attack || (width == 390) != (scheme == "dark") {
					continue // each width and each scheme once
				}
				b.Axe(fmt.Sprintf("%s, %d, %s", name, width, scheme))
			}
		}
	}
	b.Open(pages["index"], 1280, "light")
	column := func() string {
		return b.Value("[...document.querySelectorAll('#class tbody tr:not([hidden])')].map(r => r.cells[0].textContent.slice(0, 3)).join()").(string)
	}
	click := func(i int) { b.Value(fmt.Sprintf("document.querySelectorAll('#class thead button')[%d].click()", i)) }
	for _, step := range []struct {
		do   func()
		want string
	}{
		{func() {}, "ann,=1+,eve"},
		{func() { click(0) }, "=1+,ann,eve"},
		{func() { click(0) }, "eve,ann,=1+"},
		{func() { click(3) }, "eve,=1+,ann"}, // the total; what is not known stands first
		{func() { click(3) }, "ann,=1+,eve"},
		{func() { b.Value("search.value = 'BUILD'; search.dispatchEvent(new Event('input'))") }, "=1+"},
		{func() { b.Value("search.value = 'error two'; search.dispatchEvent(new Event('input'))") }, "eve"},
		{func() { b.Value("search.value = ''; search.dispatchEvent(new Event('input'))") }, "ann,=1+,eve"},
	} {
		step.do()
		if got := column(); got != step.want {
			t.Errorf("the rows are %s; want %s", got, step.want)
		}
	}
	if got := b.Value("[...document.querySelectorAll('#class thead th')].map(h => h.getAttribute('aria-sort')).join()"); got != ",,,descending," {
		t.Errorf("what is sorted is told as %v", got)
	}
	if got := b.Value("shown.textContent"); got != "3 of 3 shown" {
		t.Errorf("what is shown is told as %v", got)
	}
}

// BenchmarkIndex loads the page of a class of a hundred and of a thousand in turns.
func BenchmarkIndex(b *testing.B) {
	chromium := browser.New(b)
	sizes := []int{100, 1000}
	load, sort, bytes := make([]float64, 2), make([]float64, 2), make([]float64, 2)
	paths := make([]string, 2)
	for i, n := range sizes {
		paths[i] = indexFile(b, large(n))
		info, err := os.Stat(paths[i])
		if err != nil {
			b.Fatal(err)
		}
		bytes[i] = float64(info.Size())
	}
	for b.Loop() {
		for i := range sizes {
			chromium.Open(paths[i], 1280, "light")
			load[i] += chromium.Value("(e => e.loadEventEnd - e.startTime)(performance.getEntriesByType('navigation')[0])").(float64)
			sort[i] += chromium.Value("(t => { document.querySelectorAll('#class thead button')[13].click(); document.body.offsetHeight; return performance.now() - t })(performance.now())").(float64)
		}
	}
	b.ReportMetric(load[1]/load[0], "load-1000/100")
	for i, n := range sizes {
		b.ReportMetric(load[i]/float64(b.N), fmt.Sprintf("load-ms-%d", n))
		b.ReportMetric(sort[i]/float64(b.N), fmt.Sprintf("sort-ms-%d", n))
		b.ReportMetric(bytes[i]/1024, fmt.Sprintf("KB-%d", n))
	}
}
