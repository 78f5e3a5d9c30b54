package process

import (
	"bytes"
	"testing"

	"wirebook/harness/internal/pipe"
)

// much is three times as much as is kept.
const much = 12 << 20

// copies starts a program that prints much once feed is called.
func copies(t *testing.T) (out *pipe.Output, feed func(), await func(func() bool)) {
	notified, await := awaiting()
	p := run(t, "copy", notified, limits(Limits{Output: much / 3}))
	return p.Stdout(), func() { p.Write(bytes.Repeat([]byte("x"), much)) }, await
}

// An output that is held takes no more than there is room for, and goes on when some
// was forgotten.
func TestHold(t *testing.T) {
	out, feed, await := copies(t)
	release := out.Hold()
	defer release()
	feed()
	for taken := int64(0); taken < much; {
		var data []byte
		await(func() bool { data = out.Since(taken); return len(data) > 0 })
		if len(data) >= pipe.MostHeld+64<<10 {
			t.Fatalf("%d bytes are kept while it is held", len(data))
		}
		taken += int64(len(data))
		out.Forget(taken)
	}
	if out.Flooded() || out.Forgotten() != much || out.Len() != much {
		t.Errorf("flooded %v; %d bytes forgotten of %d; want %d", out.Flooded(), out.Forgotten(), out.Len(), much)
	}
}

// What waits for room goes on when nobody holds the output any more.
func TestHoldReleased(t *testing.T) {
	out, feed, await := copies(t)
	release := out.Hold()
	feed()
	await(func() bool { return len(out.Bytes()) >= pipe.MostHeld })
	if out.Flooded() {
		t.Error("it has flooded while it was held")
	}
	release()
	await(out.Flooded)
}

// What has flooded before it is held is not lost.
func TestHoldAfterFlood(t *testing.T) {
	out, feed, await := copies(t)
	feed()
	await(out.Flooded)
	defer out.Hold()()
	var taken int64
	for taken < much {
		await(func() bool { return out.Len() > taken })
		taken += int64(len(out.Since(taken)))
		out.Forget(taken)
	}
	if out.Flooded() || taken != much {
		t.Errorf("flooded %v, %d bytes taken, want %d", out.Flooded(), taken, much)
	}
}
