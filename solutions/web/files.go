package main

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// What a path may lead to, beside a file.
var (
	errNotFound = errors.New("not found")
	errFolder   = errors.New("a folder, named without the slash at its end")
)

// open opens the regular file that the parts of a path name. Two errors say more than
// that it does not: errNotFound and errFolder.
func open(root *os.Root, parts []string) (*os.File, fs.FileInfo, error) {
	name, err := fileName(parts)
	if err != nil {
		return nil, nil, err
	}
	// Look first: to open a named pipe would wait for who writes to it.
	info, err := root.Stat(name)
	switch {
	case err != nil:
		return nil, nil, errNotFound // a part behind a file or a name too long are no fs.ErrNotExist
	case info.IsDir() && parts[len(parts)-1] != "":
		return nil, nil, errFolder
	case !info.Mode().IsRegular():
		return nil, nil, errNotFound
	}
	f, err := root.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, errNotFound
	}
	if err != nil {
		return nil, nil, err
	}
	// The size of this file, and not of one that stood there a moment ago.
	info, err = f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errNotFound
	}
	if err != nil {
		f.Close()
		return nil, nil, err
	}
	return f, info, nil
}

// fileName makes a name below the folder of the parts of a path.
func fileName(parts []string) (string, error) {
	for i, part := range parts {
		last := i == len(parts)-1
		switch {
		case part == "" && last:
			parts = append(parts[:i:i], "index.html") // of a folder its index
		case part == "", strings.HasPrefix(part, "."), strings.ContainsAny(part, "/\\:\x00"):
			// Nothing hidden, and nothing that means more to a system than a name.
			return "", errNotFound
		}
	}
	return filepath.Join(parts...), nil
}

// types are the values of Content-Type by the end of a name. The table of package mime
// differs from machine to machine.
var types = map[string]string{
	".html": "text/html; charset=utf-8",
	".txt":  "text/plain; charset=utf-8",
	".css":  "text/css",
	".js":   "text/javascript",
	".json": "application/json",
	".svg":  "image/svg+xml",
	".png":  "image/png",
	".jpg":  "image/jpeg",
	".gif":  "image/gif",
}

// typeOf returns the Content-Type of a file.
func typeOf(name string) string {
	if known := types[path.Ext(name)]; known != "" {
		return known
	}
	return "application/octet-stream"
}
