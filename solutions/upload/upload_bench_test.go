package main

import (
	"bufio"
	"crypto/sha256"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"
)

const (
	bigFile   = 1 << 30
	memoryMax = 32 << 20 // what the server may use at its peak
	ratioMin  = 0.8      // of the barest program's speed
)

// BenchmarkBigFile sends a file of 1 GiB, once with the model program and once
// with the barest one in each round, in turn, over the same disk, and compares
// the medians. -short takes 64 MiB.
func BenchmarkBigFile(b *testing.B) {
	size := int64(bigFile)
	if testing.Short() {
		size /= 16
	}
	exe, dir := buildUpload(b), b.TempDir()
	file := filepath.Join(dir, "big.bin")
	if err := writeRandom(file, size); err != nil {
		b.Fatal(err)
	}
	model, bare := modelPair(b, exe, dir), barePair(b, dir)
	b.SetBytes(2 * size)

	b.ResetTimer()
	for i := range b.N {
		order := []*pair{model, bare}
		if i%2 == 1 { // neither shall always be the first
			slices.Reverse(order)
		}
		for _, p := range order {
			p.send(b, file)
		}
	}
	b.StopTimer()

	modelMedian, bareMedian := median(model.times), median(bare.times)
	b.Logf("model %v, barest %v", model.times, bare.times)
	ratio := bareMedian.Seconds() / modelMedian.Seconds()
	b.ReportMetric(modelMedian.Seconds(), "s/model")
	b.ReportMetric(bareMedian.Seconds(), "s/barest")
	b.ReportMetric(ratio, "ratio")
	if ratio < ratioMin && b.N > 1 { // a single round is the warming up
		b.Errorf("the model program has %.2f of the barest one's speed, want %.2f", ratio, ratioMin)
	}
	if runtime.GOOS != "linux" {
		return
	}
	peak := peakMemory(b, model.server.Process.Pid)
	b.ReportMetric(float64(peak)/(1<<20), "MiB-peak")
	if peak > memoryMax {
		b.Errorf("the server used %d bytes, want at most %d", peak, memoryMax)
	}
}

// pair is a server that runs and how to send it a file.
type pair struct {
	server *process
	client func(file string) *exec.Cmd
	stored string // where the file then stands
	times  []time.Duration
}

// send sends the file and keeps how long it took. Each time it is a new file
// to the server.
func (p *pair) send(b *testing.B, file string) {
	b.Helper()
	start := time.Now()
	if out, err := p.client(file).CombinedOutput(); err != nil {
		b.Fatalf("client: %v\n%s", err, out)
	}
	p.times = append(p.times, time.Since(start))
	b.StopTimer()
	if err := os.Remove(p.stored); err != nil {
		b.Fatal(err)
	}
	b.StartTimer()
}

// modelPair runs the model program.
func modelPair(b *testing.B, exe, parent string) *pair {
	b.Helper()
	dir := filepath.Join(parent, "model")
	if err := os.Mkdir(dir, 0o755); err != nil {
		b.Fatal(err)
	}
	server := startUpload(b, exe, dir)
	return &pair{
		server: server,
		client: func(file string) *exec.Cmd { return exec.Command(exe, "client", server.addr, file) },
		stored: filepath.Join(dir, "big.bin"),
	}
}

// barePair runs the barest program.
func barePair(b *testing.B, parent string) *pair {
	b.Helper()
	stored := filepath.Join(parent, "bare.bin")
	command := func(role string, args ...string) *exec.Cmd {
		cmd := exec.Command(os.Args[0], args...)
		cmd.Env = append(os.Environ(), bareRole+"="+role)
		return cmd
	}
	server := startServer(b, command("server", stored))
	return &pair{
		server: server,
		client: func(file string) *exec.Cmd { return command("client", server.addr, file) },
		stored: stored,
	}
}

// bare is the barest program with the same duties: one buffer, the hash at both
// ends, the file, fsync; no names, no errors of the peer, one client at a time.
func bare(role string, args []string) error {
	buffer := make([]byte, 256<<10)
	if role == "server" {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		fmt.Println("listening on", listener.Addr())
		for {
			if err := bareServe(listener, args[0], buffer); err != nil {
				return err
			}
		}
	}
	return bareSend(args[0], args[1], buffer)
}

// bareServe stores one file.
func bareServe(listener net.Listener, path string, buffer []byte) error {
	conn, err := listener.Accept()
	if err != nil {
		return err
	}
	defer conn.Close()
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	sum, err := bareCopy(file, conn, buffer)
	if err != nil {
		return err
	}
	if err := file.Sync(); err != nil {
		return err
	}
	_, err = conn.Write(sum)
	return err
}

// bareSend sends one file.
func bareSend(addr, path string, buffer []byte) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	sum, err := bareCopy(conn, file, buffer)
	if err != nil {
		return err
	}
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		return err
	}
	answer, err := io.ReadAll(conn)
	if err != nil {
		return err
	}
	if string(answer) != string(sum) {
		return fmt.Errorf("hash %x, want %x", answer, sum)
	}
	return nil
}

// bareCopy copies all and returns the hash of it.
func bareCopy(w io.Writer, r io.Reader, buffer []byte) ([]byte, error) {
	hash := sha256.New()
	for {
		n, err := r.Read(buffer)
		hash.Write(buffer[:n])
		if _, err := w.Write(buffer[:n]); err != nil {
			return nil, err
		}
		if err == io.EOF {
			return hash.Sum(nil), nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// writeRandom makes the file that is sent.
func writeRandom(path string, size int64) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	w := bufio.NewWriterSize(file, 1<<20)
	if _, err := io.CopyN(w, rand.NewChaCha8([32]byte{seed}), size); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return file.Sync()
}

// median returns the middle one.
func median(times []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(times))
	return sorted[len(sorted)/2]
}

// peakMemory returns the most memory that a process ever had resident, on Linux.
func peakMemory(b *testing.B, pid int) int64 {
	b.Helper()
	status := readFile(b, fmt.Sprintf("/proc/%d/status", pid))
	match := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(status)
	if match == nil {
		b.Fatal("no VmHWM in /proc/PID/status")
	}
	kib, err := strconv.ParseInt(string(match[1]), 10, 64)
	if err != nil {
		b.Fatal(err)
	}
	return kib << 10
}
