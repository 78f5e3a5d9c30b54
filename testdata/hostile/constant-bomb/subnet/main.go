package main

const x = 1 << (1 << 20)

var y = x / (x - 1) * 1e1000000

func main() { println(y) }
