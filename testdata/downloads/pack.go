//go:build ignore

// Command pack writes the downloads that are zips.
//
//	go run ./grader sample DIR
//	go run pack.go DIR         in this folder
//
// DIR is the sample class, of which hand-ins are packed. The same bytes come out each time.
package main

import (
	"archive/zip"
	"bytes"
	"log"
	"os"
	"path/filepath"
)

// A file is one of an archive.
type file struct{ name, text string }

// of are the files of a hand-in of the sample class, below a folder.
func of(student, folder string) []file {
	var files []file
	for _, name := range []string{"hello.go", "main.go"} {
		text, err := os.ReadFile(filepath.Join(os.Args[1], student, "exercises", "hello", name))
		check(err)
		files = append(files, file{folder + name, string(text)})
	}
	return files
}

func zipped(files ...file) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range files {
		part, err := w.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Deflate})
		check(err)
		_, err = part.Write([]byte(f.text))
		check(err)
	}
	check(w.Close())
	return b.Bytes()
}

func main() {
	moodle := append(of("gravest-mistake", "Ann Lee_124_assignsubmission_file/exercises/hello/"),
		file{"Ann Lee_124_assignsubmission_onlinetext/onlinetext.html", "<p>Please see my files.</p>"},
		file{"Bob Sand_125_assignsubmission_onlinetext/onlinetext.html", "<p>I was ill.</p>"},
		file{"李 伟_123_assignsubmission_file/hello.zip", string(zipped(append(of("whole", "hello/"), file{"__MACOSX/hello/._hello.go", "\x00\x05\x16\x07"})...))},
	)
	check(os.WriteFile("moodle.zip", zipped(moodle...), 0o666))

	whole := of("whole", "")
	canvas := []file{
		{"liwei_111_221_hello.go", "package main // the first try\n"}, {"liwei_111_222_hello-1.go", whole[0].text}, {"liwei_111_223_main.go", whole[1].text},
		{"leeann_LATE_112_224_hello.zip", string(zipped(of("gravest-mistake", "hello/")...))}, {"leeann_LATE_112_225_report.pdf", "%PDF-1.4\n"},
		{"sandbob_113_text.html", "<p>I was ill.</p>"},
	}
	check(os.WriteFile("canvas.zip", zipped(canvas...), 0o666))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
