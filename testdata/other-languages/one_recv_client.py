"""The chat client of many tutorials: it takes what one recv returns for one message.

    python3 -u one_recv_client.py client HOST:PORT
"""

import socket
import sys
import threading

host, port = sys.argv[2].rsplit(":", 1)
conn = socket.create_connection((host, int(port)))


def send_lines():
    for line in sys.stdin:
        conn.sendall(line.encode())
    conn.shutdown(socket.SHUT_WR)


threading.Thread(target=send_lines, daemon=True).start()
while message := conn.recv(1024):
    print(message.decode(errors="replace").rstrip())
