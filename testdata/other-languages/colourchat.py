"""A chat over UDP, as the lesson colourchat asks for it.

    python3 -u colourchat.py server -listen HOST:PORT
    python3 -u colourchat.py client HOST:PORT NAME
"""

import collections
import os
import select
import signal
import socket
import sys
import threading
import time

LONGEST = 65507  # bytes that a datagram carries over IPv4
COLOURS = {"alex": "\x1b[0;33;42m", "太白": "\x1b[0;35;40m"}
PLAIN = "\x1b[0m"
# What Unicode calls white space. str.strip() without an argument takes more.
WHITE = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
CONTROLS = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)], "\ufffd")


class Keyboard:
    """Reads standard input in a thread of its own: select can wait for it and a socket."""

    def __init__(self):
        self.lines = collections.deque()
        self.ended = False
        self.bell, self.rope = socket.socketpair()
        self.bell.setblocking(False)
        self.rope.setblocking(False)
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in sys.stdin.buffer:
            line = line.removesuffix(b"\n").removesuffix(b"\r")
            self.lines.append(line)
            self.ring()
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


def serve(sock, keyboard):
    due = collections.deque()  # who waits for an answer
    while True:
        while due and keyboard.lines:
            line = keyboard.lines.popleft()
            if line in (b"q", b"Q"):
                return send(sock, b"q", due[0])
            if send(sock, line, due[0]):
                due.popleft()
        answers = not (keyboard.ended and not keyboard.lines)
        if not answers:
            due.clear()
        ready, _, _ = select.select([sock, keyboard.bell], [], [])
        if keyboard.bell in ready:
            keyboard.hush()
        if sock not in ready:
            continue
        try:
            data, sender = sock.recvfrom(1 << 16)
        except OSError as e:  # something that we sent was refused; it is not about this
            say(e)
            continue
        if data == b"q":
            show(f"left {name_of(sender)}")
            continue
        name = data.partition(b":")[0].decode(errors="replace").strip(WHITE)
        show(f"{COLOURS.get(name, '')}{clean(data)} {PLAIN}")
        if answers:
            due.append(sender)


def talk(sock, name, keyboard):
    deadline = None  # for the last answers
    while True:
        while keyboard.lines and deadline is None:
            line = keyboard.lines.popleft()
            if line in (b"q", b"Q"):
                send(sock, b"q")
                deadline = time.monotonic() + 1
            else:
                send(sock, os.fsencode(name) + b" : " + line)
        if keyboard.ended and not keyboard.lines and deadline is None:
            deadline = time.monotonic() + 1
        left = None if deadline is None else max(0, deadline - time.monotonic())
        ready, _, _ = select.select([sock, keyboard.bell], [], [], left)
        if left == 0:
            return
        if keyboard.bell in ready:
            keyboard.hush()
        if sock not in ready:
            continue
        try:
            data = sock.recv(1 << 16)
        except OSError as e:
            say(e)
            continue
        show(clean(data))
        if data == b"q":
            return


def send(sock, data, to=None):
    """Sends a datagram; reports whether there was one to send."""
    if len(data) > LONGEST:
        say(f"not sent: {len(data)} bytes, and a datagram carries {LONGEST}")
        return False
    for _ in range(2):  # an earlier refusal is told once, and then this one is not sent
        try:
            sock.send(data) if to is None else sock.sendto(data, to)
            return True
        except OSError as e:
            say(e)
    return True


def clean(data):
    return data.decode(errors="replace").translate(CONTROLS)


def show(text):
    sys.stdout.buffer.write(text.encode() + b"\n")
    sys.stdout.buffer.flush()


def say(what):
    print(what, file=sys.stderr, flush=True)


def name_of(address):
    host, port = address[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def address_in(text):
    host, colon, port = text.rpartition(":")
    if not colon or not port:
        misused(f"{text!r} is not HOST:PORT")
    try:
        found = socket.getaddrinfo(host.strip("[]") or "0.0.0.0", port, type=socket.SOCK_DGRAM)
    except OSError as e:
        sys.exit(f"{text}: {e}")
    return found[0][0], found[0][4]


def bound(family):
    sock = socket.socket(family, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 17)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 18)
    return sock


def misused(problem):
    say(f"{problem}\n\nusage: colourchat server -listen ADDR\n       colourchat client ADDR NAME")
    sys.exit(2)


def main(args):
    if len(args) == 3 and args[0] == "server" and args[1] == "-listen":
        family, address = address_in(args[2])
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: os._exit(0))
        sock = bound(family)
        try:
            sock.bind(address)
        except OSError as e:
            sys.exit(f"{args[2]}: {e}")
        show(f"listening on {name_of(sock.getsockname())}")
        serve(sock, Keyboard())
    elif len(args) == 3 and args[0] == "client":
        family, address = address_in(args[1])
        sock = bound(family)
        sock.connect(address)
        talk(sock, args[2], Keyboard())
    else:
        misused("a role and its arguments are missing")
    os._exit(0)  # the thread may be waiting for the keyboard


main(sys.argv[1:])
