#!/bin/sh
# Packs autograder.zip, to be uploaded to Gradescope:
#
#	sh recipes/gradescope/build.sh subnet
#
# It holds the whole workbook, with the hidden scenarios and the solutions.
set -eu
[ $# -gt 0 ] || { echo "which lessons? as in: sh recipes/gradescope/build.sh subnet" >&2; exit 2; }
recipe=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$recipe/../.." && git archive HEAD) | tar -x -C "$work"
cp "$recipe/setup.sh" "$recipe/run_autograder" "$work"
echo "$*" > "$work/lessons"
# Random exchanges differ from course to course, and not from student to student.
od -An -N4 -tu4 /dev/urandom | tr -d ' ' > "$work/seed"
rm -f autograder.zip
out=$(pwd)/autograder.zip
(cd "$work" && zip -qr "$out" .)
echo "autograder.zip: upload it under Configure Autograder"
