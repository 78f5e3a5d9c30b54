package main

import (
	"encoding/binary"
	"net/netip"
	"time"
)

// The options that are known here (RFC 2132), by their codes.
const (
	optionPad       = 0
	optionMask      = 1
	optionRouter    = 3
	optionDNS       = 6
	optionRequested = 50 // the address that a client would like
	optionLease     = 51 // in seconds
	optionType      = 53
	optionServer    = 54 // the address by which a server is known
	optionList      = 55 // the codes of the options that a client asks for
	optionT1        = 58 // when to renew, in seconds
	optionT2        = 59 // when to rebind, in seconds
	optionID        = 61 // who the client is
	optionEnd       = 255
)

// The types of messages, the values of optionType.
const (
	typeDiscover = 1
	typeOffer    = 2
	typeRequest  = 3
	typeDecline  = 4
	typeACK      = 5
	typeNAK      = 6
	typeRelease  = 7
)

// options are a message's, by their codes.
type options map[byte][]byte

// parseOptions reads options up to their end, or up to one that does not fit in.
// Of one that comes twice the first counts.
func parseOptions(b []byte) options {
	found := make(options)
	for len(b) > 0 && b[0] != optionEnd {
		if b[0] == optionPad {
			b = b[1:]
			continue
		}
		if len(b) < 2 || len(b) < 2+int(b[1]) {
			break
		}
		code, end := b[0], 2+int(b[1])
		if _, twice := found[code]; !twice {
			found[code] = b[2:end]
		}
		b = b[end:]
	}
	return found
}

// kind is the message's type, 0 if there is none.
func (o options) kind() byte {
	if v := o[optionType]; len(v) == 1 {
		return v[0]
	}
	return 0
}

// ip is the address in an option; false means that there is none.
func (o options) ip(code byte) (netip.Addr, bool) {
	v := o[code]
	if len(v) != 4 {
		return netip.Addr{}, false
	}
	return netip.AddrFrom4([4]byte(v)), true
}

// ips are the addresses in an option.
func (o options) ips(code byte) []netip.Addr {
	var list []netip.Addr
	for v := o[code]; len(v) >= 4; v = v[4:] {
		list = append(list, netip.AddrFrom4([4]byte(v)))
	}
	return list
}

// seconds is the time in an option; false means that there is none.
func (o options) seconds(code byte) (time.Duration, bool) {
	v := o[code]
	if len(v) != 4 {
		return 0, false
	}
	return time.Duration(binary.BigEndian.Uint32(v)) * time.Second, true
}

// An optionWriter packs options, one after the other.
type optionWriter []byte

func (w *optionWriter) add(code byte, value ...byte) {
	*w = append(*w, code, byte(len(value)))
	*w = append(*w, value...)
}

func (w *optionWriter) addIP(code byte, ip netip.Addr) { w.add(code, ip.AsSlice()...) }

func (w *optionWriter) addSeconds(code byte, d time.Duration) {
	w.add(code, binary.BigEndian.AppendUint32(nil, uint32(d/time.Second))...)
}

// end is the options with the mark behind them.
func (w optionWriter) end() []byte { return append(w, optionEnd) }
