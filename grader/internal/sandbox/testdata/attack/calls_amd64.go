package main

const (
	sysBPF            = 321
	sysUserfaultfd    = 323
	sysMemfdCreate    = 319
	sysProcessVMReadv = 310
)
