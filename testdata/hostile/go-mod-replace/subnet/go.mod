module wirebook/program

go 1.99

toolchain go1.99.0-evil

tool wirebook/program/evil
