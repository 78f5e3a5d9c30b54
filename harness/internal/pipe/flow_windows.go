package pipe

import (
	"os"
)

// read cannot be kept from what has begun: after a stall, one more read goes through.
func (o *Output) read(buf []byte) bool {
	o.awaitResume()
	n, err := o.file.Read(buf)
	o.mu.Lock()
	defer o.mu.Unlock()
	o.add(buf[:n])
	return err == nil
}

// Hurry makes the collector go on after a flood. It need not be made to end: all
// that held the pipe were in the job.
func (o *Output) Hurry() {
	close(o.over)
	o.Resume()
}

func (in *Input) drain() error {
	for {
		in.mu.Lock()
		b := in.queue
		in.queue = nil
		if len(b) == 0 {
			in.feeding = false
			in.mu.Unlock()
			return nil
		}
		in.mu.Unlock()
		if _, err := in.file.Write(b); err != nil {
			return err
		}
		in.notify()
	}
}

// hasRoom cannot look into a pipe here.
func hasRoom(*os.File) bool { return false }
