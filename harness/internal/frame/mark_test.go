package frame

import (
	"encoding/hex"
	"testing"
)

func TestMark(t *testing.T) {
	for words, want := range map[string]string{
		"raw":                           "02000a000002",
		"arp vlan=10 prio=5":            "02000a0000028100a00a",
		"raw vlan=1 cut=17":             "02000a000002",
		"raw src=broadcast":             "",
		"raw src=01-00-5e-00-00-01":     "",
		"raw cut=13":                    "",
		"raw ethertype=0x88a8 size=100": "02000a000002",
	} {
		from := Sender(send(t, words, nil))
		if got := hex.EncodeToString([]byte(from)); got != want {
			t.Errorf("%s is from %q, want %q", words, got, want)
		}
		if from == "" {
			continue
		}
		mark := Mark(from)
		if !IsMark(mark) || Sender(mark) != from || Sender(mark).MAC() != string(mark[6:12]) || IsMark(send(t, words, nil)) {
			t.Errorf("%s: the mark is %x", words, mark)
		}
	}
}

func TestStations(t *testing.T) {
	s, err := ParseSend([]string{"raw", "src=02-00-00-00-ff-ff", "hex=", "stations=3"})
	if err != nil || s.Stations() != 3 {
		t.Fatalf("%v", err)
	}
	b, err := s.Bytes(nil)
	if err != nil {
		t.Fatal(err)
	}
	NextStation(b)
	if got, want := hex.EncodeToString(b), "02000a000001"+"020000010000"+"88b5"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	for _, words := range []string{"stations=0", "stations=x", "stations=1000001"} {
		if _, err := ParseSend([]string{"raw", words}); err == nil {
			t.Errorf("%s is taken", words)
		}
	}
	NextStation([]byte("short")) // and does not panic
}
