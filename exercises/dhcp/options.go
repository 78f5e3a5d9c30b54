//lint:file-ignore U1000 what you write uses what is here

package main

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

// parseOptions reads the options that stand in a message: code, length, value,
// and the next. What it should do where they run over the end of b: stop.
//
// Beside it you need functions that read a value (an address, some addresses, a
// number of seconds) and such that pack options.
func parseOptions(b []byte) options {
	notYet("options.go: parseOptions is not written yet")
	return nil
}
