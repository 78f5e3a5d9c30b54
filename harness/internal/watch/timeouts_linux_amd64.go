package watch

import "syscall"

// timeouts are the calls that wait for news until a time is over. The Go runtime
// knows one alone, epoll_pwait(2).
var timeouts = map[int]timeout{
	syscall.SYS_EPOLL_PWAIT: {argument: 3},
	syscall.SYS_EPOLL_WAIT:  {argument: 3},
	syscall.SYS_POLL:        {argument: 2},
	syscall.SYS_PPOLL:       {argument: 2, pointer: true},
	syscall.SYS_SELECT:      {argument: 4, pointer: true},
	syscall.SYS_PSELECT6:    {argument: 4, pointer: true},
}
