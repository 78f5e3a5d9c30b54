package udp

import (
	"errors"
	"strconv"
	"time"

	"wirebook/harness/internal/play"
)

// coarse is how far a program's look at the clock may be behind ours: some clocks of a
// system go on only at each tick of its timer.
const coarse = 20 * time.Millisecond

// untilNextSecond is how long the clock goes on showing this second to everybody.
func untilNextSecond(now time.Time) time.Duration {
	return now.Truncate(time.Second).Add(time.Second + coarse).Sub(now)
}

// wantedClock is the time between the moment at which s last sent something and now.
func wantedClock(p *play.Play, s *party) (wanted, error) {
	const words = "with the seconds since 1970, by our clock,"
	if s.wrote.IsZero() {
		return wanted{}, errors.New("recvfrom -clock: " + s.name + " has asked nobody for the time; use sendto first")
	}
	mistake := func(data []byte) string {
		seconds, err := strconv.ParseInt(string(data), 10, 64)
		switch {
		case err != nil || strconv.FormatInt(seconds, 10) != string(data):
			return "it got " + p.Short(data)
		case seconds < s.wrote.Add(-coarse).Unix():
			return "the time that it got was over before it asked"
		case seconds > time.Now().Unix():
			return "the time that it got is still to come"
		}
		return ""
	}
	return wanted{
		words: words,
		fits:  func(got []byte) bool { return mistake(got) == "" },
		another: func(p *play.Play, reader, writer string, got []byte) error {
			return p.Failf("%s should receive a datagram %s from %s; %s", reader, words, writer, mistake(got))
		},
	}, nil
}
