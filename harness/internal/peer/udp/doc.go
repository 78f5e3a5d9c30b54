// Package udp provides the datagram side of the scenario engine: a Peer is a
// loopback socket that keeps every datagram that reaches it, a Relay stands
// between clients and a server and loses, doubles and reorders datagrams as a
// script says, and Unread tells what lies unread in another program's socket.
//
// Nothing here sleeps, guesses or draws lots. Where the system lets us look
// (Linux, macOS, the BSDs), Settle makes sure that what the kernel had queued
// for us has been taken: after it, "nothing came" is a fact and not a matter
// of waiting long enough. A datagram is taken off the kernel's queue and noted
// under one lock, so it is never in between. On Linux a datagram that was sent
// lies in its receiver's queue when Send returns.
package udp
