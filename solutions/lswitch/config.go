package main

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
)

// This file is given: what the flags say of the ports.

// A config is the flags about ports, as they were written, in their order.
type config struct {
	ports, access, trunks words
}

// words are the values of a flag that may be given several times.
type words []string

func (w *words) String() string { return strings.Join(*w, " ") }

func (w *words) Set(value string) error {
	*w = append(*w, value)
	return nil
}

const (
	firstVLAN = 1
	lastVLAN  = 4094 // 0 and 4095 are no VLANs
)

// read makes the ports. The flags may stand in any order: first come the ports,
// then what is said of them.
func (c config) read() ([]*port, error) {
	var ports []*port
	byName := make(map[string]*port)
	for _, text := range c.ports {
		p, err := readPort(text)
		if err != nil {
			return nil, err
		}
		if byName[p.name] != nil {
			return nil, fmt.Errorf("-port %s: there are two of this name", text)
		}
		byName[p.name] = p
		ports = append(ports, p)
	}
	if len(ports) == 0 {
		return nil, errors.New("the switch needs a port: -port NAME=LOCAL,REMOTE")
	}

	hasRole := make(map[string]bool)
	named := func(flag, text string) (p *port, value string, err error) {
		name, value, _ := strings.Cut(text, "=")
		if p = byName[name]; p == nil {
			return nil, "", fmt.Errorf("%s %s: there is no port %q", flag, text, name)
		}
		if hasRole[name] {
			return nil, "", fmt.Errorf("%s %s: the port %q has its VLANs already", flag, text, name)
		}
		hasRole[name] = true
		return p, value, nil
	}
	for _, text := range c.access {
		p, value, err := named("-access", text)
		if err != nil {
			return nil, err
		}
		if p.untagged, err = readVLAN(value); err != nil {
			return nil, fmt.Errorf("-access %s: %w", text, err)
		}
	}
	for _, text := range c.trunks {
		p, value, err := named("-trunk", text)
		if err != nil {
			return nil, err
		}
		if err := p.becomeTrunk(value); err != nil {
			return nil, fmt.Errorf("-trunk %s: %w", text, err)
		}
	}
	return ports, nil
}

// readPort reads NAME=LOCAL,REMOTE. The port is an access port in VLAN 1.
func readPort(text string) (*port, error) {
	name, cable, _ := strings.Cut(text, "=")
	if name == "" || strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") != "" {
		return nil, fmt.Errorf("-port %s: a name has letters, digits, - and _", text)
	}
	local, other, _ := strings.Cut(cable, ",")
	for _, addr := range []string{local, other} {
		if _, number, err := net.SplitHostPort(addr); err != nil || number == "" {
			return nil, fmt.Errorf("-port %s: %q is not HOST:PORT", text, addr)
		}
	}
	return &port{name: name, untagged: firstVLAN, local: local, other: other}, nil
}

// becomeTrunk reads VID,VID,native=VID.
func (p *port) becomeTrunk(list string) error {
	p.trunk, p.untagged, p.tagged = true, 0, make(map[int]bool)
	for word := range strings.SplitSeq(list, ",") {
		number, native := strings.CutPrefix(word, "native=")
		vlan, err := readVLAN(number)
		switch {
		case err != nil:
			return err
		case native && p.untagged != 0:
			return errors.New("there is one native VLAN")
		case native:
			p.untagged = vlan
		default:
			p.tagged[vlan] = true
		}
	}
	return nil
}

func readVLAN(text string) (int, error) {
	vlan, err := strconv.Atoi(text)
	if err != nil || vlan < firstVLAN || vlan > lastVLAN {
		return 0, fmt.Errorf("%q is no VLAN: they have the numbers %d to %d", text, firstVLAN, lastVLAN)
	}
	return vlan, nil
}
