package main

import (
	"bytes"
	"strings"
	"testing"
)

// What is wrong with the command line is told before anything is started.
func TestPlugUsage(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		args []string
		want string
	}{
		{nil, "plug: which lesson? as in: go run ./grader plug router"},
		{[]string{"chat"}, `plug: "chat": there is no such network; there are arp, `},
		{[]string{"router", "lswitch"}, `plug: "router lswitch": there is no such network`},
		{[]string{"router", "--"}, "plug: no program stands behind --"},
		{[]string{"router", "--loss", "101"}, "--loss 101: it is how many of a hundred frames are lost"},
		{[]string{"router", "--delay", "-1s"}, "--delay -1s: no frame arrives before it is sent"},
	} {
		var stdout, stderr bytes.Buffer
		if status := run(t.Context(), append([]string{"plug"}, test.args...), &stdout, &stderr); status != exitUsage || !strings.Contains(stderr.String(), test.want) {
			t.Errorf("%q: exit status %d: %s; want %s", test.args, status, &stderr, test.want)
		}
	}
}
