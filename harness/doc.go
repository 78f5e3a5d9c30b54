/*
Package harness plays scenarios with programs that talk over a network, and says
what they did. It is the engine of the workbook: `go test` in a lesson's folder
and the grader both use it.

A [Scenario] is a txtar archive that testscript plays. Its first line is its
title and its points; the further # lines are its phases, each a promise that
the program must keep; the lines between are commands:

	# A line that arrives in pieces is printed once, whole. (2 points)
	start server -listen 127.0.0.1:0
	dial ann $server
	screen server 'connected '$ann'\n'
	# Ann's line comes byte by byte.
	send ann 'hello\n' -split each
	screen server $ann': hello\n'
	-- hint.md --
	A Read returns what has arrived, which may be a part of a line.
	---
	Which type of package bufio gives you whole lines?

A [Player] plays a scenario with one program, an executable that it starts as
often as the scenario says, and returns a [Result]. Everything else in a play is
ours: the peers that connect to the program or that it connects to. They send
what the script says in exactly the pieces that it says, and keep every byte
that comes: one that no command asked for fails the scenario at its end.

Nothing here waits for a time to pass. A step ends when what it asks for has
come, when it can no longer come, or when the program owes something and does
nothing: limits count rest and work of the program, not time, so that a busy
machine changes no verdict. quiet, and the pause between two pieces of a send,
are decided by what the kernel knows of both ends.

Bytes stand in single quotes with Go's escapes: '\n \xff \u4f60'. Outside of
quotes $NAME is the address of a peer or program. Of testscript's own commands a
scenario may use cd, cmp, cp, env, exists, grep, mkdir, rm, skip and symlink;
every line is checked when the scenario is loaded. Files of the archive below w/
are the program's working directory; the others are for -file alone.

# Commands

*/
package harness
