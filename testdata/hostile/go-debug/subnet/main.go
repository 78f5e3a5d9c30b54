//go:debug netdns=cgo
//go:debug madvdontneed=1
package main

func main() {}
