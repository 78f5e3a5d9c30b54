package grade

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"os"
)

// unfinished ends the name of a file that is being written. A grader that is
// killed leaves it, and the next one writes over it.
const unfinished = ".unfinished"

// WriteWhole writes a file whole or not at all, also when the process or the
// machine dies. Two writers of one path must not meet; a Folder's lock sees to
// that.
func WriteWhole(path string, write func(io.Writer) error) error {
	file, err := os.OpenFile(path+unfinished, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	buffered := bufio.NewWriter(file)
	err = write(buffered)
	if err == nil {
		err = buffered.Flush()
	}
	if err == nil {
		err = file.Sync()
	}
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(path+unfinished, path)
	}
	if err != nil {
		return errors.Join(err, ignoreMissing(os.Remove(path+unfinished)))
	}
	return nil
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
