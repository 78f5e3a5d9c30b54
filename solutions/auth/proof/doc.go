// Package proof shows of the auth program what scenarios cannot: that no update
// of the file with the users is ever lost, however many passwd run and however
// they are killed; that an attempt costs the same processor time whoever asks;
// and that a terminal hides a password.
//
//	go test ./solutions/auth/proof
//	go test ./solutions/auth/proof -run '^$' -bench . -benchtime 5x
//
// The second command prints the median processor time of each kind of attempt
// and its ratio to that of a wrong password.
package proof
