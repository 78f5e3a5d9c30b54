package main

const (
	sysBPF            = 280
	sysUserfaultfd    = 282
	sysMemfdCreate    = 279
	sysProcessVMReadv = 270
)
