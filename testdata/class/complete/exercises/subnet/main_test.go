package main

import (
	"testing"

	"wirebook/harness"
)

func TestMain(m *testing.M)      { harness.Main(m, main) }
func TestScenarios(t *testing.T) { harness.Test(t) }
