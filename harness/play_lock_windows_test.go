package harness_test

// The scripts about locks end before they need a program here.
var lockDemos demos
