package main

import (
	"bufio"
	"fmt"
	"io"
	"log"
	"net"
	"os"
)

func main() {}

// A client that goes on typing to nobody.
func typeAll(addr string) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Close()
	go io.Copy(os.Stdout, conn)
	input := bufio.NewScanner(os.Stdin)
	for input.Scan() {
		fmt.Fprintln(conn, input.Text()) // want `the error of this writing to conn is dropped`
	}
}

// A file that is sent into the void.
func sendFile(conn *net.TCPConn, file *os.File) {
	buf := make([]byte, 4096)
	for {
		n, err := file.Read(buf)
		if err != nil {
			break
		}
		conn.Write(buf[:n]) // want `the error of this writing to conn is dropped`
	}
	conn.CloseWrite()
}

func sendFileWell(conn *net.TCPConn, file *os.File) error {
	buf := make([]byte, 4096)
	for {
		n, err := file.Read(buf)
		if _, err := conn.Write(buf[:n]); err != nil {
			return err
		}
		if err != nil {
			return err
		}
	}
}

// What is meant is said.
func typeMeant(conn *net.TCPConn) {
	input := bufio.NewScanner(os.Stdin)
	for input.Scan() {
		_, _ = fmt.Fprintln(conn, input.Text())
	}
}

// The answer to each line tells that the server is there.
func ask(conn *net.TCPConn) error {
	input, answers := bufio.NewScanner(os.Stdin), bufio.NewReader(conn)
	for input.Scan() {
		fmt.Fprintln(conn, input.Text())
		answer, err := answers.ReadString('\n')
		if err != nil {
			return err
		}
		fmt.Print(answer)
	}
	return nil
}

// One of many: the goroutine that reads from it will notice.
func broadcast(clients []net.Conn, in *bufio.Scanner) {
	for in.Scan() {
		for _, c := range clients {
			fmt.Fprintln(c, in.Text())
		}
	}
}

// UDP promises nothing anyway.
func datagrams(conn *net.UDPConn) {
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		conn.Write(in.Bytes())
	}
}

// A screen is no connection.
func show(conn net.Conn, screen io.Writer) {
	in := bufio.NewScanner(conn)
	for in.Scan() {
		fmt.Fprintln(screen, in.Text())
		fmt.Println(in.Text())
	}
}

func store(conn net.Conn, name string) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	defer file.Close() // want `the error of file.Close is dropped`
	_, err = io.Copy(file, conn)
	return err
}

func storeBlindly(conn net.Conn, name string) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	buf := make([]byte, 1024)
	for {
		n, err := conn.Read(buf)
		file.Write(buf[:n]) // want `the error of this writing to file is dropped`
		if err == io.EOF {
			return file.Close()
		}
		if err != nil {
			return err
		}
	}
}

func storeWell(conn net.Conn, name string) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	if _, err := io.Copy(file, conn); err != nil {
		file.Close() // it is lost already
		os.Remove(name)
		return err
	}
	return file.Close()
}

func storeDeferred(conn net.Conn, name string) (err error) {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	defer func() {
		if closed := file.Close(); err == nil {
			err = closed
		}
	}()
	_, err = io.Copy(file, conn)
	return err
}

func storeSynced(conn net.Conn, name string) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	defer file.Close()
	if _, err := io.Copy(file, conn); err != nil {
		return err
	}
	return file.Sync()
}

// Who has been given the file may close it.
func storeElsewhere(conn net.Conn, name string) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	defer file.Close()
	return fill(file, conn)
}

func fill(file *os.File, r io.Reader) error {
	if _, err := io.Copy(file, r); err != nil {
		return err
	}
	return file.Sync()
}

// A file that was only read has nothing to lose.
func load(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(file)
}
