// Package kerneltest puts a Linux kernel at the end of a device's cable, for tests in which
// a lesson's device speaks with what none of us wrote.
//
// A [Host] has a TAP device, an Ethernet card of which the other side is a file: what the
// kernel sends is read there and put into the cable, and the other way round. It lives in a
// network namespace of its own, so that no address of this machine is touched, and obeys
// commands. It is the test's executable, started again: a test that has hosts calls [BeHost]
// first. Where hosts are not allowed, or there is no ip program, the test is skipped and says
// why. On other systems than Linux there is nothing in this package.
package kerneltest
