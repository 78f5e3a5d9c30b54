package frame

// prober is the MAC of the engine when it probes.
var prober = MAC{0x02, 0x00, 'p', 'r', 'o', 'b'}

// Probe is an ARP probe (RFC 5227) for a host's address. A host answers it and
// learns nothing from it, so its answer tells that every frame sent before was
// seen.
func Probe(host IP) []byte {
	p := arpKind.blank()
	p.Ethernet.Dst, p.Ethernet.Src = Broadcast, prober
	p.ARP.SHA, p.ARP.SPA, p.ARP.TPA = prober, IP{}, host
	return p.Encode()
}

// AnswersProbe tells whether a frame is the answer to a [Probe], right or
// wrong: nothing else goes to the prober's MAC.
func AnswersProbe(b []byte) bool {
	p, err := Decode(b)
	return err == nil && p.Ethernet.Dst == prober
}
