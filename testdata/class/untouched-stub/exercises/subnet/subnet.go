package main

// same reports whether a and b are in one subnet: whether their first prefix
// bits are the same.
func same(a, b ipv4, prefix int) bool {
	notWritten("subnet.go: same")
	return false
}

// info returns the ten lines about an address and its subnet, from "address:"
// to "binary:", each with its line end. The README shows them and says what is
// different for /31 and /32.
func info(ip ipv4, prefix int) string {
	notWritten("subnet.go: info")
	return ""
}

// split returns the subnets of newPrefix bits within the subnet of ip, from the
// lowest address up, one a line, such as "192.168.1.0/26\n". A newPrefix that
// is below prefix, or would give more than 65,536 lines, is an error that
// contains newPrefix.
func split(ip ipv4, prefix, newPrefix int) (string, error) {
	notWritten("subnet.go: split")
	return "", nil
}
