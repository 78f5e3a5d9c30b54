package main

func attack()

func main() { attack() }
