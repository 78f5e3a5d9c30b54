package conn

// queued cannot be told here.
func queued(listening) bool { return false }
