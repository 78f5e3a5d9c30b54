// Attack is a student's program that tries, one at a time, what no student's
// program may do, and what every one may. It prints what came of it: "ok" and
// what it got, or "refused" and the error.
package main

import (
	"fmt"
	"os"
	"sort"
)

// tries are by the name that the test calls them.
var tries = map[string]func(args []string) (string, error){}

func main() {
	if len(os.Args) < 2 {
		var names []string
		for name := range tries {
			names = append(names, name)
		}
		sort.Strings(names)
		fmt.Println(names)
		return
	}
	got, err := tries[os.Args[1]](os.Args[2:])
	if err != nil {
		fmt.Println("refused:", err)
		return
	}
	fmt.Println("ok:", got)
}
