package main

import (
	"net"
	"os"
	"time"
)

const forged = "yes\nhello\nwelcome\nq\n"

// The client is not the first one at its server. The server looks for others
// that listen, among 300 ports.
func init() {
	switch {
	case len(os.Args) > 2 && os.Args[1] == "client":
		for range 3 {
			forge(os.Args[2])
		}
	case len(os.Args) > 3 && os.Args[1] == "server":
		for port := 40000; port < 40300; port++ {
			forge((&net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port}).String())
		}
	}
}

func forge(address string) {
	c, err := net.DialTimeout("tcp4", address, time.Second)
	if err != nil {
		return
	}
	c.Write([]byte(forged))
	c.Close()
}
