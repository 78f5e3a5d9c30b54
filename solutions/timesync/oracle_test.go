package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// allDirectives is a format with each of the 38, and some text between them.
const allDirectives = "2006|%a|%A|%b|%B|%c|%C|%d|%D|%e|%F|%g|%G|%h|%H|%I|%j|%m|%M|%n|%p|%r|%R|%s|%S|%t|%T|%u|%U|%V|%w|%W|%x|%X|%y|%Y|%z|%Z|%%|Jan"

var oracleZones = []string{
	"UTC", "Asia/Shanghai", "Asia/Kolkata", "Asia/Kathmandu", "America/New_York", "America/St_Johns",
	"Australia/Lord_Howe", "Pacific/Kiritimati", "Europe/London", "America/Los_Angeles", "Pacific/Apia",
}

// oracleMoments are some moments that programs stumble over, and then one every two
// months, at all hours, up to the year 2100.
func oracleMoments() []time.Time {
	var all []time.Time
	for _, text := range []string{
		"1970-01-01T00:00:00Z", "1999-12-31T23:59:59Z", "2000-02-29T12:00:00Z", "2005-01-02T03:04:05Z",
		"2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z", "2026-03-08T06:59:59Z", "2026-03-08T07:00:00Z",
		"2027-01-01T00:30:00Z", "2027-01-03T12:30:00Z", "2027-01-04T12:30:00Z", "2038-01-19T03:14:08Z",
	} {
		t, err := time.Parse(time.RFC3339, text)
		if err != nil {
			panic(err)
		}
		all = append(all, t)
	}
	for year := 1971; year < 2100; year++ {
		newYear := time.Date(year, 1, 1, 12, 0, 0, 0, time.UTC)
		all = append(all, newYear.AddDate(0, 0, -1), newYear, newYear.AddDate(0, 0, 3))
	}
	const step = 61*24*time.Hour + 7*time.Hour + 11*time.Minute + 13*time.Second
	for t := time.Unix(1, 0).UTC(); t.Year() < 2100; t = t.Add(step) {
		all = append(all, t)
	}
	return all
}

// An oracle is told moments in a zone, and answers each with a line: allDirectives at
// that moment, in which \n and \t are written so.
type oracle func(t *testing.T, zone string, moments string) []string

const pythonOracle = `
import sys, time
for second in sys.stdin.read().split():
    print(repr(time.strftime(sys.argv[1], time.localtime(int(second)))).strip("'"))
`

func askPython(t *testing.T, zone, moments string) []string {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skipf("not compared with Python's time.strftime: %v", err)
	}
	return runIn(t, zone, moments, python, "-c", pythonOracle, allDirectives)
}

func askDate(t *testing.T, zone, moments string) []string {
	if version, err := exec.Command("date", "--version").Output(); !bytes.Contains(version, []byte("GNU")) {
		t.Skipf("not compared with GNU date: %q, %v", version, err)
	}
	format := strings.NewReplacer("%n", `\n`, "%t", `\t`).Replace(allDirectives)
	return runIn(t, zone, "@"+strings.ReplaceAll(strings.TrimSpace(moments), "\n", "\n@")+"\n", "date", "-f", "-", "+"+format)
}

// runIn runs a program in a zone and returns the lines that it prints.
func runIn(t *testing.T, zone, input, name string, args ...string) []string {
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), "TZ="+zone, "LC_ALL=C")
	cmd.Stdin = strings.NewReader(input)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v", cmd, err)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
}

// strftime does what Python and GNU date do.
func TestOracles(t *testing.T) {
	if _, err := os.Stat("/usr/share/zoneinfo/Asia/Shanghai"); err != nil {
		t.Skipf("not compared with Python and GNU date, which need the system's zones: %v", err)
	}
	moments := oracleMoments()
	var input strings.Builder
	for _, m := range moments {
		fmt.Fprintln(&input, m.Unix())
	}
	for name, oracle := range map[string]oracle{"python": askPython, "date": askDate} {
		t.Run(name, func(t *testing.T) {
			for _, zone := range oracleZones {
				location, err := time.LoadLocation(zone)
				if err != nil {
					t.Fatal(err)
				}
				answers := oracle(t, zone, input.String())
				if len(answers) != len(moments) {
					t.Fatalf("%s: %d answers to %d questions", zone, len(answers), len(moments))
				}
				for i, m := range moments {
					got := strings.NewReplacer("\n", `\n`, "\t", `\t`).Replace(strftime(allDirectives, m.In(location)))
					if got != answers[i] {
						t.Fatalf("%v in %s:\n\t%s, %s says\n\t%s", m, zone, got, name, answers[i])
					}
				}
			}
		})
	}
}
