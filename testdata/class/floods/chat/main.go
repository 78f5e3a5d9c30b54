package main

import "os"

func main() {
	os.Stdout.WriteString("listening on 127.0.0.1:1\n")
	big := make([]byte, 1<<16)
	for i := range big {
		big[i] = 'x'
	}
	for {
		os.Stdout.Write(big)
		os.Stderr.Write(big)
	}
}
