"""slowloris.py PROGRAMS: slow and idle connections to tidings-callback keep nobody from being served."""
import json
import resource
import socket
import sys
import threading
import time

from callback_server import Server

environment = {"TIDINGS_VERIFICATION_TOKEN": "v-token-0123456789"}
event = json.dumps({"token": environment["TIDINGS_VERIFICATION_TOKEN"], "type": "event_callback"}).encode()
beginnings = [
    b"",
    b"POST /lark HTTP/1.1\r\nContent-Length: 10\r\n",
    b"POST /lark HTTP/1.1\r\nContent-Length: 100\r\n\r\n{",
    b"POST /lark HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{",
    b"GET /nothing HTTP/1.1\r\n\r\n",
    b"POST /lark HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 100\r\n\r\n",
]


def served(port):
    """One request of somebody in no hurry either, on a connection of its own."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(b"POST /lark HTTP/1.1\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(event))
        time.sleep(0.02)
        connection.sendall(event)
        return connection.recv(100).startswith(b"HTTP/1.1 200 ")


def under_attack(server, count, probes):
    """How many of the probes are served while `count` slow connections are renewed as they are closed."""
    over = threading.Event()

    def hog(number):
        while not over.is_set():
            try:
                with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
                    connection.sendall(beginnings[number % len(beginnings)])
                    connection.settimeout(0.05)
                    while not over.is_set():  # a byte from time to time does not prolong it
                        try:
                            if not connection.recv(1000):
                                break
                        except TimeoutError:
                            if number % 2:
                                connection.sendall(b"x")
            except OSError:
                time.sleep(0.05)

    threads = [threading.Thread(target=hog, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    try:
        return sum(served(server.port) for _ in range(probes))
    finally:
        over.set()
        for thread in threads:
            thread.join()


# More slow connections than there are places, within the limit of time: the oldest make room.
server = Server(sys.argv[1], environment, "--max-connections", "16", "--timeout", "30")
count = under_attack(server, 24, 10)
assert count == 10, f"{count} of 10 were served"
server.stop()

# The same with fewer descriptors than were asked for.
server = Server(
    sys.argv[1],
    environment,
    "--max-connections",
    "1000",
    preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (28, 28)),
)
count = under_attack(server, 24, 10)
assert count == 10, f"{count} of 10 were served"
server.stop()

# One limit for a whole request, however its bytes come.
server = Server(sys.argv[1], environment, "--timeout", "0.5")
for beginning in beginnings:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(beginning)
        connection.settimeout(0.1)
        started = time.monotonic()
        while True:
            try:
                if not connection.recv(1000):
                    break
            except TimeoutError:
                try:
                    connection.sendall(b"x" if beginning.endswith(b"{") else b"")
                except OSError:
                    break
            except OSError:
                break
        assert time.monotonic() - started < 5, beginning
# And one for a connection, however many requests come on it.
with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
    started = time.monotonic()
    answers = b""
    while time.monotonic() - started < 20:
        try:
            connection.sendall(b"GET /nothing HTTP/1.1\r\n\r\n")
            answer = connection.recv(1000)
        except OSError:
            break
        if not answer:
            break
        answers += answer
        time.sleep(0.2)
    assert time.monotonic() - started < 15 and b"Connection: close" in answers
assert served(server.port)
server.stop()
print("slow connections starve nobody")
