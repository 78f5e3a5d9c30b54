package main

var x = [1 << 30]int{1<<30 - 1: 1}

func main() { println(x[0]) }
