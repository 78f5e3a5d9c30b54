package cache

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
)

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
