package udp

import (
	"bytes"
	"os"
	"strconv"
)

// backlogColumn is where a line of /proc/net/softnet_stat, one a processor,
// counts the packets that were sent over loopback and that no socket has yet.
const backlogColumn = 11

// InFlight returns how many packets the kernel has taken from senders of this
// machine and not yet given to a socket. Mostly there are none, since a send
// over loopback delivers before it returns; on a busy machine the kernel may
// put that off.
func InFlight() (n int, known bool) {
	stat, err := os.ReadFile("/proc/net/softnet_stat")
	if err != nil {
		return 0, false
	}
	for line := range bytes.Lines(stat) {
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
