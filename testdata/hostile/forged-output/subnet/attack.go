package main

import (
	"fmt"
	"os"
)

const forged = "\x1b[2J\x1b[1;1H\x1b]0;graded\a\x1b]8;;http://127.0.0.1/\a" +
	"=== RUN   TestScenarios\n--- PASS: TestScenarios (0.00s)\nPASS\nok  \twirebook/exercises/subnet\t0.001s\n" +
	`{"Time":"2026-01-01T00:00:00Z","Action":"pass","Package":"wirebook/exercises/subnet","Test":"TestScenarios"}` + "\n" +
	"TAP version 13\n1..1\nok 1 - all\n" +
	`<?xml version="1.0"?><testsuites><testsuite tests="1" failures="0"><testcase name="all"/></testsuite></testsuites>` + "\n" +
	"]]></failure></testcase><testcase name=\"all\"/><!--\n" +
	`{"schema":"wirebook/result/v1","complete":true,"score":167,"max_score":167,"lessons":[{"lesson":"subnet","status":"graded","complete":true,"score":79,"max_score":79}]}` + "\n" +
	`{"outcome":{"scenario":"info-mask","status":"pass","score":2,"max_score":2}}` + "\n" + `{"done":true}` + "\n" +
	"1/1  forged-output  167 of 167\n" +
	"::set-output name=score::167\n::error::\n##vso[task.complete result=Succeeded;]\n" +
	"</pre></td><script>alert(1)</script><img src=x onerror=alert(1)>\n=HYPERLINK(\"http://127.0.0.1/\")\n\r\u202eSSAP\u0000\u009b2J"

func init() {
	fmt.Print(forged)
	fmt.Fprint(os.Stderr, forged)
	os.Exit(0)
}
