"""The chat server of many tutorials: it takes what one recv returns for one message.

    python3 -u one_recv_server.py server -listen HOST:PORT
"""

import socket
import sys

host, port = sys.argv[3].rsplit(":", 1)
listener = socket.create_server((host, int(port)))
print("listening on %s:%d" % listener.getsockname())
while True:
    conn, (host, port) = listener.accept()
    print(f"connected {host}:{port}")
    while message := conn.recv(1024):
        print(f"{host}:{port}: {message.decode(errors='replace').rstrip()}")
    print(f"left {host}:{port}")
    conn.close()
