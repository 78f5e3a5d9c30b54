//go:build linux && !amd64 && !arm64

package sandbox

const canShare = false

func cloneSharing(uintptr) (pid, errno uintptr) { panic("sandbox: not on this processor") }
