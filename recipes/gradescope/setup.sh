#!/bin/sh
# Installs Go and builds the grader, once for each upload of the zip.
set -eu
root=${AUTOGRADER:-/autograder}
version=$(sed -n 's/^go //p' "$root/source/go.mod")
if ! command -v go > /dev/null; then
	curl -fsSL "https://go.dev/dl/go$version.linux-amd64.tar.gz" | tar -xz -C /usr/local
	ln -s /usr/local/go/bin/go /usr/local/bin/go
fi
cd "$root/source"
go build -o "$root/grader" ./grader
