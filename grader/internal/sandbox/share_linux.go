//go:build amd64 || arm64

package sandbox

// canShare says that a child can be made that uses its parent's memory.
const canShare = true

// cloneSharing makes a child that shares the memory of this process and, since
// the calling thread stands still until the child has become another program or
// ended, its stack. flags have to ask for both.
//
//go:noescape
func cloneSharing(flags uintptr) (pid, errno uintptr)
