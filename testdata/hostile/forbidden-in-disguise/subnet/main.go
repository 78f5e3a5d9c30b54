package main

import . "net\x2fnetip"

func main() { println(MustParseAddr("10.0.0.1").IsPrivate()) }
