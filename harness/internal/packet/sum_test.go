package packet

import (
	"bytes"
	"testing"
)

// RFC 1071 §3 works this sum out.
func TestInternetSum(t *testing.T) {
	words := []byte{0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7}
	if got, want := internetSum(words), ^uint16(0xddf2); got != want {
		t.Errorf("checksum is %04x, want %04x", got, want)
	}
	if got, want := internetSum([]byte{0x12, 0x34, 0x56}), ^uint16(0x6834); got != want {
		t.Errorf("an odd byte: checksum is %04x, want %04x", got, want)
	}
	if got := internetSum(nil); got != 0xffff {
		t.Errorf("nothing: checksum is %04x", got)
	}
	if got := internetSum(bytes.Repeat([]byte{0xff}, 65535)); got != 0x00ff {
		t.Errorf("a long one: checksum is %04x", got)
	}
}
