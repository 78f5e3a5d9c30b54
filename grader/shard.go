package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// A shard is one of the parts that a class is graded in. The zero shard is the
// whole class.
type shard struct {
	index, count int // index from 1
	from         string
}

// shardSources are the variables by which CI systems tell a job which of how
// many it is, in the order in which they are looked at.
var shardSources = []struct {
	index, count string
	first        int // what the system calls the first job
}{
	{"CI_NODE_INDEX", "CI_NODE_TOTAL", 1},          // GitLab's parallel jobs
	{"JOB_COMPLETION_INDEX", "JOB_COMPLETIONS", 0}, // Kubernetes' indexed jobs; the count is for the job's author to set
}

// parseShard reads --shard: "i/n", or "/n" where the environment tells i, or
// nothing, where it may tell both.
func parseShard(flag string, lookup func(string) (string, bool)) (shard, error) {
	index, count, two := strings.Cut(flag, "/")
	switch {
	case flag == "":
		return shardFromEnvironment("", lookup)
	case !two:
		return shard{}, fmt.Errorf("--shard %q: want i/n, as in --shard 2/4 for the second of four", flag)
	case index == "":
		s, err := shardFromEnvironment(count, lookup)
		if err == nil && s.count == 0 {
			err = fmt.Errorf("--shard %q: neither CI_NODE_INDEX nor JOB_COMPLETION_INDEX tells which one; give i/n", flag)
		}
		return s, err
	}
	s, err := newShard(index, count, 1)
	if err != nil {
		return shard{}, fmt.Errorf("--shard %q: %w", flag, err)
	}
	s.from = "--shard"
	return s, nil
}

// shardFromEnvironment reads the variables. count, where it is not empty,
// stands in the place of theirs.
func shardFromEnvironment(count string, lookup func(string) (string, bool)) (shard, error) {
	for _, source := range shardSources {
		index, ok := lookup(source.index)
		if !ok || index == "" {
			continue
		}
		total := count
		if total == "" {
			total, _ = lookup(source.count)
		}
		if total == "" {
			return shard{}, fmt.Errorf("%s=%q: nothing tells of how many shards this is one; set %s, or give --shard /n (or --shard 1/1 for the whole class)", source.index, index, source.count)
		}
		s, err := newShard(index, total, source.first)
		if err != nil {
			return shard{}, fmt.Errorf("%s=%q, of %q: %w", source.index, index, total, err)
		}
		s.from = source.index
		return s, nil
	}
	return shard{}, nil
}

// newShard reads an index that is counted from first.
func newShard(index, count string, first int) (shard, error) {
	n, err := strconv.Atoi(count)
	if err != nil || n < 1 {
		return shard{}, fmt.Errorf("the number of shards is not a whole number from 1")
	}
	i, err := strconv.Atoi(index)
	if err != nil || i < first || i >= first+n {
		return shard{}, fmt.Errorf("the shards are counted from %d to %d", first, first+n-1)
	}
	return shard{index: i - first + 1, count: n}, nil
}

// settleShard is parseShard with this process's environment.
func settleShard(flag string) (shard, error) { return parseShard(flag, os.LookupEnv) }
