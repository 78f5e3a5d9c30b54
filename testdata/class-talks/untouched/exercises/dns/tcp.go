//lint:file-ignore U1000 what you write uses what is here

package main

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"net/netip"
	"time"
)

// askTCP sends a question to a server by TCP and returns the message that comes back.
// It gives up when so much time of the clock has passed. Over a stream, two bytes in
// front of each message say how long it is.
func askTCP(c *clock, server netip.AddrPort, question []byte, patience time.Duration) ([]byte, error) {
	deadline := c.now() + patience // read before the question leaves: who has it may tick
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	defer c.at(deadline, cancel)()
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", server.String())
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	if _, err := conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(question))), question...)); err != nil {
		return nil, err
	}
	size := make([]byte, 2)
	if _, err := io.ReadFull(conn, size); err != nil {
		return nil, err
	}
	answer := make([]byte, binary.BigEndian.Uint16(size))
	_, err = io.ReadFull(conn, answer)
	return answer, err
}
