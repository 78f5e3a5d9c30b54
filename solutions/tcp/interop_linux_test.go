package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"wirebook/harness/devicetest"
	"wirebook/harness/kerneltest"
)

// patience is how long one part of the test may take. It only ends what hangs.
const patience = 2 * time.Minute

// TestKernel has the solution, and each variant, speak with a Linux kernel at the other end
// of the cable. The kernel's sockets are Python's, and ss tells in which states they are.
// What the program prints is compared line for line.
func TestKernel(t *testing.T) {
	kerneltest.BeHost()
	for _, tool := range []string{"python3", "ss"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip("a tool is missing: ", err)
		}
	}
	programs := devicetest.Programs(t, given...)
	if testing.Short() {
		programs = programs[:1]
	}
	for _, program := range programs {
		t.Run(program.Name, func(t *testing.T) { speaksWithKernel(t, program.Path, !dropsEarly[program.Name]) })
	}
}

// dropsEarly are the variants that drop what comes behind a gap. They play no part in which
// frames are lost. The kernel must send again all that they have dropped, and what is sent
// again tells it nothing of the round trip: its pauses, once doubled, stay so, up to two
// minutes. They last by the system's clock, and the program's is told ten times as much: it
// gives the kernel up before the kernel has sent again.
var dropsEarly = map[string]bool{"state-functions": true}

func speaksWithKernel(t *testing.T, program string, withLoss bool) {
	for _, c := range []struct {
		name string
		loss float64 // of all frames
		play func(t *testing.T, p *host, k *kernel, c *cable)
	}{
		{name: "the kernel calls and ends", play: kernelCalls},
		{name: "the program calls and ends", play: programCalls},
		{name: "both call", play: bothCall},
		{name: "both end", play: bothEnd},
		{name: "nobody there", play: nobodyThere},
		{name: "resets", play: resets},
		{name: "the kernel does not read", play: kernelDoesNotRead},
		{name: "much text, the kernel calls", play: muchTextKernelCalls},
		{name: "much text, the program calls", play: muchTextProgramCalls},
		{name: "much text, frames are lost, the kernel calls", loss: 0.05, play: muchTextKernelCalls},
		{name: "much text, frames are lost, the program calls", loss: 0.05, play: muchTextProgramCalls},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.loss > 0 && !withLoss {
				t.Skip("it drops what comes behind a gap, and the kernel sends that again too late")
			}
			cable := newCable(t, c.loss)
			k := startKernel(t, cable)
			p := startProgram(t, program, cable)
			c.play(t, p, k, cable)
			if got := k.do(t, "print(errors())"); got != "0\n" {
				t.Errorf("the kernel counts segments with errors: %s", got)
			}
		})
	}
}

func kernelCalls(t *testing.T, p *host, k *kernel, _ *cable) {
	p.types(t, "listen 7")
	p.prints(t, "1 LISTEN")
	k.do(t, `s = socket.create_connection(("10.0.0.1", 7))`)
	p.prints(t, "1 SYN-RECEIVED", "1 ESTABLISHED")
	k.is(t, 7, "ESTAB")
	k.do(t, `s.sendall(b"hello\r\nthere")`)
	p.prints(t, "1: hello")
	p.types(t, "send 1 good day", "send 1")
	k.says(t, `print(s.recv(10, socket.MSG_WAITALL))`, `b'good day\n\n'`)
	k.do(t, `s.shutdown(socket.SHUT_WR)`)
	p.prints(t, "1: there", "1 CLOSE-WAIT")
	k.is(t, 7, "FIN-WAIT-2")
	p.types(t, "send 1 until then", "close 1")
	p.prints(t, "1 LAST-ACK", "1 CLOSED")
	k.says(t, `print(rest(s))`, `b'until then\n'`)
	k.is(t, 7, "TIME-WAIT")
}

func programCalls(t *testing.T, p *host, k *kernel, _ *cable) {
	k.do(t, `l = socket.create_server(("", 7))`)
	p.types(t, "connect 10.0.0.2 7", "send 1 at once")
	p.prints(t, "1 SYN-SENT", "1 ESTABLISHED")
	k.do(t, `s, _ = l.accept()`)
	k.is(t, 7, "ESTAB")
	p.types(t, "close 1")
	p.prints(t, "1 FIN-WAIT-1", "1 FIN-WAIT-2")
	k.is(t, 7, "CLOSE-WAIT")
	k.says(t, `print(rest(s))`, `b'at once\n'`)
	k.do(t, `s.sendall(b"one more\n"); s.close()`)
	p.prints(t, "1: one more", "1 TIME-WAIT")
	k.is(t, 7, "nothing")
	p.prints(t, "1 CLOSED")
}

