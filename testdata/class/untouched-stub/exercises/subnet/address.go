package main

// An ipv4 is an IPv4 address as it travels: 32 bits, the first octet in the
// highest eight. 192.168.1.199 is 0xC0A801C7. A netmask has the same form: ones
// for the network, then zeros for the host.
type ipv4 uint32

// parseAddress reads an address in dotted decimal, such as "192.168.1.199":
// four numbers from 0 to 255 with dots between them, and nothing else. A number
// has no sign and no leading zero. The error names the octet that is wrong.
func parseAddress(text string) (ipv4, error) {
	notWritten("address.go: parseAddress")
	return 0, nil
}

// parsePrefix reads the length of a prefix, such as "24": a number from 0 to
// 32, as strict as an octet. The error contains text.
func parsePrefix(text string) (int, error) {
	notWritten("address.go: parsePrefix")
	return 0, nil
}

// parseMask reads a netmask in dotted decimal, such as "255.255.255.0", and
// returns how many ones it begins with: 24. A mask with a one behind a zero is
// an error. The error contains text.
func parseMask(text string) (prefix int, err error) {
	notWritten("address.go: parseMask")
	return 0, nil
}
