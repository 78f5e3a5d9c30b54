package main

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The colours are ECMA-48 control sequences (SGR): ESC [ 0;FOREGROUND;BACKGROUND m
// switches a colour on, ESC [ 0 m switches all off again.
const plain = "\x1b[0m"

var colours = map[string]string{
	"alex": "\x1b[0;33;42m",
	"太白":   "\x1b[0;35;40m",
}

// coloured returns the line that the server prints for a datagram NAME : TEXT.
// Only our own control sequences reach the screen; the datagram's are cleaned.
func coloured(datagram string) string {
	name, _, _ := strings.Cut(datagram, ":")
	return colours[strings.TrimSpace(name)] + clean(datagram) + " " + plain
}

// clean makes text from the network fit to print. A control character could
// move the cursor, recolour the screen or begin a new line and so forge
// another's message; it becomes U+FFFD, and so do bytes that are not UTF-8.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return utf8.RuneError
		}
		return r
	}, text)
}
