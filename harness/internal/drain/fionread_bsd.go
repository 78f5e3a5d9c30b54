//go:build darwin || freebsd

package drain

// From <sys/filio.h>: _IOR('f', 127, int).
const fionread = 0x4004667f
