//go:build !linux && !darwin

package grade

import "math"

func mostFiles() uint64 { return math.MaxUint64 }

func canStart(string) bool { return true }
