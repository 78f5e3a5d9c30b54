package conn

// receive waits for what comes, and keeps it.
func (c *Conn) receive(buf []byte) (n int, err error) {
	n, err = c.conn.Read(buf)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.keep(buf[:n])
	return n, err
}
