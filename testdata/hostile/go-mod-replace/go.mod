module wirebook

go 1.99

toolchain go1.99.0-evil

replace wirebook/harness => ./harness

replace github.com/rogpeppe/go-internal => ./harness
