package frame

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"wirebook/harness/internal/packet"
)

// Heard remembers where the frames that went into a device came from: all that a switch
// can have learnt. It is no switch: it tells what came, and not what is to be done about
// it.
type Heard struct {
	Now    time.Duration      // on the device's clock
	places map[string][]place // by the source's MAC address, the newest first
}

// A place is where a station has sent a frame.
type place struct {
	name string // the cable's, and what the tag says
	last time.Duration
}

// What is remembered.
const (
	mostStations = 10_000
	mostPlaces   = 3 // of a station
)

// In notes a frame that goes into the device over a cable.
func (h *Heard) In(frame []byte, cable string) {
	station := Sender(frame)
	if station == "" {
		return
	}
	mac := station.MAC()
	all, known := h.places[mac]
	if !known && len(h.places) >= mostStations {
		return
	}
	at := place{cable, h.Now}
	p, _ := table.Decode(frame, nil, packet.Every)
	for _, l := range p {
		if l.Protocol != nil && l.Protocol.Optional {
			tag := &l.Protocol.Fields[0]
			at.name += " with " + tag.Name + "=" + tag.Write(l.Value(tag))
		}
	}
	all = slices.DeleteFunc(all, func(old place) bool { return old.name == at.name })
	if h.places == nil {
		h.places = make(map[string][]place)
	}
	h.places[mac] = slices.Insert(all[:min(len(all), mostPlaces)], 0, at)
}

// For tells where the station that a frame is for has sent before, the newest place
// first: "02-00-00-00-00-0a at p2, before that at p1 10s ago". It tells "" of a frame for
// many, and where it cannot know.
func (h *Heard) For(frame []byte) string {
	p, _ := table.Decode(frame, table[0], packet.Every)
	if !p.Has(table[0]) || isGroup(frame) {
		return ""
	}
	mac := p[:1].Word("dst")
	all := h.places[string(frame[:6])]
	switch {
	case all == nil && len(h.places) >= mostStations:
		return ""
	case all == nil:
		return "nothing from " + mac
	}
	var words []string
	for _, at := range all[:min(len(all), mostPlaces)] {
		word := "at " + at.name
		if age := h.Now - at.last; age > 0 {
			word += fmt.Sprintf(" %v ago", age)
		}
		words = append(words, word)
	}
	if len(all) > mostPlaces {
		words = append(words, "...")
	}
	return mac + " " + strings.Join(words, ", before that ")
}