// bothCall has two SYNs cross (RFC 9293 figure 7).
func bothCall(t *testing.T, p *host, k *kernel, c *cable) {
	k.do(t, `socket.socket().connect_ex(("10.0.0.1", 9))`) // so each knows the other's MAC
	c.hold()
	k.do(t, `s = socket.socket(); s.bind(("", 7)); s.setblocking(False); s.connect_ex(("10.0.0.1", 8))`)
	p.types(t, "connect 10.0.0.2 7 8")
	p.prints(t, "1 SYN-SENT")
	c.await(t, "SYNs that cross", func() bool { return c.toKernel.holds(syn) && c.toProgram.holds(syn) })
	c.release()
	p.prints(t, "1 SYN-RECEIVED", "1 ESTABLISHED")
	k.is(t, 7, "ESTAB")
	k.do(t, `s.settimeout(120); s.sendall(b"hello\n")`)
	p.prints(t, "1: hello")
	p.types(t, "send 1 good day")
	k.says(t, `print(s.recv(9, socket.MSG_WAITALL))`, `b'good day\n'`)
}

// bothEnd has two FINs cross.
func bothEnd(t *testing.T, p *host, k *kernel, c *cable) {
	k.do(t, `l = socket.create_server(("", 7))`)
	p.types(t, "connect 10.0.0.2 7")
	p.prints(t, "1 SYN-SENT", "1 ESTABLISHED")
	k.do(t, `s, _ = l.accept()`)
	c.hold()
	p.types(t, "send 1 good day", "close 1")
	p.prints(t, "1 FIN-WAIT-1")
	k.do(t, `s.sendall(b"hello\n"); s.shutdown(socket.SHUT_WR)`)
	k.is(t, 7, "FIN-WAIT-1")
	c.await(t, "FINs that cross", func() bool { return c.toKernel.holds(fin) && c.toProgram.holds(fin) })
	c.release()
	p.prints(t, "1: hello", "1 CLOSING", "1 TIME-WAIT")
	k.is(t, 7, "TIME-WAIT")
	k.says(t, `print(rest(s))`, `b'good day\n'`)
	p.prints(t, "1 CLOSED")
}

func nobodyThere(t *testing.T, p *host, k *kernel, _ *cable) {
	p.types(t, "connect 10.0.0.2 7")
	p.prints(t, "1 SYN-SENT", "1 CLOSED refused")
	k.says(t, `s = socket.socket(); print(s.connect_ex(("10.0.0.1", 7)) == errno.ECONNREFUSED)`, "True")
}

func resets(t *testing.T, p *host, k *kernel, _ *cable) {
	k.do(t, `l = socket.create_server(("", 7))`)
	p.types(t, "connect 10.0.0.2 7")
	p.prints(t, "1 SYN-SENT", "1 ESTABLISHED")
	k.do(t, `s, _ = l.accept()`)
	p.types(t, "abort 1")
	p.prints(t, "1 CLOSED")
	k.is(t, 7, "nothing")
	k.says(t, "try: s.recv(1)\nexcept ConnectionResetError: print('reset')", "reset")

	p.types(t, "connect 10.0.0.2 7")
	p.prints(t, "2 SYN-SENT", "2 ESTABLISHED")
	k.do(t, `s, _ = l.accept(); s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)); s.close()`)
	p.prints(t, "2 CLOSED reset")
}

// kernelDoesNotRead closes the kernel's window. The program has probed it when the
// kernel reads again.
func kernelDoesNotRead(t *testing.T, p *host, k *kernel, c *cable) {
	k.do(t, `l = socket.create_server(("", 7)); l.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)`)
	p.types(t, "connect 10.0.0.2 7")
	p.prints(t, "1 SYN-SENT", "1 ESTABLISHED")
	k.do(t, `s, _ = l.accept()`)
	line := strings.Repeat("x", 50_000)
	p.types(t, "send 1 "+line, "close 1")
	c.await(t, "three probes", func() bool { return c.toKernel.octets >= 3 })
	k.says(t, `print(sha256(rest(s)).hexdigest())`, hash([]string{line}))
	p.prints(t, "1 FIN-WAIT-1", "1 FIN-WAIT-2")
	k.do(t, `s.close()`)
	p.prints(t, "1 TIME-WAIT")
}

