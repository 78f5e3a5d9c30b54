"""A conversation over TCP, as the lesson chat asks for it.

    python3 -u chat.py server -listen HOST:PORT
    python3 -u chat.py client HOST:PORT
"""

import collections
import os
import selectors
import signal
import socket
import sys
import threading
import time

LONGEST = 1 << 20  # bytes of a line, its end not counted
FAREWELL = 1.0  # seconds in which the other side may close


class TooLong(Exception):
    pass


class Cutter:
    """Cuts a stream of bytes into lines, however they arrive."""

    def __init__(self):
        self.rest = bytearray()

    def feed(self, data):
        """Yields the lines that are whole now; raises TooLong where one is not to be had."""
        scanned = len(self.rest)
        self.rest += data
        while (end := self.rest.find(b"\n", scanned)) >= 0:
            line = bytes(self.rest[:end])
            if line.endswith(b"\r"):
                line = line[:-1]
            del self.rest[: end + 1]
            scanned = 0
            if len(line) > LONGEST:
                raise TooLong
            yield line
        if len(self.rest) - self.rest.endswith(b"\r") > LONGEST:
            raise TooLong

    def last(self):
        """Returns the last line, where it has no end, or else None."""
        line, self.rest = bytes(self.rest), bytearray()
        return line or None


class Keyboard:
    """Reads standard input in a thread of its own: a loop can wait for lines and a socket."""

    def __init__(self):
        self.lines = collections.deque()
        self.ended = False
        self.bell, self.rope = socket.socketpair()
        self.bell.setblocking(False)
        self.rope.setblocking(False)
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        cutter = Cutter()
        skipping = False
        while data := os.read(0, 1 << 16):
            if skipping:
                _, end, data = data.partition(b"\n")
                skipping = not end
            try:
                for line in cutter.feed(data):
                    self.lines.append(line)
            except TooLong:
                say("keyboard: a line is too long; it is not sent")
                skipping = b"\n" not in cutter.rest
                cutter = Cutter()
            self.ring()
        if (line := cutter.last()) is not None:
            self.lines.append(line)
        self.ended = True
        self.ring()

    def ring(self):
        try:
            self.rope.send(b"!")
        except BlockingIOError:
            pass  # it rings already

    def hush(self):
        try:
            self.bell.recv(1 << 12)
        except BlockingIOError:
            pass


class Conversation:
    """One connection: what goes out waits in a buffer, what comes in is cut into lines."""

    def __init__(self, conn, keyboard):
        self.conn, self.keyboard = conn, keyboard
        self.out = bytearray()
        self.cutter = Cutter()
        self.eof = False  # the other side has ended its half
        self.heard = False  # nothing more of the other side's is shown
        self.done = False  # nothing more is sent than what is in out
        self.half = False  # our half has ended
        self.deadline = None
        conn.setblocking(False)

    def hear(self, show):
        """Reads what is there and shows its lines, up to a q; reports whether there was one."""
        data = self.conn.recv(1 << 16)
        self.eof = not data
        if self.heard:
            return False
        for line in self.cutter.feed(data):
            show(line)
            if is_quit(line):
                return True
        if self.eof and (line := self.cutter.last()) is not None:
            show(line)
            return is_quit(line)
        return False

    def send(self):
        if self.out:
            del self.out[: self.conn.send(self.out)]

    def hang_up(self):
        """Sends what is to be sent and nothing more, and gives the other side a second."""
        self.heard = self.done = True
        self.end_soon()

    def end_soon(self):
        self.deadline = self.deadline or time.monotonic() + FAREWELL

    def wait(self):
        """Waits until something can be done, and returns what; None when time is up."""
        if self.done and not self.out and not self.half:
            self.half = True
            self.conn.shutdown(socket.SHUT_WR)
        with selectors.DefaultSelector() as s:
            wanted = (not self.eof) * selectors.EVENT_READ | bool(self.out) * selectors.EVENT_WRITE
            if wanted:
                s.register(self.conn, wanted)
            if not self.done:
                s.register(self.keyboard.bell, selectors.EVENT_READ)
            left = None if self.deadline is None else self.deadline - time.monotonic()
            if left is not None and left <= 0:
                return None
            return {(key.fileobj, bit) for key, events in s.select(left) for bit in (1, 2) if events & bit}


