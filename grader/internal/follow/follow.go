// Package follow notices that files change: by what the system tells, or where it
// does not tell, by looking again and again.
//
// It rings a bell and says no more: an editor saves a file in several steps, and who
// wants to know what is different now has to read the files anyway.
package follow

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"
)

// interval is how often files are looked at that the system does not tell of.
const interval = 300 * time.Millisecond

// A Follower rings when something in its folders may have changed.
type Follower struct {
	// Bell is rung at changes; it holds one ring.
	Bell <-chan struct{}
	// Polls says why the folders are looked at again and again, "" where the system
	// tells of changes.
	Polls string
}

// Start follows the files that lie in these folders, not those in folders below them,
// until ctx ends. With poll it looks by itself.
func Start(ctx context.Context, folders []string, poll bool) *Follower {
	bell := make(chan struct{}, 1)
	ring := func() {
		select {
		case bell <- struct{}{}:
		default: // it rings already
		}
	}
	f := &Follower{Bell: bell}
	if poll {
		f.Polls = "as WIREBOOK_BLIND asks for"
	} else {
		f.Polls = notify(ctx, folders, ring)
	}
	if f.Polls != "" {
		// What was there before is no change.
		last := look(folders)
		go func() {
			ticker := time.NewTicker(interval)
			defer ticker.Stop()
			for {
				select {
				case <-ticker.C:
				case <-ctx.Done():
					return
				}
				if now := look(folders); now != last {
					last = now
					ring()
				}
			}
		}()
	}
	return f
}

// notify has the system ring. It returns why that cannot be done.
func notify(ctx context.Context, folders []string, ring func()) (why string) {
	for _, folder := range folders {
		if kind := network(folder); kind != "" {
			return fmt.Sprintf("%s lies on %s, which tells of no changes", folder, kind)
		}
	}
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return err.Error()
	}
	for _, folder := range folders {
		if err := watcher.Add(folder); err != nil {
			watcher.Close()
			return fmt.Sprintf("%s: %v", folder, err)
		}
	}
	go func() {
		defer watcher.Close()
		for {
			select {
			case _, open := <-watcher.Events:
				if !open {
					return
				}
			case _, open := <-watcher.Errors: // too many changes at once: there are some
				if !open {
					return
				}
			case <-ctx.Done():
				return
			}
			ring()
		}
	}()
	return ""
}

// look sums up what is in the folders: names, sizes and times.
func look(folders []string) (sum string) {
	for _, folder := range folders {
		entries, err := os.ReadDir(folder)
		if err != nil {
			sum += err.Error()
		}
		for _, e := range entries {
			var info fs.FileInfo
			if info, err = os.Stat(filepath.Join(folder, e.Name())); err == nil {
				sum += fmt.Sprintf("%s %d %d\n", e.Name(), info.Size(), info.ModTime().UnixNano())
			}
		}
	}
	return sum
}