// muchTextKernelCalls sends 500 kB each way at once. The kernel ends first.
func muchTextKernelCalls(t *testing.T, p *host, k *kernel, _ *cable) {
	ours, theirs := someLines(1), someLines(2)
	p.types(t, "listen 7")
	k.do(t, `s = socket.create_connection(("10.0.0.1", 7))`)
	p.types(t, sends(ours)...)
	k.do(t, fmt.Sprintf("e = Exchange(s, b%q)", text(theirs)))
	k.do(t, `e.sender.join(); s.shutdown(socket.SHUT_WR)`)
	p.printsText(t, theirs, "1 LISTEN", "1 SYN-RECEIVED", "1 ESTABLISHED", "1 CLOSE-WAIT")
	p.types(t, "close 1")
	p.prints(t, "1 LAST-ACK", "1 CLOSED")
	k.says(t, `e.reader.join(); print(sha256(e.received).hexdigest())`, hash(ours))
}

// muchTextProgramCalls does so too. The program ends first.
func muchTextProgramCalls(t *testing.T, p *host, k *kernel, _ *cable) {
	ours, theirs := someLines(3), someLines(4)
	k.do(t, `l = socket.create_server(("", 7))`)
	p.types(t, "connect 10.0.0.2 7")
	p.prints(t, "1 SYN-SENT", "1 ESTABLISHED") // before that, close would end it at once
	p.types(t, sends(ours)...)
	p.types(t, "close 1")
	k.do(t, fmt.Sprintf("s, _ = l.accept(); e = Exchange(s, b%q)", text(theirs)))
	k.says(t, `e.reader.join(); print(sha256(e.received).hexdigest())`, hash(ours))
	k.do(t, `e.sender.join(); s.close()`)
	p.printsText(t, theirs, "1 FIN-WAIT-1", "1 TIME-WAIT")
}

// someLines are lines of 500 kB together, long, short and empty.
func someLines(seed uint64) []string {
	random := rand.New(rand.NewPCG(seed, 0))
	var lines []string
	for size := 0; size < 500_000; size += len(lines[len(lines)-1]) + 1 {
		line := make([]byte, random.IntN(1<<random.IntN(13)))
		for i := range line {
			line[i] = ' ' + byte(random.IntN('~'-' '+1))
		}
		lines = append(lines, string(line))
	}
	return lines
}

func sends(lines []string) []string {
	typed := slices.Clone(lines)
	for i := range typed {
		typed[i] = "send 1 " + typed[i]
	}
	return typed
}

func text(lines []string) string { return strings.Join(lines, "\n") + "\n" }

func hash(lines []string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(text(lines)))) }

// A host is the program, running. Its clock is told ten times as much time as
// passes, so that what is lost does not keep the test waiting.
type host struct {
	typing sync.Mutex
	in     io.Writer

	mu      sync.Mutex
	changed *sync.Cond
	out     []byte // what it has printed and no test has read
	ended   bool
}

// startProgram starts the program as a host at the cable.
func startProgram(t *testing.T, program string, c *cable) *host {
	t.Helper()
	p := &host{}
	p.changed = sync.NewCond(&p.mu)
	cmd := exec.Command(program, "host", "-ip", "10.0.0.1/24", "-mac", "02-00-0a-00-00-01",
		"-cable", "127.0.0.1:0,"+c.toProgram.from.LocalAddr().String(), "-msl", "1s")
	cmd.Stdout, cmd.Stderr = p, os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.in = stdin
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	hangs := time.AfterFunc(patience, func() { cmd.Process.Kill() })
	ticker := time.NewTicker(10 * time.Millisecond)
	stopped := make(chan struct{})
	go func() {
		for {
			select {
			case <-ticker.C:
				p.typeLine("tick 100ms") // nobody reads it where the program has ended
			case <-stopped:
				return
			}
		}
	}()
	ended := make(chan error, 1)
	go func() {
		err := cmd.Wait()
		p.mu.Lock()
		p.ended = true
		p.mu.Unlock()
		p.changed.Broadcast()
		ended <- err
	}()
	t.Cleanup(func() {
		close(stopped)
		stdin.Close() // it ends with its input
		if err := <-ended; err != nil {
			t.Errorf("the program ended with %v", err)
		}
		hangs.Stop()
	})
	line := p.line(t)
	address, err := net.ResolveUDPAddr("udp", strings.TrimPrefix(line, "listening on "))
	if err != nil {
		t.Fatalf("the program printed %q: %v", line, err)
	}
	c.join(address)
	return p
}

