package main

// ¼ÆËã×ÓÍø
func main() {}
