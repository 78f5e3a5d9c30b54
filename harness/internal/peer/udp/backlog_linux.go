package udp

import (
	"bytes"
	"io"
	"os"
	"strconv"
	"sync"

	"wirebook/harness/internal/sys"
)

// backlogColumn is where a line of /proc/net/softnet_stat, one a processor,
// counts the packets that were sent over loopback and that no socket has yet.
const backlogColumn = 11

// softnet is that file. It is kept open, since to read it anew is several times
// quicker than to open it, too.
var softnet struct {
	sync.Mutex
	file *os.File
	text []byte
}

// InFlight returns how many packets the kernel has taken from senders of this
// machine and not yet given to a socket. Mostly there are none, since a send
// over loopback delivers before it returns; on a busy machine the kernel may
// put that off.
func InFlight() (n int, known bool) {
	if sys.Blind() {
		return 0, false
	}
	softnet.Lock()
	defer softnet.Unlock()
	if !readSoftnet() {
		return 0, false
	}
	for line := range bytes.Lines(softnet.text) {
		columns := bytes.Fields(line)
		if len(columns) <= backlogColumn {
			return 0, false // before Linux 5.14
		}
		backlog, err := strconv.ParseUint(string(columns[backlogColumn]), 16, 32)
		if err != nil {
			return 0, false
		}
		n += int(backlog)
	}
	return n, true
}

// readSoftnet reads the file into a text that has room for all of it.
func readSoftnet() bool {
	if softnet.file == nil {
		file, err := os.Open("/proc/net/softnet_stat")
		if err != nil {
			return false
		}
		softnet.file, softnet.text = file, make([]byte, 4096)
	}
	for {
		room := softnet.text[:cap(softnet.text)]
		n, err := softnet.file.ReadAt(room, 0)
		switch {
		case err == io.EOF:
			softnet.text = room[:n]
			return true
		case err != nil:
			return false
		}
		softnet.text = make([]byte, 2*len(room))
	}
}
