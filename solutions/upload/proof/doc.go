// Package proof shows of the upload program what scenarios cannot: that no
// connection cut at any byte and no kill at any moment leaves a wrong file, and
// how fast and how small it is beside the barest program that does the same.
//
//	go test ./solutions/upload/proof
//	go test ./solutions/upload/proof -run '^$' -bench . -benchtime 5x
//
// The second command needs 3 GiB of disk in TMPDIR and prints the two medians,
// their ratio and the server's peak memory.
package proof
