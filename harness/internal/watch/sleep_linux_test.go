package watch

import (
	"fmt"
	"syscall"
	"testing"
	"time"
)

func TestSlumberOf(t *testing.T) {
	const rest = "0x0 0x8 0x7ffc 0x4041"
	naps, sound := slumber{naps: true}, slumber{}
	for _, test := range []struct {
		text string
		want slumber
	}{
		{"running\n", slumber{running: true, naps: true}},
		{"-1 0x7ffc 0x4041\n", naps},
		{"", naps},
		{fmt.Sprintf("%d 0x7ffc 0x0 0x0 0x0 %s", syscall.SYS_NANOSLEEP, rest), naps},
		{fmt.Sprintf("%d 0x73af98 0x80 0x0 0x7ffc %s", syscall.SYS_FUTEX, rest), sound},
		{fmt.Sprintf("%d 0x3 0x7ffc 0x80 0xffffffff %s", syscall.SYS_EPOLL_PWAIT, rest), sound},
		{fmt.Sprintf("%d 0x3 0x7ffc 0x80 0xffffffffffffffff %s", syscall.SYS_EPOLL_PWAIT, rest), sound},
		{fmt.Sprintf("%d 0x3 0x7ffc 0x80 0x3e8 %s", syscall.SYS_EPOLL_PWAIT, rest), slumber{ends: true, after: time.Second}},
		{fmt.Sprintf("%d 0x3 0x7ffc 0x80 0x2 %s", syscall.SYS_EPOLL_PWAIT, rest), slumber{ends: true, after: 2 * time.Millisecond}},
		{fmt.Sprintf("%d 0x7ffc 0x1 0x0 0x0 %s", syscall.SYS_PPOLL, rest), sound},
		{fmt.Sprintf("%d 0x7ffc 0x1 0x7ffd 0x0 %s", syscall.SYS_PPOLL, rest), slumber{ends: true}},
	} {
		if got := slumberOf([]byte(test.text)); got != test.want {
			t.Errorf("%q: %+v, want %+v", test.text, got, test.want)
		}
	}
	for s, want := range map[slumber]bool{
		sound:                                 false,
		{ends: true}:                          true,
		{ends: true, after: time.Millisecond}: true,
		{ends: true, after: shortSleep + 1}:   false,
	} {
		if got := s.polls(); got != want {
			t.Errorf("%+v polls: %t, want %t", s, got, want)
		}
	}
}
