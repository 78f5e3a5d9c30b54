package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// These benchmarks compare the model program with the barest one that has the same
// duties, in turns: to read a head, to open the file and tell its length, to send or to
// print that many bytes.
//
//	go test ./solutions/web -run '^$' -bench . -benchtime 5x
//
// They print both medians, their ratio, and the model's memory at its peak.

const (
	bigFile   = 1 << 30
	memoryMax = 32 << 20 // what the model may use at its peak
	ratioMin  = 0.8      // of the barest program's speed
)

// bareRole is the environment variable that makes the test binary the barest program
// instead of a test.
const bareRole = "WIREBOOK_WEB_BARE"

// init plays the barest program before any test can begin.
func init() {
	role := os.Getenv(bareRole)
	if role == "" {
		return
	}
	if err := map[string]func(string) error{"server": bareServer, "get": bareGet}[role](os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func bareServer(dir string) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println("listening on", l.Addr())
	for {
		conn, err := l.Accept()
		if err != nil {
			return err
		}
		r := bufio.NewReader(conn)
		line, _ := r.ReadString('\n')
		for field := line; field != "\r\n" && field != ""; {
			field, _ = r.ReadString('\n')
		}
		f, err := os.Open(filepath.Join(dir, strings.Fields(line)[1]))
		if err != nil {
			return err
		}
		info, err := f.Stat()
		if err != nil {
			return err
		}
		fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nDate: %s\r\nContent-Length: %d\r\n\r\n", time.Now().UTC().Format(time.RFC1123), info.Size())
		if _, err := io.CopyN(conn, f, info.Size()); err != nil {
			return err
		}
		f.Close()
		conn.Close()
	}
}

func bareGet(addr string) error {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	fmt.Fprintf(conn, "GET /big HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", addr)
	r := bufio.NewReader(conn)
	length := int64(0)
	for line := "?"; line != "\r\n"; {
		if line, err = r.ReadString('\n'); err != nil {
			return err
		}
		if value, ok := strings.CutPrefix(line, "Content-Length: "); ok {
			length, _ = strconv.ParseInt(strings.TrimSpace(value), 10, 64)
		}
	}
	_, err = io.CopyN(os.Stdout, r, length)
	return err
}

// bare starts the barest program.
func bare(role string, args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), bareRole+"="+role)
	return cmd
}

// bigDir makes a folder with a file of 1 GiB that takes no room; -short makes it 64 MiB.
func bigDir(b *testing.B) (dir string, size int64) {
	b.Helper()
	size = int64(bigFile)
	if testing.Short() {
		size /= 16
	}
	dir = b.TempDir()
	file := filepath.Join(dir, "big")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		b.Fatal(err)
	}
	if err := os.Truncate(file, size); err != nil {
		b.Fatal(err)
	}
	return dir, size
}

// BenchmarkServeBigFile fetches a file of 1 GiB from both servers.
func BenchmarkServeBigFile(b *testing.B) {
	dir, size := bigDir(b)
	addr, server := startProcess(b, exec.Command(program(b), "server", "-listen", "127.0.0.1:0", "-dir", dir))
	bareAddr, _ := startProcess(b, bare("server", dir))
	fetch := func(addr string) func() {
		return func() {
			conn, err := net.Dial("tcp", addr)
			if err != nil {
				b.Fatal(err)
			}
			defer conn.Close()
			fmt.Fprintf(conn, "GET /big HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
			r := bufio.NewReaderSize(conn, 256<<10)
			if _, err := textproto.NewReader(r).ReadLine(); err != nil {
				b.Fatal(err)
			}
			if _, err := textproto.NewReader(r).ReadMIMEHeader(); err != nil {
				b.Fatal(err)
			}
			if n, err := io.Copy(io.Discard, r); n != size || err != nil {
				b.Fatalf("%d bytes came, %v", n, err)
			}
		}
	}
	compare(b, size, fetch(addr), fetch(bareAddr))
	limitMemory(b, server.Pid)
}

// BenchmarkGetBigFile fetches it with both browsers from the barest server.
func BenchmarkGetBigFile(b *testing.B) {
	dir, size := bigDir(b)
	exe := program(b)
	addr, _ := startProcess(b, bare("server", dir))
	peak := 0
	fetch := func(command func() *exec.Cmd, watched bool) func() {
		return func() {
			cmd := command()
			out, err := cmd.StdoutPipe()
			if err != nil {
				b.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				b.Fatal(err)
			}
			buf, n := make([]byte, 256<<10), int64(0)
			for {
				k, err := out.Read(buf)
				if n += int64(k); n == size && watched && runtime.GOOS == "linux" {
					peak = max(peak, peakMemory(b, cmd.Process.Pid))
				}
				if err != nil {
					break
				}
			}
			if err := cmd.Wait(); n != size || err != nil {
				b.Fatalf("%d bytes came, %v", n, err)
			}
		}
	}
	compare(b, size,
		fetch(func() *exec.Cmd { return exec.Command(exe, "get", "http://"+addr+"/big") }, true),
		fetch(func() *exec.Cmd { return bare("get", addr) }, false))
	reportMemory(b, peak)
}

// compare runs both in turns and compares the medians.
func compare(b *testing.B, size int64, model, bare func()) {
	b.Helper()
	b.SetBytes(2 * size)
	var models, bares []time.Duration
	timed := func(run func(), times *[]time.Duration) {
		began := time.Now()
		run()
		*times = append(*times, time.Since(began))
	}
	model() // the file comes into the system's memory
	bare()
	b.ResetTimer()
	for i := range b.N {
		if i%2 == 0 { // neither shall always be the first
			timed(model, &models)
			timed(bare, &bares)
		} else {
			timed(bare, &bares)
			timed(model, &models)
		}
	}
	b.StopTimer()
	b.Logf("model %v, barest %v", models, bares)
	ratio := median(bares).Seconds() / median(models).Seconds()
	b.ReportMetric(median(models).Seconds(), "s/model")
	b.ReportMetric(median(bares).Seconds(), "s/barest")
	b.ReportMetric(ratio, "ratio")
	if ratio < ratioMin && b.N > 1 {
		b.Errorf("the model has %.2f of the barest one's speed, want %.2f", ratio, ratioMin)
	}
}

func median(times []time.Duration) time.Duration {
	slices.Sort(times)
	return times[len(times)/2]
}

func limitMemory(b *testing.B, pid int) {
	b.Helper()
	if runtime.GOOS == "linux" {
		reportMemory(b, peakMemory(b, pid))
	}
}

func reportMemory(b *testing.B, peak int) {
	b.Helper()
	b.ReportMetric(float64(peak)/(1<<20), "MiB-peak")
	if peak > memoryMax {
		b.Errorf("the model used %d bytes, want at most %d", peak, memoryMax)
	}
}

var highWater = regexp.MustCompile(`VmHWM:\s+(\d+) kB`)

// peakMemory is the most memory that a process had so far.
func peakMemory(b *testing.B, pid int) int {
	b.Helper()
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Fatal(err)
	}
	m := highWater.FindSubmatch(data)
	if m == nil {
		return 0 // it has just ended
	}
	kilobytes, err := strconv.Atoi(string(m[1]))
	if err != nil {
		b.Fatal(err)
	}
	return kilobytes << 10
}
