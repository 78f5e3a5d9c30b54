package proof

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

// TestTypingIsHidden gives passwd a terminal and types a password there: the
// prompt is shown, the password is not, and the echo is back afterwards, also
// when passwd was interrupted.
func TestTypingIsHidden(t *testing.T) {
	exe, dir := buildAuth(t), t.TempDir()
	for what, typed := range map[string]string{"typed": "hidden words\n", "interrupted": "hidden\x03"} {
		t.Run(what, func(t *testing.T) {
			person, terminal := openTerminal(t)
			passwd := exec.Command(exe, "passwd", "-iterations", "1", filepath.Join(dir, what), "ann")
			passwd.Stdin, passwd.Stdout, passwd.Stderr = terminal, terminal, terminal
			passwd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
			if err := passwd.Start(); err != nil {
				t.Fatal(err)
			}
			shown := readUntil(t, person, "password: ")
			awaitEcho(t, terminal, false)
			if _, err := person.WriteString(typed); err != nil {
				t.Fatal(err)
			}
			if err := passwd.Wait(); (err == nil) != (what == "typed") {
				t.Errorf("passwd ended with %v", err)
			}
			awaitEcho(t, terminal, true)
			if _, err := terminal.WriteString("END"); err != nil {
				t.Fatal(err)
			}
			shown += readUntil(t, person, "END")
			if bytes.Contains([]byte(shown), []byte("hidden")) {
				t.Errorf("the terminal shows %q", shown)
			}
		})
	}
}

// openTerminal returns the two ends of a pseudo terminal.
func openTerminal(t *testing.T) (person, terminal *os.File) {
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no pseudo terminals here: ", err)
	}
	t.Cleanup(func() { person.Close() })
	var unlocked, number int32
	control(t, person, syscall.TIOCSPTLCK, unsafe.Pointer(&unlocked))
	control(t, person, syscall.TIOCGPTN, unsafe.Pointer(&number))
	terminal, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no pseudo terminals here: ", err)
	}
	t.Cleanup(func() { terminal.Close() })
	return person, terminal
}

func control(t *testing.T, file *os.File, request uintptr, value unsafe.Pointer) {
	t.Helper()
	if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, file.Fd(), request, uintptr(value)); errno != 0 {
		t.Fatal(errno)
	}
}

// awaitEcho waits until the terminal shows what is typed, or hides it.
func awaitEcho(t *testing.T, terminal *os.File, on bool) {
	t.Helper()
	for range 1_000 {
		var state syscall.Termios
		control(t, terminal, syscall.TCGETS, unsafe.Pointer(&state))
		if (state.Lflag&syscall.ECHO != 0) == on {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatalf("the terminal's echo is never %v", on)
}

// readUntil returns what the person sees, up to the text.
func readUntil(t *testing.T, person *os.File, text string) string {
	t.Helper()
	var seen []byte
	buffer := make([]byte, 100)
	for !bytes.Contains(seen, []byte(text)) {
		n, err := person.Read(buffer)
		seen = append(seen, buffer[:n]...)
		if err != nil {
			t.Fatalf("saw %q: %v", seen, err)
		}
	}
	return string(seen)
}
