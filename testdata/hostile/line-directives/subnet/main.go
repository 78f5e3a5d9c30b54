package main

func main() { /*line /work/solutions/subnet/main.go:1:1*/ wrong() }

//line ../../grader/main.go:100
func other() { wrong() }
