package process

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"
)

// programVariable makes the test binary one of the programs that the tests
// start.
const programVariable = "PROCESS_TEST_PROGRAM"

func TestMain(m *testing.M) {
	if name := os.Getenv(programVariable); name != "" {
		os.Unsetenv(programVariable)
		Lifeline()
		programs[name](os.Args[1:])
		os.Exit(0)
	}
	// A program built with the race detector would sleep for a second before it ends.
	os.Setenv("GORACE", "atexit_sleep_ms=0")
	os.Exit(m.Run())
}

var programs = map[string]func(args []string){
	"echo": func([]string) {
		lines := bufio.NewScanner(os.Stdin)
		for lines.Scan() {
			fmt.Println(lines.Text())
		}
	},
	// handing reads in one goroutine and answers in another. There is one place
	// to run them, which the first keeps for a while when it reads on.
	"handing": func([]string) {
		runtime.GOMAXPROCS(1)
		words := make(chan string)
		go func() {
			for word := range words {
				os.Stdout.WriteString(word)
			}
		}()
		b := make([]byte, 100)
		for {
			n, err := os.Stdin.Read(b)
			if n <= 0 || err != nil {
				return
			}
			for start := time.Now(); time.Since(start) < 5*time.Millisecond; {
				// It works, and the runtime's own watchman comes by less often.
			}
			words <- string(b[:n])
		}
	},
	// starter starts a program and tells what can be told of it at rest.
	"starter": func([]string) {
		self, _ := os.Executable()
		p, err := Start(Spec{Path: self, Env: append(os.Environ(), programVariable+"=echo")})
		if err != nil {
			fmt.Println(err)
			return
		}
		defer p.Kill()
		p.Write([]byte("hello\n"))
		for p.Stdout().Len() < 6 {
			runtime.Gosched()
		}
		a, err := p.Activity()
		_, descriptors := p.Descriptors()
		_, _, timers := p.Timers()
		_, unread := p.StdinUnread()
		_, pending := p.Stdout().Pending()
		fmt.Println(a.KnowsCPU, p.CPU() > 0, a.KnowsRest, err, descriptors, timers, unread, pending, p.StdinSettled())
		p.CloseStdin()
		<-p.Done()
		exit, _ := p.Exited()
		fmt.Println(exit.Code, string(p.Stdout().Bytes()))
	},
	"copy": func([]string) { io.Copy(os.Stdout, os.Stdin) },
	"tell": func(args []string) {
		dir, _ := os.Getwd()
		fmt.Printf("%q %s %s", args, dir, os.Getenv("COLOUR"))
		fmt.Fprint(os.Stderr, "done")
		os.Exit(3)
	},
	"sleep": func([]string) { sleep() },
	// alarm will wake up in an hour.
	"alarm": func([]string) {
		time.AfterFunc(time.Hour, func() {})
		fmt.Println("ready")
		sleep()
	},
	"deaf": func([]string) { fmt.Println("here"); sleep() },
	"busy": func([]string) { burn() },
	"flood": func([]string) {
		for {
			os.Stdout.WriteString(strings.Repeat("flood ", 1000))
			os.Stderr.WriteString("!")
		}
	},
	// interrupted ends well at an interrupt.
	"interrupted": func([]string) {
		interrupt := make(chan os.Signal, 1)
		signal.Notify(interrupt, os.Interrupt)
		fmt.Println("ready")
		fmt.Println(<-interrupt)
	},
	// pingpong keeps one of two threads at work, and now one, now the other.
	"pingpong": func([]string) {
		ar, aw, _ := os.Pipe()
		br, bw, _ := os.Pipe()
		for _, f := range []*os.File{ar, aw, br, bw} {
			f.Fd() // makes it block its thread
		}
		pass := func(r, w *os.File) {
			runtime.LockOSThread()
			b := make([]byte, 1)
			for {
				r.Read(b)
				w.Write(b)
			}
		}
		go pass(ar, bw)
		aw.Write([]byte{0})
		pass(br, aw)
	},
	// threads starts some threads that sleep, says so, and sleeps.
	"threads": func(args []string) {
		n, _ := strconv.Atoi(args[0])
		r, _, _ := os.Pipe()
		r.Fd()
		for range n {
			go func() {
				runtime.LockOSThread()
				r.Read(make([]byte, 1))
			}()
		}
		for countThreads() < n {
			runtime.Gosched()
		}
		fmt.Println("ready")
		sleep()
	},
	// mayflies has threads that work a little and end.
	"mayflies": func([]string) {
		for {
			done := make(chan int)
			go func() {
				runtime.LockOSThread()
				n := 0
				for i := range 100_000 {
					n += i
				}
				done <- n
			}()
			<-done
		}
	},
	"descriptors": func([]string) {
		for {
			if _, err := os.Open(os.Args[0]); err != nil {
				fmt.Println(err)
				return
			}
		}
	},
	"memory": func([]string) {
		fmt.Println("ready")
		var all [][]byte
		for range 1 << 10 {
			b := make([]byte, 1<<20)
			for i := range b {
				b[i] = 1
			}
			all = append(all, b)
		}
		fmt.Println(len(all), "MiB")
	},
	"file": func(args []string) {
		os.Stdin.Read(make([]byte, 1)) // by then it has its limits
		f, err := os.Create(args[0])
		for err == nil {
			_, err = f.Write(make([]byte, 4096))
		}
		fmt.Println(err)
	},
	// numb is asleep and cannot be ended but by force.
	"numb": func([]string) {
		signal.Ignore()
		fmt.Println("ready")
		sleep()
	},
}

// sleep does nothing for ever, without the runtime seeing a deadlock.
func sleep() {
	r, w, _ := os.Pipe()
	r.Fd()
	r.Read(make([]byte, 1))
	w.Close()
}

func burn() {
	for n := 0; ; n++ {
		if n < 0 {
			return
		}
	}
}

func countThreads() int {
	names, _ := os.ReadDir("/proc/self/task")
	return len(names)
}
