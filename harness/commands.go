package harness

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// table is made when it is first asked for, as patterns are.
var table struct {
	once sync.Once
	all  []*command
}

// commands is the script language: its documentation is made from it, and a
// scenario is checked against it when it is loaded.
func commands() []*command {
	table.once.Do(func() { table.all = newCommands() })
	return table.all
}

// newCommands makes the table, sorted by name. None of the names is one of
// testscript's own, which would silently win.
func newCommands() []*command {
	bytesFlags := []string{"times=", "file="}
	askFlags := append([]string{"match="}, bytesFlags...)
	all := []*command{
		{name: "start", args: "[-as NAME] [-nowait] [-env K=V] ROLE [ARG...]", min: 1, max: -1, flags: []string{"as=", "nowait", "env="}, leading: true, run: cmdStart,
			doc: "Start the program with the arguments ROLE ARG..., known as NAME (otherwise ROLE). With -listen, -cable or -port among them it waits for the program's \"listening on\" lines, unless -nowait is given, and sets $NAME to the address ($NAME_PORT for a named port)."},
		{name: "run", args: "[-exit CODE] [-in BYTES] [-file NAME] ARG...", min: 0, max: -1, flags: []string{"exit=", "in=", "file="}, leading: true, run: cmdRun,
			doc: "Run the program to its end, known as program, with BYTES and the archive's file NAME as its standard input. Its exit status must be CODE: 0, or as given; 1|2 is either."},
		{name: "reference", args: "[-as NAME] [-nowait] [-env K=V] ROLE [ARG...]", min: 1, max: -1, flags: []string{"as=", "nowait", "env="}, leading: true, run: cmdReference,
			doc: "Start the solution's program, as start does the student's. In hidden scenarios only."},
		{name: "random", args: "[-times N] [ARG...]", min: 0, max: -1, flags: []string{"times="}, leading: true, run: cmdRandom,
			doc: "Play what the lesson's generator prints for the seed, with N (1) exchanges, on the program and on the solution, and compare what came of it. A difference is shrunk to the shortest exchange that still shows it. In hidden scenarios only."},
		{name: "limit", args: "KIND VALUE", min: 2, max: 2, run: cmdLimit,
			doc: "Limit programs started from now on: memory 64M, descriptors 64, cpu 2s, disk 10M (the size of one file)."},
		{name: "lasts", args: "DURATION", min: 1, max: 1, run: func(*play, *call) error { return nil },
			doc: "The play takes about this long, because the script waits for a clock of the program's: it is begun before others. Nothing is measured."},
		{name: "signal", args: "NAME SIGNAL", min: 2, max: 2, run: cmdSignal,
			doc: "Send a program INT, TERM, KILL or HUP."},
		{name: "exits", args: "NAME [CODE]", min: 1, max: 2, run: cmdExits,
			doc: "Wait for a program's end. Its exit status must be CODE, 0 if it is not given; 0|1 is either, killed the end by a signal."},
		{name: "descriptors", args: "NAME", min: 1, max: 1, run: cmdDescriptors,
			doc: "The first time: remember how many files and sockets the program has open. Later: wait until it has no more open than that."},
		{name: "work", args: "NAME MARK [MARK RATIO]", min: 2, max: 4, run: cmdWork,
			doc: "With one MARK: note under it the processor time that the program has used since it came to rest after its previous mark. With two and a RATIO: the greater of both must be at most RATIO times the smaller."},

		{name: "type", args: "NAME BYTES... [-times N] [-file NAME] [-split N,N|each]", min: 1, max: -1, flags: append([]string{"split="}, bytesFlags...), run: cmdType,
			doc: "Type to a program's standard input. With -split it waits after each piece until the program has read it."},
		{name: "end", args: "NAME", min: 1, max: 1, run: cmdEnd,
			doc: "Close a program's standard input."},
		{name: "screen", args: "NAME BYTES... [-times N] [-file NAME] | NAME -match RE | NAME -unordered BYTES...", min: 1, max: -1, flags: append([]string{"unordered"}, askFlags...), run: cmdScreen,
			doc: "Wait until the next bytes of a program's standard output are these; with -unordered, the pieces in any order."},
		{name: "complains", args: "NAME [TEXT...]", min: 1, max: -1, run: cmdComplains,
			doc: "Wait until the program has said something on standard error, with every TEXT in it."},
		{name: "hides", args: "NAME TEXT...", min: 2, max: -1, run: cmdHides,
			doc: "No TEXT stands anywhere in what the program printed on standard output and standard error."},

		{name: "dial", args: "PEER ADDR [-window BYTES]", min: 2, max: 2, flags: []string{"window="}, run: cmdDial,
			doc: "Connect to ADDR; the connection's end is known as PEER, its address as $PEER. With -window it has small socket buffers, for a slow reader; below 64 KiB also small segments, so that little is on its way to one that does not read."},
		{name: "listen", args: "PEER [-window BYTES]", min: 1, max: 1, flags: []string{"window="}, run: cmdListen,
			doc: "Listen on a loopback port; $PEER is its address. -window is for its connections, as dial's."},
		{name: "accept", args: "PEER [-as NAME] [-stalled]", min: 1, max: 1, flags: []string{"as=", "stalled"}, run: cmdAccept,
			doc: "Wait for a connection to the listener PEER; its end is known as NAME, or PEER from then on. With -stalled it reads nothing before resume."},
		{name: "send", args: "PEER BYTES... [-times N] [-file NAME] [-split N,N|each] [-try] [-queue]", min: 1, max: -1, flags: append([]string{"split=", "try", "queue"}, bytesFlags...), run: cmdSend,
			doc: "Send all BYTES in one write. With -split, in pieces cut at these places (each: every byte), and the next only when the program has really read the one before. With -try the program may close meanwhile; with -queue it does not wait until the kernel has taken all."},
		{name: "drained", args: "PEER", min: 1, max: 1, run: cmdDrained,
			doc: "Wait until the program has read all that PEER sent."},
		{name: "expect", args: "PEER BYTES... [-times N] [-file NAME] | PEER -match RE", min: 1, max: -1, flags: askFlags, run: cmdExpect,
			doc: "Wait until the next bytes that PEER received are these, or match RE."},
		{name: "eof", args: "PEER [-after RE] [-or-reset]", min: 1, max: 1, flags: []string{"after=", "or-reset"}, run: cmdEOF,
			doc: "Wait until the program has closed or half-closed the connection, having sent nothing more. With -after, what it sent before the end may be anything that RE matches whole. A reset is a failure without -or-reset."},
		{name: "shut", args: "PEER", min: 1, max: 1, run: cmdShut,
			doc: "Half-close: the program reads end of file after what was sent, and may still send."},
		{name: "reset", args: "PEER", min: 1, max: 1, run: cmdReset,
			doc: "End the connection with a reset (RST)."},
		{name: "close", args: "PEER", min: 1, max: 1, run: cmdClose,
			doc: "Close a connection, a listener, a socket or a cable. What comes there after that is nobody's."},
		{name: "stall", args: "PEER", min: 1, max: 1, run: cmdStall,
			doc: "Read nothing more from the connection, so that its buffers fill up."},
		{name: "resume", args: "PEER", min: 1, max: 1, run: cmdResume,
			doc: "Read again."},
		{name: "quiet", args: "[NAME...]", min: 0, max: -1, run: cmdQuiet,
			doc: "Nothing came that was not asked for, and nothing is on its way: waits until all that was sent has arrived and the programs are at rest. Without names: nowhere."},

		{name: "socket", args: "PEER [-on ADDR]", min: 1, max: 1, flags: []string{"on="}, run: cmdSocket,
			doc: "Bind a UDP socket on loopback, at a free port or at ADDR; $PEER is its address."},
		{name: "sendto", args: "PEER ADDR BYTES... [-times N] [-file NAME]", min: 2, max: -1, flags: bytesFlags, run: cmdSendto,
			doc: "Send one datagram."},
		{name: "recvfrom", args: "PEER BYTES... [-from ADDR] [-times N] [-file NAME] | PEER -match RE", min: 1, max: -1, flags: append([]string{"from="}, askFlags...), run: cmdRecvfrom,
			doc: "Wait for a datagram: the next that PEER received is exactly BYTES. Sets $PEER_from to its sender."},
		{name: "relay", args: "NAME ADDR [drop N] [dup N] [swap N M] [hold N until M]...", min: 2, max: -1, run: cmdRelay,
			doc: "Stand between clients and the server at ADDR; $NAME is the relay's address. Datagrams to the server count from 1; N is dropped, doubled, swapped with M or held until M has passed."},

		{name: "cable", args: "NAME", min: 1, max: 1, run: cmdCable,
			doc: "Bind our end of a cable; $NAME is its address, for the program's -cable or -port."},
		{name: "frame", args: "NAME send|expect KIND [FIELD=VALUE...]", min: 3, max: -1, run: cmdFrame,
			doc: "Send an Ethernet frame over a cable, or wait for the next one with these fields. Kinds and fields are those of package frame."},
		{name: "tick", args: "PROGRAM DURATION", min: 2, max: 2, run: cmdTick,
			doc: "Type a tick line, once the program has taken all frames that were sent to it."},

		{name: "file", args: "PATH [-is BYTES] [-file NAME] [-times N] [-size N] [-mode 0600] [-match RE] [-sha256 HEX] | PATH -absent", min: 1, max: 1, flags: append([]string{"is=", "size=", "mode=", "sha256=", "absent"}, askFlags...), run: cmdFile,
			doc: "Once the programs are at rest, the file below their working directory is a regular one with these contents, size and mode, or it is absent."},
		{name: "write", args: "PATH BYTES... [-times N] [-file NAME] [-size N]", min: 1, max: -1, flags: append([]string{"size="}, bytesFlags...), run: cmdWrite,
			doc: "Make a file below the programs' working directory with these contents; with -size, zeros follow them up to N bytes."},
		{name: "folder", args: "DIR [-dots] NAME...", min: 1, max: -1, flags: []string{"dots"}, run: cmdFolder,
			doc: "Once the programs are at rest, the folder holds exactly these entries; those that begin with a dot count with -dots only."},
	}
	slices.SortFunc(all, func(a, b *command) int { return strings.Compare(a.name, b.name) })
	return all
}

func lookup(verb string) *command {
	all := commands()
	i, found := slices.BinarySearchFunc(all, verb, func(c *command, verb string) int { return strings.Compare(c.name, verb) })
	if !found {
		return nil
	}
	return all[i]
}

// reference returns the language's documentation: of each command its form, and
// a paragraph.
func reference() string {
	var b strings.Builder
	for _, c := range commands() {
		fmt.Fprintf(&b, "\t%s %s\n\n%s\n\n", c.name, c.args, wrap("", c.doc))
	}
	return strings.TrimSuffix(b.String(), "\n")
}
