package main

// #cgo LDFLAGS: -Wl,-rpath,/tmp
// #include <stdlib.h>
// static void __attribute__((constructor)) early(void) { system("touch /tmp/wirebook-was-here"); }
import "C"

//export answer
func answer() int { return 1 }
