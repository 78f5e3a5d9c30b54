package main

import (
	"testing"

	"wirebook/harness/lessontest"
)

func TestMain(m *testing.M)      { lessontest.Main(m, main) }
func TestScenarios(t *testing.T) { lessontest.Test(t) }
