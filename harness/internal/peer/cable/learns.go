package cable

import (
	"net/netip"
	"slices"
	"strings"

	"wirebook/harness/internal/programs"
)

// Learns tells by a program's arguments whether it is a switch: it has several cables and
// no address of its own. What such a program does with a frame depends on the sources that
// it has heard.
func Learns(args []string) bool {
	cables := 0
	for _, port := range programs.Ports(args) {
		if port.Remote != "" {
			cables++
		}
	}
	return cables > 1 && !slices.ContainsFunc(args, func(arg string) bool {
		_, err := netip.ParsePrefix(arg[strings.Index(arg, "=")+1:])
		return err == nil
	})
}
