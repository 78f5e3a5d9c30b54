package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"wirebook/grader/internal/sandbox"
	"wirebook/grader/internal/zone"
)

func doctorCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "What this machine's sandbox can do",
		Long: `Tries each level of the sandbox, in which "grade" runs the programs of others,
and tells what a level promises and why it is not reached. Nothing is read from
settings: a process is really shut in, and tries to break what is promised.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usagef("doctor: it takes no argument; there is %q", args[0])
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error {
			diagnose(cmd.Context(), cmd.OutOrStdout(), zone.Probe, sandbox.Impossible)
			return nil
		},
	}
}

// diagnose prints what probing each level gives, and what is impossible though a level
// works.
func diagnose(ctx context.Context, w io.Writer, probe func(context.Context, sandbox.Level) error, impossible func(sandbox.Level) []error) {
	best := sandbox.Plain
	for _, level := range sandbox.Levels {
		state := "works"
		err := probe(ctx, level)
		if err != nil {
			state = "does not work"
		}
		best = max(best, reached(level, err))
		fmt.Fprintf(w, "%v: %s\n    promises: %s\n", level, state, level.Promise())
		if err != nil {
			fmt.Fprintf(w, "    tried, and failed: %v\n", err)
			fmt.Fprintf(w, "    what helps: %s\n", remedy(level, err))
			continue
		}
		for _, reason := range impossible(level) {
			fmt.Fprintf(w, "    but %v\n", reason)
		}
	}
	fmt.Fprintf(w, "\ngrade will run programs at the level %v", best)
	if best == sandbox.Plain {
		fmt.Fprint(w, ", and only with --allow-unsandboxed")
	}
	fmt.Fprintln(w)
}

func reached(level sandbox.Level, err error) sandbox.Level {
	if err != nil {
		return sandbox.Plain
	}
	return level
}

// remedy is what may help where trying a level has failed.
func remedy(level sandbox.Level, err error) string {
	if zone.IsShortage(err) {
		return "try again when less runs on this machine, which has run out of something; grade does not take a lower level for it"
	}
	return remedies[level]
}

// remedies are what usually keeps a machine from a level.
var remedies = map[sandbox.Level]string{
	sandbox.Strong: "Linux 5.19 or newer, with Landlock; where user namespaces are forbidden, run as root, " +
		"or allow them (Ubuntu: sysctl kernel.apparmor_restrict_unprivileged_userns=0); " +
		"in Docker, which forbids them to root too, start the container with --security-opt seccomp=unconfined " +
		"(and --security-opt apparmor=unconfined where AppArmor runs): the grader then sets a stricter filter for each program",
	sandbox.Reduced: "Linux 5.19 or newer, with Landlock among the security modules that it starts with (lsm=landlock,...)",
}
