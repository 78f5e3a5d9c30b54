package main

import "errors"

func send(string, []string) error { return errors.New("it is all in the server") }