def serve(listener, keyboard):
    while True:
        conn, address = listener.accept()
        with conn:
            welcome(conn, name_of(address), keyboard)


def welcome(conn, name, keyboard):
    """Serves one client until it has gone."""
    show_line(f"connected {name}".encode())
    c = Conversation(conn, keyboard)
    told = False

    def leave():
        nonlocal told
        if not told:
            show_line(f"left {name}".encode())
        told = True

    try:
        while not (c.eof and not c.out and c.done):
            take_typed(c)
            if c.eof:
                c.done = True  # what was typed by now is still sent
                if not c.out:
                    break
            ready = c.wait()
            if ready is None:
                break
            if (keyboard.bell, 1) in ready:
                keyboard.hush()
            if (conn, 2) in ready:
                c.send()
            if (conn, 1) in ready and c.hear(lambda line: show_line(name.encode() + b": " + line)):
                leave()
                c.hang_up()
    except TooLong:
        say(f"{name}: a line is longer than {LONGEST} bytes")
        leave()
        drain(c)
    except OSError as e:
        say(f"{name}: {e}")
    leave()


def take_typed(c):
    """Takes typed lines for this conversation, up to a q."""
    while c.keyboard.lines and not c.done:
        line = c.keyboard.lines.popleft()
        c.out += line + b"\n"
        if is_quit(line):
            c.done = True
            c.end_soon()


def drain(c):
    """Ends our half and drops what still comes: a close with something unread is a reset."""
    c.hang_up()
    try:
        while not c.eof:
            ready = c.wait()
            if ready is None:
                break
            if (c.conn, 2) in ready:
                c.send()
            if (c.conn, 1) in ready:
                c.hear(None)
    except OSError:
        pass


def talk(conn, keyboard):
    """The client's side. Returns None, or why the conversation broke off."""
    c = Conversation(conn, keyboard)
    typed_all = False
    try:
        while True:
            while keyboard.lines and not c.done:
                line = keyboard.lines.popleft()
                c.out += line + b"\n"
                typed_all = c.done = is_quit(line)
            if keyboard.ended and not keyboard.lines:
                typed_all = c.done = True
            ready = c.wait()
            if (keyboard.bell, 1) in ready:
                keyboard.hush()
            if (conn, 2) in ready:
                try:
                    c.send()
                except OSError:
                    c.out.clear()  # the server is gone; reading tells how
            if (conn, 1) in ready and c.hear(show_line):
                drain(c)
                return None
            if c.eof:
                return None if typed_all else "the server ended the conversation"
    except TooLong:
        drain(c)
        return f"a line is longer than {LONGEST} bytes"
    except OSError as e:
        return None if typed_all else f"the conversation broke off: {e}"


def is_quit(line):
    return line in (b"q", b"Q")


def show_line(line):
    sys.stdout.buffer.write(line + b"\n")
    sys.stdout.buffer.flush()


def say(text):
    print(text, file=sys.stderr, flush=True)


def name_of(address):
    host, port = address[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def address_in(text):
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdigit():
        misused(f"{text!r} is not HOST:PORT")
    return host.strip("[]"), int(port)


def misused(problem):
    say(f"{problem}\n\nusage: chat server -listen ADDR\n       chat client ADDR")
    sys.exit(2)


def main(args):
    if len(args) == 3 and args[0] == "server" and args[1] == "-listen":
        address = address_in(args[2])
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: os._exit(0))
        try:
            listener = socket.create_server(address, backlog=128)
        except OSError as e:
            sys.exit(f"{args[2]}: {e}")
        show_line(f"listening on {name_of(listener.getsockname())}".encode())
        serve(listener, Keyboard())
    elif len(args) == 2 and args[0] == "client":
        address = address_in(args[1])
        try:
            conn = socket.create_connection(address)
        except OSError as e:
            sys.exit(f"{args[1]}: {e}")
        if (why := talk(conn, Keyboard())) is not None:
            say(why)
            os._exit(1)
        os._exit(0)  # the thread may be waiting for the keyboard
    else:
        misused("a role and its address are missing")


main(sys.argv[1:])
