#!/bin/sh
# Makes the folder autograder, which Classroom 50 takes for an assignment:
#
#	sh recipes/classroom50/build.sh subnet
#
# The job that is given it runs in the student's repository. So it holds a students' copy
# of the workbook, without hidden scenarios and solutions.
set -eu
[ $# -gt 0 ] || { echo "which lessons? as in: sh recipes/classroom50/build.sh subnet" >&2; exit 2; }
recipe=$(cd "$(dirname "$0")" && pwd)
out=$(pwd)/autograder
mkdir "$out"
cp "$recipe/autograder.py" "$out"
echo "$*" > "$out/lessons"
(cd "$recipe/../.." && go run ./grader handout "$out/workbook")
echo "autograder: put what is in it into CLASSROOM/autograders/ASSIGNMENT"
