"""Grades a submission for Classroom 50 with the students' copy of the workbook beside it.

It is started in the student's checkout and writes result.json and release-body.md there.
The exit status is 0 where the submission was graded, whatever its points.
"""

import pathlib
import shutil
import subprocess
import sys
import tempfile

BUNDLE = pathlib.Path(__file__).resolve().parent
CHECKOUT = pathlib.Path.cwd()


def main():
    lessons = (BUNDLE / "lessons").read_text().split()
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        # The grader takes the lessons' .go files of it, and nothing else.
        shutil.copytree(CHECKOUT, work / "class" / "submission", symlinks=True,
                        ignore=shutil.ignore_patterns(".git"))
        status = subprocess.run(
            ["go", "run", "./grader", "grade", work / "class", *lessons, "-o", work / "results",
             "--format", f"classroom50={work / 'result'}", "--format", f"markdown={work / 'body'}"],
            cwd=BUNDLE / "workbook", check=False).returncode
        if status == 0:
            shutil.copy(work / "result" / "submission" / "classroom50.json", CHECKOUT / "result.json")
            shutil.copy(work / "body" / "submission" / "markdown.md", CHECKOUT / "release-body.md")
    sys.exit(status)


main()