// Write takes what the program prints. It never lets the program wait.
func (p *host) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.out = append(p.out, b...)
	p.changed.Broadcast()
	return len(b), nil
}

// line is the next line that the program prints.
func (p *host) line(t *testing.T) string {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for {
		if line, rest, whole := bytes.Cut(p.out, []byte("\n")); whole {
			p.out = rest
			return string(line)
		}
		if p.ended {
			t.Fatal("the program has ended, or hung and was ended")
		}
		p.changed.Wait()
	}
}

func (p *host) types(t *testing.T, lines ...string) {
	t.Helper()
	for _, line := range lines {
		if err := p.typeLine(line); err != nil {
			t.Fatal(err)
		}
	}
}

func (p *host) typeLine(line string) error {
	p.typing.Lock()
	defer p.typing.Unlock()
	_, err := fmt.Fprintln(p.in, line)
	return err
}

// prints compares the next lines.
func (p *host) prints(t *testing.T, want ...string) {
	t.Helper()
	for _, line := range want {
		if got := p.line(t); got != line {
			t.Fatalf("the program printed %q, want %q", got, line)
		}
	}
}

// printsText compares the next lines up to the last of the states. The states may
// stand anywhere between the lines of text. Whether FIN-WAIT-2 is among them depends on
// whether the kernel acknowledges our FIN with its own.
func (p *host) printsText(t *testing.T, text []string, states ...string) {
	t.Helper()
	var gotText, gotStates []string
	for len(gotStates) < len(states) {
		line := p.line(t)
		if received, ok := strings.CutPrefix(line, "1: "); ok {
			gotText = append(gotText, received)
		} else if line != "1 FIN-WAIT-2" {
			gotStates = append(gotStates, line)
		}
	}
	if !slices.Equal(gotStates, states) {
		t.Errorf("the program printed the states %q, want %q", gotStates, states)
	}
	if !slices.Equal(gotText, text) {
		t.Errorf("the program printed %d lines of text, other than the %d that were sent", len(gotText), len(text))
	}
}

// A cable lies between the program's card and the kernel's. It can lose frames, and
// hold them back.
type cable struct {
	end *net.UDPConn // the kernel's

	mu                  sync.Mutex
	changed             *sync.Cond
	held                bool
	toProgram, toKernel direction
}

// A direction is one of the two ways through a cable.
type direction struct {
	from   *net.UDPConn // what frames leave by, and what comes back goes the other way
	to     *net.UDPAddr
	loss   float64
	random *rand.Rand
	held   [][]byte
	octets int // segments that carried one octet of text
}

func (d *direction) put(frame []byte) { d.from.WriteTo(frame, d.to) }

func newCable(t *testing.T, loss float64) *cable {
	t.Helper()
	c := &cable{end: kerneltest.NewCable(t)}
	c.changed = sync.NewCond(&c.mu)
	c.toProgram = direction{from: kerneltest.NewCable(t), loss: loss, random: rand.New(rand.NewPCG(1, 0))}
	c.toKernel = direction{from: kerneltest.NewCable(t), loss: loss, random: rand.New(rand.NewPCG(2, 0))}
	c.toKernel.to = c.end.LocalAddr().(*net.UDPAddr)
	t.Cleanup(func() {
		c.toProgram.from.Close()
		c.toKernel.from.Close()
	})
	return c
}

// join plugs the program in, and from then on the cable carries frames.
func (c *cable) join(program *net.UDPAddr) {
	c.toProgram.to = program
	go c.carry(c.toProgram.from, &c.toKernel)
	go c.carry(c.toKernel.from, &c.toProgram)
}

func (c *cable) carry(from *net.UDPConn, d *direction) {
	buf := make([]byte, 1<<16)
	for {
		n, err := from.Read(buf)
		if err != nil {
			return
		}
		c.mu.Lock()
		if s, ok := segmentOf(buf[:n]); ok && len(s.text) == 1 {
			d.octets++
		}
		lost, held := d.random.Float64() < d.loss, c.held
		if held {
			d.held = append(d.held, bytes.Clone(buf[:n]))
		}
		c.mu.Unlock()
		c.changed.Broadcast()
		if !lost && !held {
			d.put(buf[:n])
		}
	}
}

// hold keeps all frames that come from now on.
func (c *cable) hold() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held = true
}

// release lets them go on.
func (c *cable) release() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held = false
	for _, d := range []*direction{&c.toProgram, &c.toKernel} {
		for _, frame := range d.held {
			d.put(frame)
		}
		d.held = nil
	}
}

