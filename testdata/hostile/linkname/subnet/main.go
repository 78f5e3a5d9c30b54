package main

import _ "unsafe"

//go:linkname exit os.runtime_beforeExit
func exit(code int)

func main() { exit(0) }
