"""A plain HTTP server on loopback whose answers are whatever a test wants."""
import re
import socket
import threading


def http(body, status="200 OK", headers=""):
    body = body.encode() if isinstance(body, str) else body
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n{headers}Content-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


class Peer:
    """answer(head, body) returns bytes, or None: the connection is closed without an answer."""

    def __init__(self, answer):
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listening.getsockname()[1]}"
        self.answer = answer
        self.requests = []
        threading.Thread(target=self.accept, daemon=True).start()

    def close(self):
        self.listening.close()

    def accept(self):
        while True:
            try:
                connection, _ = self.listening.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        pending = b""
        with connection:
            try:
                while True:
                    while b"\r\n\r\n" not in pending:
                        block = connection.recv(65536)
                        if not block:
                            return
                        pending += block
                    head, pending = pending.split(b"\r\n\r\n", 1)
                    length = re.search(rb"content-length: *(\d+)", head, re.I)
                    length = int(length[1]) if length else 0
                    while len(pending) < length:
                        pending += connection.recv(65536)
                    body, pending = pending[:length], pending[length:]
                    self.requests.append((head, body))
                    answer = self.answer(head, body)
                    if answer is None:
                        return
                    connection.sendall(answer)
            except OSError:
                return


def wecom(send, person="ada"):
    """WeCom's answers; `send` is what the message gets: text, or a function of head and body."""

    def answer(head, body):
        line = head.split(b"\r\n")[0]
        if b"/cgi-bin/gettoken" in line:
            return http('{"errcode":0,"errmsg":"ok","access_token":"TOKENTOKENTOKENTOKEN1234","expires_in":7200}')
        if b"/cgi-bin/message/send" in line:
            return send(head, body) if callable(send) else http(send)
        return http(f'{{"errcode":0,"errmsg":"ok","userid":"{person}"}}')

    return answer


def lark(send):
    def answer(head, body):
        line = head.split(b"\r\n")[0]
        if b"tenant_access_token" in line:
            return http('{"code":0,"msg":"ok","tenant_access_token":"t-g1044qeGEDXTB6NDJOGV4JQ","expire":7200}')
        if b"/im/v1/messages" in line:
            return send(head, body) if callable(send) else http(send)
        return http('{"code":0,"data":{"user_list":[{"user_id":"ou_1","email":"ada@example.com"}]}}')

    return answer
