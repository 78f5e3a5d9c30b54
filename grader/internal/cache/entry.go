package cache

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"wirebook/grader/internal/result"
	"wirebook/grader/internal/source"
)

// format changes with the form or the meaning of an entry.
const format = "wirebook/cache/v1"

// maxEntry is how many bytes an entry may have, before it is packed: far more
// than a lesson's worst failures fill.
const maxEntry = 16 << 20

// A Key is all that decides what becomes of a program, but for the grader
// itself.
type Key struct {
	Files     source.Files
	Lesson    string
	Workbook  string // its hash
	Toolchain string // the version of Go
	Sandbox   string // the level
	Seed      int64
}

// digest is the name of a key's entry, for the grader of this hash.
func (k Key) digest(grader string) string {
	h := sha256.New()
	fmt.Fprintf(h, "%q %q %q %q %q %d %q\n", format, k.Lesson, k.Workbook, k.Toolchain, k.Sandbox, k.Seed, grader)
	k.Files.WriteTo(h)
	return hex.EncodeToString(h.Sum(nil))
}

// An Entry is what became of a program, and what there is to say about it.
type Entry struct {
	Lesson result.Lesson    `json:"lesson"`
	Advice []result.Finding `json:"advice"`
}

// checksum begins an entry's file: it is that of the name and of what follows
// behind a line end, the packed entry.
func checksum(name string, packed []byte) []byte {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%s\n", format, name)
	h.Write(packed)
	return hex.AppendEncode(nil, h.Sum(nil))
}

// read returns the entry of this name and notes that it was asked for. One that
// is damaged is removed.
func (c *Cache) read(name string) (Entry, bool) {
	path := filepath.Join(c.dir, name)
	text, err := os.ReadFile(path)
	if err != nil {
		return Entry{}, false
	}
	e, ok := unpack(name, text)
	if !ok {
		_ = os.Remove(path) // the entry that is written next replaces it, too
		return Entry{}, false
	}
	now := time.Now()
	_ = os.Chtimes(path, now, now) // at worst it is removed too early
	return e, true
}

func unpack(name string, text []byte) (e Entry, ok bool) {
	sum, packed, found := bytes.Cut(text, []byte("\n"))
	if !found || !bytes.Equal(sum, checksum(name, packed)) {
		return Entry{}, false
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return Entry{}, false
	}
	data, err := io.ReadAll(io.LimitReader(z, maxEntry+1))
	if err != nil || len(data) > maxEntry || json.Unmarshal(data, &e) != nil {
		return Entry{}, false
	}
	return e, true
}

// write keeps an entry, whole or not at all. One that cannot be kept is found
// out again, as is one that would be written otherwise once it has been read: it
// would show in a result that it was kept.
func (c *Cache) write(name string, e Entry) {
	var again Entry
	data, err := json.Marshal(e)
	if err != nil || len(data) > maxEntry || json.Unmarshal(data, &again) != nil {
		return
	}
	if same, err := json.Marshal(again); err != nil || !bytes.Equal(data, same) {
		return
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(data); err != nil || z.Close() != nil {
		return
	}
	file, err := os.CreateTemp(c.dir, "unfinished-*")
	if err != nil {
		return
	}
	_, err = fmt.Fprintf(file, "%s\n%s", checksum(name, packed.Bytes()), &packed)
	if closed := file.Close(); err != nil || closed != nil || os.Rename(file.Name(), filepath.Join(c.dir, name)) != nil {
		_ = os.Remove(file.Name())
	}
}

// executable is the hash of this executable. How scenarios are played is part of
// it, so another grader may come to other results.
func executable() (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", err
	}
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	h := sha256.New()
	if _, err := io.Copy(h, file); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