// await waits for something to be seen on the cable.
func (c *cable) await(t *testing.T, what string, seen func() bool) {
	t.Helper()
	hung := false
	hangs := time.AfterFunc(patience, func() {
		c.mu.Lock()
		hung = true
		c.mu.Unlock()
		c.changed.Broadcast()
	})
	defer hangs.Stop()
	c.mu.Lock()
	defer c.mu.Unlock()
	for !seen() {
		if hung {
			t.Fatalf("the cable has not seen %s", what)
		}
		c.changed.Wait()
	}
}

// holds tells whether a segment with this control bit is held back.
func (d *direction) holds(flag uint8) bool {
	return slices.ContainsFunc(d.held, func(b []byte) bool {
		s, ok := segmentOf(b)
		return ok && s.has(flag)
	})
}

func segmentOf(b []byte) (segment, bool) {
	f, _ := parseFrame(b)
	return segmentIn(f)
}

// A kernel is a host in which one process in Python runs what it is given.
type kernel struct {
	host *kerneltest.Host
	dir  string
}

func startKernel(t *testing.T, c *cable) *kernel {
	t.Helper()
	far := c.toKernel.from.LocalAddr().(*net.UDPAddr)
	k := &kernel{kerneltest.Start(t, c.end, far, "addr add 10.0.0.2/24 dev "+kerneltest.Card), t.TempDir()}
	k.write(t, "sockets.py", sockets)
	k.run(t, "mkfifo program answer && { python3 sockets.py </dev/null >errors 2>&1 & }")
	return k
}

func (k *kernel) write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(k.dir, name), []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// run has the host run a command of the shell in the kernel's folder.
func (k *kernel) run(t *testing.T, command string) string {
	t.Helper()
	out, ok := k.host.Do(t, "cd "+k.dir+" && "+command)
	if !ok {
		t.Fatalf("%s: %s", command, out)
	}
	return out
}

// do runs a program in Python and returns what it prints.
func (k *kernel) do(t *testing.T, program string) string {
	t.Helper()
	k.write(t, "next", program)
	out := k.run(t, "timeout 120 sh -c 'cat next >program && cat answer' || { cat errors; false; }")
	if strings.Contains(out, "Traceback") {
		t.Fatalf("%.200s: %s", program, out)
	}
	return out
}

// says compares what a program prints.
func (k *kernel) says(t *testing.T, program, want string) {
	t.Helper()
	if got := k.do(t, program); got != want+"\n" {
		t.Fatalf("%s: the kernel's side printed %q, want %q", program, got, want+"\n")
	}
}

// is waits until ss shows the connection of a port in this state.
func (k *kernel) is(t *testing.T, port int, state string) {
	t.Helper()
	k.says(t, fmt.Sprintf("print(wait_for(%d, %q))", port, state), state)
}

// sockets is the Python program of the kernel's side. It runs a program, says what that has
// printed, and takes the next.
const sockets = `
import contextlib, errno, io, socket, struct, subprocess, threading, time, traceback
from hashlib import sha256

socket.setdefaulttimeout(120) # only ends what hangs

def rest(s):
    data = b""
    while True:
        b = s.recv(65536)
        if not b: return data
        data += b

# Sends and receives at once.
class Exchange:
    def __init__(self, s, data):
        self.sender = threading.Thread(target=s.sendall, args=(data,))
        self.reader = threading.Thread(target=self.read, args=(s,))
        self.sender.start()
        self.reader.start()

    def read(self, s):
        self.received = rest(s)

def state_of(port):
    lines = subprocess.run(["ss", "-tan"], capture_output=True, text=True, check=True).stdout.splitlines()[1:]
    for state, _, _, local, remote, *_ in map(str.split, lines):
        if state != "LISTEN" and f":{port}" in (local[local.rindex(":"):], remote[remote.rindex(":"):]):
            return state
    return "nothing"

def wait_for(port, state):
    for _ in range(1000):
        if state_of(port) == state: break
        time.sleep(0.01)
    return state_of(port)

# Segments with a wrong checksum.
def errors():
    names, values = [l.split() for l in open("/proc/net/snmp") if l.startswith("Tcp:")]
    return values[names.index("InCsumErrors")]

while True:
    with open("program") as file:
        program = file.read()
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        try:
            exec(program, globals())
        except Exception:
            traceback.print_exc(file=printed)
    with open("answer", "w") as file:
        file.write(printed.getvalue())
`
