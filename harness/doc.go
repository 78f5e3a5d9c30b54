/*
Package harness plays scenarios with programs that talk over a network, and says
what they did. It is the engine of the workbook: `go test` in a lesson's folder
and the grader both use it.

A [Scenario] is a txtar archive. Its first line is its title and its points; each
further # line begins a block, a promise that the program must keep; the lines
between are commands:

	# A line that arrives in pieces is printed once, whole. (2 points)
	start server -listen 127.0.0.1:0
	dial ann $server
	screen server 'connected '$ann'\n'
	# Ann's line comes byte by byte.
	send ann 'hello\n' -split each
	screen server $ann': hello\n'
	-- hint.md --
	# Ann's line comes byte by byte.
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
are decided by what the kernel knows of both ends. On a system that tells less the
clock has to do, with longer limits.

Bytes stand in single quotes with Go's escapes: '\n \xff \u4f60'; two quotes inside
of quotes are one. Outside of quotes $NAME is the address of a peer or program, and
[linux], [darwin], [windows], [unix], or with a ! as in [!linux], in front of a
command lets it be played on such systems only. Every word that can be checked
without a program is checked when the scenario is loaded. Files of the archive
below w/ lie in the programs' working directory, hint.md holds the hints of each
block, and the others are for -file.

# Commands

  - accept PEER [-as NAME] [-stalled]: Wait for a connection to the listener
    PEER; its end is known as NAME, or PEER from then on. With -stalled it
    reads nothing before resume.
  - answer PEER CODE BYTES... [-times N] [-file NAME] [-size N] [-head]
    [-type TYPE] [-field FIELD] [-lacks FIELD] [-then HOW] [-or-cut]
    [-unless-closed]: Wait for the next HTTP answer that PEER receives, and
    take it apart strictly: a status line, fields, among them one Date, and
    a body of Content-Length bytes. CODE is its code, 404 or one of 400|404.
    BYTES are its body, as expect's; -size N is a body of any N bytes;
    without both it may be any. With -head it answers HEAD: it tells the
    length of the body, which is not there. -type is its Content-Type, such
    as text/plain; -field 'NAME: RE' is a field whose whole value RE
    matches, and -lacks one that must not stand there. HOW is what follows:
    the connection stays (as without -then), closes (and the answer says
    so), ends (whether it says so or not), or either, as it says. With
    -or-cut the connection may end in the body. With -unless-closed nothing
    is asked where an earlier answer has ended the connection.
  - answered NAME -file QUESTION | NAME -sheet ID...: The program NAME has
    ended and printed the answer to a question, in a line: it is right by
    the archive's file QUESTION (package worksheet), which holds marks of
    the answers that are known and not the answers. Where it printed
    nothing, and its exit status is 1, the question is not answered yet.
    With -sheet NAME has printed a line ID ANSWER for each of the programs
    ID that printed an ANSWER, in any order, at least one, and nothing else.
  - apart PEER D: The last two datagrams for which a recvfrom of PEER asked
    came at least D apart, by the kernel's clock; if PEER has sent something
    since the first of them, the second came at least D after that. On Linux
    only.
  - asked N NAME...: At most N questions that no command has asked for have
    come to these name servers; now they are asked for.
  - cable NAME: Bind our end of a cable; $NAME is its address, for the other
    end's REMOTE in a program's argument LOCAL,REMOTE.
  - childless NAME: Wait until the program has no child: each process that
    it has started has ended, and the program has waited for it. In a play
    with a puppet, on Linux only.
  - close PEER: Close a connection, a listener, a socket or a cable. What
    comes there after that is nobody's.
  - complains NAME [TEXT...]: Wait until the program has said something on
    standard error, with every TEXT in it.
  - descriptors NAME: The first time: remember how many files and sockets
    the program has open. Later: wait until it has no more open than that.
  - dial PEER ADDR [-window N]: Connect to ADDR, HOST:PORT or the path of a
    Unix socket; the connection's end is known as PEER, its address as
    $PEER. With -window it has socket buffers of N bytes, for a slow reader;
    below 64 KiB also small segments, so that little is on its way to one
    that does not read.
  - dns PEER send|expect question|answer [FIELD=VALUE...] [-to ADDR] [-from
    PEER] [-times N] [-backwards] [-split N,N|each] [-other] [-skip]: Send a
    DNS message over a socket or a connection, or wait for one. Fields are
    those of package dns. A question is sent over a socket to ADDR. PEER may
    be several with commas between them: whichever is asked; with -other,
    not the one that was asked before. With -skip, other questions may come
    before the one that is expected. An answer goes to whom the question
    came from, with -from from another socket. With -times, N copies in
    which %d is 1 to N; they are expected in any order, and sent with
    -backwards from N to 1.
  - drained PEER: Wait until the program has read all that PEER sent.
  - end NAME: Close a program's standard input.
  - eof PEER [-after RE] [-or-reset]: Wait until the program has closed or
    half-closed the connection, having sent nothing more. With -after, what
    it sent before the end may be anything that RE matches whole. A reset is
    a failure without -or-reset.
  - exits NAME [CODE]: Wait for a program's end. Its exit status must be
    CODE, 0 if it is not given; 0|1 is either, killed the end by a signal,
    1|killed either of these.
  - expect PEER BYTES... [-times N] [-file NAME] | PEER -match RE
    [-counted]: Wait until the next bytes that PEER received are these, or
    match RE; what a group of RE matches that has a name, (?P<NAME>...), is
    $NAME from then on. With -counted so many bytes follow as the first
    group of RE says, whatever they are. There may be any number, as with
    screen.
  - fifo PATH: Make a named pipe. Where the system has none, the scenario is
    skipped.
  - file PATH [-is BYTES] [-file NAME] [-times N] [-size N] [-mode MODE]
    [-private] [-match RE] [-grep RE] [-count N] [-sha256 HEX] [-same OTHER]
    [-differs OTHER] | PATH -socket [-mode MODE] | PATH -absent: Once the
    programs are at rest, the file below their working directory is a
    regular one with these contents, size and mode (0600), or a Unix socket,
    or it is absent. With -private its mode gives nothing to others than its
    owner. RE of -match matches its beginning; that of -grep, in which ^ and
    $ are a line's, any place, with -count N exactly N places. OTHER is a
    file beside it with the same bytes, or with others.
  - folder DIR [-dots] [NAME...]: Once the programs are at rest, the folder
    holds exactly these entries; those that begin with a dot count with
    -dots only.
  - frame NAME send|expect|gather|maybe|unguessable KIND [FIELD=VALUE...]:
    Send an Ethernet frame over a cable, or wait for the next one with these
    fields; gather waits for the text of TCP segments, however it is cut
    (most=N: the largest); maybe allows one such frame from now on, beside
    those that are expected; unguessable looks at the sequence numbers of
    segments that came (of=NAME,NAME...: eight at least). Kinds and fields
    are those of package frame.
  - hides NAME TEXT...: No TEXT stands anywhere in what the program printed
    on standard output and standard error.
  - lasts D: The play takes about this long, because the script waits for a
    clock of the program's: it is begun before others, and its steps wait so
    much longer. Nothing is measured.
  - limit KIND VALUE: Limit programs started from now on: memory 64M,
    descriptors 64, disk 10M (the size of one file).
  - link OLD NEW: Make a second name for a file, a hard link.
  - listen PEER [PATH] [-window N] [-full]: Listen on a loopback port, or at
    the Unix socket PATH below the programs' working directory, where it
    stays when the listener is closed; $PEER is its address. -window is for
    its connections, as dial's. With -full, PATH has a queue that is full:
    who connects is told to try again. On Linux only; elsewhere the scenario
    is skipped.
  - lock PATH [-shared]: Hold the lock of PATH as a program does that looks
    at PATH in order to change it: flock(2), on Windows LockFileEx of the
    first byte, of PATH.lock, which is made if it is missing. Waits for a
    program that holds it. With -shared it is the shared lock: who takes the
    exclusive one waits for it. PATH.lock must be the same file whenever it
    is locked.
  - mkdir DIR: Make a folder, and those above it that are missing.
  - nameserver NAME... [-on HOST] [-beside PEER] [-file NAME] [-zone TEXT]
    [-one-silent] [-silent N] [-lies] [-tc]: Bind a UDP socket NAME and a
    TCP listener NAME_tcp at one port of 127.0.0.1 or HOST, that of PEER or
    a free one; $NAME is the address. With -file or -zone, the socket
    answers by itself with what stands in that zone (package dns); with
    -one-silent, whichever of several is asked first never does; with
    -silent N, the first N questions are not answered; with -lies, it sends
    before each answer what is none: with another id, to another question,
    the question itself; with -tc, each answer has TC set.
  - plug CABLE: Plug our end of a cable in again, which close has pulled
    out, at its old address.
  - puppet PATH...: Put a puppet under these names below the programs'
    working directory: an executable of ours that a program may start, and
    that does what its arguments say, or a peer that it connects to. What
    that may be stands in package wirebook/harness/puppet/program. On
    Windows .exe is added to the names. In a play with a puppet, what a
    program has started counts as the program where its rest and its work
    are judged, and is killed at the end of the play.
  - quiet [-timers] [NAME...]: Nothing came that was not asked for, and
    nothing is on its way: waits until all that was sent has arrived and the
    programs are at rest. Without names: nowhere. With -timers it waits also
    until each timer that a program has armed has fired once, two seconds at
    most; for a silence that is the promise itself. It costs time that a
    program with a clock of its own notices: up to a second where programs
    ask for news by short timers.
  - random [-times N] [ARG...]: Play what the lesson's generator prints for
    the seed, with N (1) exchanges, on the program and on the solution, and
    compare what came of it. A difference counts if it lasts as long as any
    step waits, and is shrunk to the shortest exchange that still shows it.
    In hidden scenarios only.
  - recvfrom PEER BYTES... [-from ADDR] [-times N] [-file NAME] | PEER
    -match RE | PEER -clock: Wait for a datagram: the next that PEER
    received is exactly BYTES, or RE matches it whole; with -clock it is the
    time of our clock, in seconds since 1970 and not before PEER last sent
    something. Sets $PEER_from to its sender.
  - reference [-as NAME] [-nowait] [-env K=V] ROLE [ARG...]: Start the
    solution's program, as start does the student's. In hidden scenarios
    only.
  - relay NAME ADDR [drop N] [dup N] [swap N M] [hold N until M]...: Stand
    between clients and the server at ADDR; $NAME is the relay's address.
    Datagrams to the server count from 1; N is dropped, doubled, swapped
    with M or held until M has passed.
  - remove PATH: Remove a file or an empty folder.
  - rename OLD NEW: Give a file another name.
  - reset PEER: End a TCP connection with a reset (RST).
  - resume NAME: Read again.
  - run [-exit CODE] [-in BYTES] [-file NAME] [ARG...]: Run the program to
    its end, known as program, with BYTES and the archive's file NAME as its
    standard input. Its exit status must be CODE: 0, or as given; 1|2 is
    either.
  - screen NAME BYTES... [-joined] [-times N] [-file NAME] | NAME -match RE
    | NAME -unordered BYTES...: Wait until the next bytes of a program's
    standard output are these, or match RE, whose groups may have names as
    for expect; with -unordered, the pieces in any order. There may be any
    number of bytes: what is more than 2 MiB is compared as it comes and not
    kept. With -joined LFs may stand before and between BYTES, which have
    none; those behind the last byte are left.
  - segments PEER N: The program has sent PEER at most N segments with data
    since PEER last sent something. Two writes are two segments, but for a
    few that the kernel joins: what must be one write is asked for several
    times. On Linux only.
  - send PEER BYTES... [-times N] [-file NAME] [-split N,N|each] [-strict]
    [-try] [-queue]: Send all BYTES in one write. With -split, in pieces cut
    at these places (each: every byte), and the next only when the program
    has really read the one before; where the system cannot tell that,
    pieces may arrive together, and with -strict the scenario is skipped.
    With -try the program may close meanwhile; with -queue it does not wait
    until the kernel has taken all.
  - sendto PEER ADDR BYTES... [-times N] [-file NAME] [-later]: Send one
    datagram; with -later, in the next second of our clock.
  - shut PEER: Half-close: the program reads end of file after what was
    sent, and may still send.
  - signal NAME SIGNAL [-busy]: Send a program INT, TERM, KILL, HUP, STOP or
    CONT once it is at rest, with -busy at once. From STOP to CONT it stands
    still, which counts as rest: what is sent to it lies unread. Where the
    system has no such signal, the scenario is skipped.
  - skip REASON: End the scenario here, as one that cannot be played on this
    system. Behind a condition: [windows] skip 'there are no signals'.
  - socket PEER [-on ADDR]: Bind a UDP socket on loopback, at a free port or
    at ADDR; $PEER is its address.
  - stall NAME: Read nothing more from the connection, or of what the
    program prints on standard output, so that its buffers fill up.
  - start [-as NAME] [-nowait] [-bare] [-env K=V] [-umask MODE] [-full] ROLE
    [ARG...]: Start the program with the arguments ROLE ARG..., known as
    NAME (otherwise ROLE). For each argument that tells it to bind a port
    that the system chooses, [NAME=]HOST:0[,REMOTE], and for -socket PATH,
    it waits for the program's line "listening on", unless -nowait is given,
    and sets $NAME to the address ($NAME_PORT for a named port). K=V is set
    in its environment, where a PATH stands in front of what PATH was; with
    -bare no other variable that means something to programs is, such as
    LANG. With -umask its umask is this octal number, where the system has
    one. With -full its standard output has no room and each write fails;
    where the system has no such file, the scenario is skipped.
  - symlink PATH TARGET: Make a symbolic link at PATH.
  - tick PROGRAM D: Type a tick line, once the program has taken all frames
    that were sent to it.
  - type NAME BYTES... [-times N] [-file NAME] [-split N,N|each]: Type to a
    program's standard input. With -split it waits after each piece until
    the program has read it.
  - unguessable NAME...: Of the questions that each name server's last
    expect asked for together, 32 at least and none of them answered yet, no
    id follows from others, no two came from one port, and no two servers
    saw the same ids.
  - unlock PATH: Give the lock of PATH back.
  - work NAME MARK [MARK RATIO]: With one MARK: note under it the processor
    time that the program has used since it came to rest after its previous
    mark. With two and a RATIO: the greater of both must be at most RATIO
    times the smaller.
  - write PATH BYTES... [-times N] [-file NAME] [-append] [-size N]: Make a
    file below the programs' working directory with these contents; with
    -append they follow those that it has. With -size it is cut to N bytes
    then, or zeros follow up to them.
*/
package harness
