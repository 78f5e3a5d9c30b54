// Package sys is the few system calls that the engine needs on Unix, and that
// package syscall does not have, or not as they are needed; and Blind.
//
// golang.org/x/sys/unix has them all. But the engine is linked anew with a
// student's program at each run of its tests, and that package alone would be a
// tenth of the link. So on Linux, where most of them are needed, they are made
// here; elsewhere that package makes them.
package sys
