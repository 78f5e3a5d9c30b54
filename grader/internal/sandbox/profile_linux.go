package sandbox

import (
	"fmt"
	"maps"
	"slices"

	"golang.org/x/sys/unix"
)

// powers are what a profile adds to what every program may do. What a program
// may read, write and execute is said by the jail's folders.
type powers struct {
	// calls are system calls that it may make whatever their arguments, and
	// rules those that it may make with some.
	calls []string
	rules func(level Level, landlock int) []rule
	// missing are calls that fail with ENOSYS, as if the kernel had none.
	missing []string
	// first gives the process namespace that the program is born into at Strong;
	// nil where it is itself the first process of one.
	first func() (*first, error)
	// namespaces are flags of clone(2) for those that the program has at Strong
	// beside what every program has.
	namespaces uintptr
	// marked gives each program a mark, a limit of its own that bounds nothing. Its
	// children inherit it, and cannot get rid of it; so the engine finds them, wherever
	// they go.
	marked bool
	// supervised has a supervisor connect in the program's place at Reduced, by
	// Unix sockets and no others.
	supervised bool
	// keepsUser lets the program be who the grader is, where that is root.
	keepsUser bool
}

// clone3 passes its flags by pointer, which a filter cannot read. Told that there
// is none, whoever needs it falls back to clone.
var noClone3 = []string{"clone3"}

// profiles are the powers of each, by name.
var profiles = map[string]powers{
	"": {
		rules:   onlyItself,
		missing: noClone3,
		first:   programs,
	},
	ownSockets: {
		rules:      itsSockets,
		missing:    noClone3,
		first:      programs,
		supervised: true,
	},
	runs: {
		calls:   []string{"execve", "fork", "vfork", "getpriority"},
		rules:   itsChildren,
		missing: noClone3,
		first:   newFirst,
		marked:  true,
	},
	tool.Name: {
		calls: append([]string{
			"clone", "clone3", "setrlimit", "fork", "vfork", "execve", "execveat", "kill", "tgkill", "tkill", "prctl", "setpgid",
			"setsid", "fcntl", "socket", "pidfd_open", "pidfd_send_signal", "ioctl", "mmap", "prlimit64", "socketpair",
			"getpriority", "setpriority", "sched_setaffinity", "fchown", "fchownat", "chown", "lchown", "memfd_create",
			truncate,
		}, byPath...),
		// A tool is told by no signal to end but the one that cannot be ignored.
		// So it can be the first process, and any user can start it.
		namespaces: unix.CLONE_NEWNET | unix.CLONE_NEWPID,
		keepsUser:  true,
	},
}

// supervised tells whether a supervisor connects for the program.
func (j *Jail) supervised() bool { return j.Level == Reduced && j.powers().supervised }

// powers are those of the jail's profile.
func (j *Jail) powers() powers { return profiles[j.Profile.Name] }

// Possible returns why programs of a profile cannot do at a level what they may.
func (p Profile) Possible(level Level) error {
	version, err := landlockVersion()
	if err != nil || level != Reduced {
		return nil // Start tells
	}
	return p.possible(version)
}

func (p Profile) possible(landlock int) error {
	if profiles[p.Name].marked && landlock < scopedFrom {
		return fmt.Errorf("at the level %v a program that starts others cannot end them on this kernel, whose Landlock has version %d: it would have to be allowed to end yours, too; version %d, of Linux 6.12, keeps them apart", Reduced, landlock, scopedFrom)
	}
	return nil
}

// Impossible lists what programs of some profile cannot do at a level, though lessons
// ask for it.
func Impossible(level Level) (reasons []error) {
	for _, name := range slices.Sorted(maps.Keys(profiles)) {
		if err := (Profile{Name: name}).Possible(level); err != nil {
			reasons = append(reasons, fmt.Errorf("lessons with the sandbox profile %q end as errors: %w", name, err))
		}
	}
	return reasons
}

// onlyItself are the rules of a program that starts no other.
func onlyItself(level Level, _ int) []rule {
	return append(conditions(level),
		// The child becomes the program. At that place there is no path any
		// more when it runs, so it becomes nothing else.
		rule{"execve", []condition{{0, equal, ownPath}}},
		rule{"clone", []condition{{0, without, newNamespaces}, {0, with, unix.CLONE_THREAD}}},
		rule{"kill", []condition{{0, equal, ownPID}}},
		rule{"tgkill", []condition{{0, equal, ownPID}}},
	)
}

// itsSockets are the rules of a program whose connections are supervised at Reduced:
// all that it can connect there are streams between Unix sockets.
func itsSockets(level Level, landlock int) []rule {
	rules := onlyItself(level, landlock)
	if level == Reduced {
		rules = slices.DeleteFunc(rules, func(r rule) bool { return r.call == "socket" })
		rules = append(rules, unixStreams("socket")...)
	}
	return rules
}

// itsChildren are the rules of a program that starts others. What it can signal
// is in its own process namespace, or where there is none, in its own domain of
// Landlock. Its children can leave its process group: they end with the namespace,
// and where there is none, the engine kills them by their mark.
func itsChildren(level Level, landlock int) []rule {
	rules := append(conditions(level),
		rule{"clone", []condition{{0, without, newNamespaces | unix.CLONE_PARENT}}},
		rule{"prctl", []condition{{0, equal, unix.PR_SET_PDEATHSIG}}},
		rule{call: "setpgid"}, rule{call: "setsid"},
	)
	if level == Strong || landlock >= scopedFrom {
		for _, call := range []string{"kill", "tgkill", "tkill", "pidfd_open", "pidfd_send_signal"} {
			rules = append(rules, rule{call: call})
		}
	}
	return rules
}
