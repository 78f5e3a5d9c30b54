package harness

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// Of the plays that wait for their turn, the longest begins first; those that
// last equally long, in the order in which they came.
func TestLongestFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slots := NewSlots(1)
		if err := slots.enter(context.Background(), 0); err != nil {
			t.Fatal(err)
		}
		var begun []string
		come := func(name string, lasts time.Duration) {
			go func() {
				if err := slots.enter(t.Context(), lasts); err == nil {
					begun = append(begun, name)
					slots.leave()
				}
			}()
			synctest.Wait()
		}
		come("first", 0)
		come("second", 0)
		come("a second", time.Second)
		come("two seconds", 2*time.Second)
		slots.leave()
		synctest.Wait()
		if want := []string{"two seconds", "a second", "first", "second"}; !slices.Equal(begun, want) {
			t.Errorf("begun: %q, want %q", begun, want)
		}
	})
}

// Who gives up while it waits leaves its place.
func TestGivenUpTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slots := NewSlots(1)
		if err := slots.enter(context.Background(), 0); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		gone := make(chan error, 1)
		go func() { gone <- slots.enter(ctx, 0) }()
		synctest.Wait()
		cancel()
		if err := <-gone; err == nil {
			t.Fatal("enter succeeded")
		}
		slots.leave()
		if err := slots.enter(t.Context(), 0); err != nil {
			t.Fatal(err)
		}
	})
}
