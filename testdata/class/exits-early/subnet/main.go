// Command subnet does the arithmetic of IPv4 subnets.
//
//	subnet info ADDR/PREFIX             all about an address and its subnet
//	subnet info ADDR MASK               the same, the prefix given as a mask
//	subnet same A B MASK                are A and B in one subnet?
//	subnet split ADDR/PREFIX NEWPREFIX  the smaller subnets of a subnet
//	subnet batch                        such queries from standard input
//
// An answer goes to standard output. Bad input is one line on standard error,
// exit status 1; a query that is none at all has exit status 2.
//
// This file is given. You write address.go, subnet.go and batch.go.
package main

import (
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"strings"
)

const usage = `usage: subnet info ADDR/PREFIX
       subnet info ADDR MASK
       subnet same A B MASK
       subnet split ADDR/PREFIX NEWPREFIX
       subnet batch`

// errUsage marks a query that has an unknown verb or a wrong number of words.
var errUsage = errors.New("not a query")

func main() {
	os.Exit(0)
	log.SetFlags(0) // messages on standard error, without the time
	query := os.Args[1:]
	if len(query) == 1 && query[0] == "batch" {
		if err := batch(os.Stdin, os.Stdout); err != nil {
			log.Fatal("error: batch: ", err)
		}
		return
	}
	text, err := answer(query)
	if errors.Is(err, errUsage) {
		log.Print("error: ", err)
		log.Print(usage)
		os.Exit(2)
	}
	if err != nil {
		log.Fatal("error: ", err)
	}
	if _, err := io.WriteString(os.Stdout, text); err != nil {
		log.Fatal("error: ", err)
	}
}

// answer returns the answer to a query, a verb and its arguments: whole lines,
// each with its line end.
func answer(query []string) (string, error) {
	if len(query) == 0 {
		return "", fmt.Errorf("%w: the verb is missing", errUsage)
	}
	switch verb, args := query[0], query[1:]; {
	case verb == "info" && len(args) == 1:
		ip, prefix, err := parseSubnet(args[0])
		if err != nil {
			return "", err
		}
		return info(ip, prefix), nil
	case verb == "info" && len(args) == 2:
		ip, prefix, err := parseMasked(args[0], args[1])
		if err != nil {
			return "", err
		}
		return info(ip, prefix), nil
	case verb == "same" && len(args) == 3:
		return answerSame(args[0], args[1], args[2])
	case verb == "split" && len(args) == 2:
		return answerSplit(args[0], args[1])
	case verb == "info" || verb == "same" || verb == "split":
		return "", fmt.Errorf("%w: wrong number of words after %s", errUsage, verb)
	default:
		return "", fmt.Errorf("%w: it does not begin with info, same or split", errUsage)
	}
}

// answerSame answers `same A B MASK`.
func answerSame(textA, textB, mask string) (string, error) {
	a, err := parseAddress(textA)
	if err != nil {
		return "", err
	}
	b, prefix, err := parseMasked(textB, mask)
	if err != nil {
		return "", err
	}
	if same(a, b, prefix) {
		return "yes\n", nil
	}
	return "no\n", nil
}

// answerSplit answers `split ADDR/PREFIX NEWPREFIX`.
func answerSplit(subnet, textPrefix string) (string, error) {
	ip, prefix, err := parseSubnet(subnet)
	if err != nil {
		return "", err
	}
	newPrefix, err := parsePrefix(textPrefix)
	if err != nil {
		return "", err
	}
	return split(ip, prefix, newPrefix)
}

// parseSubnet reads ADDR/PREFIX, such as 192.168.1.199/24.
func parseSubnet(text string) (ip ipv4, prefix int, err error) {
	address, length, found := strings.Cut(text, "/")
	if ip, err = parseAddress(address); err != nil {
		return 0, 0, err
	}
	if !found {
		return 0, 0, fmt.Errorf("address %v has neither a prefix nor a mask", ip)
	}
	prefix, err = parsePrefix(length)
	return ip, prefix, err
}

// parseMasked reads an address and the mask that goes with it.
func parseMasked(address, mask string) (ip ipv4, prefix int, err error) {
	if ip, err = parseAddress(address); err != nil {
		return 0, 0, err
	}
	prefix, err = parseMask(mask)
	return ip, prefix, err
}
