// Package proof shows of the ipc program what scenarios cannot: that no message is lost,
// however many put and get at once and however they are killed; that it shares files and
// sockets with programs that none of us wrote; and that it says who a client really is.
//
//	go test ./solutions/ipc/proof
package proof
