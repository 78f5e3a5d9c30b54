package main

import (
	_ "internal/abi"
	_ "vendor/golang.org/x/net/idna"
	"wirebook/solutions"
)

func main() { println(solutions.FS) }
