package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// strftime returns format with its directives replaced by the time t. Bytes that
// are no directive are copied, whatever they are.
func strftime(format string, t time.Time) string {
	var b strings.Builder
	for {
		text, rest, found := strings.Cut(format, "%")
		b.WriteString(text)
		if !found {
			return b.String()
		}
		if rest == "" { // the format ends in %
			b.WriteByte('%')
			return b.String()
		}
		b.WriteString(replaced(rest[0], t))
		format = rest[1:]
	}
}

// replaced is what stands in the answer for % and the byte behind it.
func replaced(letter byte, t time.Time) string {
	if layout, ok := layouts[letter]; ok {
		return t.Format(layout)
	}
	if others, ok := shorthands[letter]; ok {
		return strftime(others, t)
	}
	if number, ok := numbers[letter]; ok {
		return number(t)
	}
	return string([]byte{'%', letter})
}

// layouts are the directives that package time can write. Its layouts are never
// mixed with the format's own text, in which 2006 or Jan must stay what it is.
var layouts = map[byte]string{
	'a': "Mon", 'A': "Monday",
	'b': "Jan", 'h': "Jan", 'B': "January",
	'Y': "2006", 'y': "06", 'm': "01", 'd': "02", 'e': "_2", 'j': "002",
	'H': "15", 'I': "03", 'M': "04", 'S': "05", 'p': "PM",
	'z': "-0700", 'Z': "MST",
}

// shorthands stand for other directives.
var shorthands = map[byte]string{
	'D': "%m/%d/%y", 'F': "%Y-%m-%d", 'R': "%H:%M", 'T': "%H:%M:%S",
	'r': "%I:%M:%S %p", 'c': "%a %b %e %H:%M:%S %Y", 'x': "%m/%d/%y", 'X': "%H:%M:%S",
	'n': "\n", 't': "\t",
}

// numbers are the directives that have to be reckoned, and the percent sign.
var numbers = map[byte]func(time.Time) string{
	'%': func(time.Time) string { return "%" },
	's': func(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) },
	'C': func(t time.Time) string { return twoDigits(t.Year() / 100) },
	'u': func(t time.Time) string { return strconv.Itoa(daysSince(time.Monday, t.Weekday()) + 1) },
	'w': func(t time.Time) string { return strconv.Itoa(daysSince(time.Sunday, t.Weekday())) },
	'U': func(t time.Time) string { return twoDigits(week(time.Sunday, t)) },
	'W': func(t time.Time) string { return twoDigits(week(time.Monday, t)) },
	'V': func(t time.Time) string { _, week := t.ISOWeek(); return twoDigits(week) },
	'G': func(t time.Time) string { year, _ := t.ISOWeek(); return strconv.Itoa(year) },
	'g': func(t time.Time) string { year, _ := t.ISOWeek(); return twoDigits(year % 100) },
}

func twoDigits(n int) string { return fmt.Sprintf("%02d", n) }

// daysSince is how many days ago it was the weekday first: 0 to 6.
func daysSince(first, of time.Weekday) int { return int(of-first+7) % 7 }

// week is the week of the year. Week 1 begins with the year's first weekday first;
// the days before are in week 0.
func week(first time.Weekday, t time.Time) int {
	return (t.YearDay() + 6 - daysSince(first, t.Weekday())) / 7
}
