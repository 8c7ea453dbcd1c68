"""timestamp_shift.py PROGRAMS: recorded, signed requests that are sent again: at once, later, with digits moved between
their timestamp and their nonce."""
import json
import socket
import sys
import time

from callback_server import Server, lark_body, lark_ciphertext, lark_headers, wecom_request

KEY = "an-encrypt-key-nobody-knows"
TOKEN = "v-token-0123456789abcdefghij"
lark = {"TIDINGS_ENCRYPT_KEY": KEY, "TIDINGS_VERIFICATION_TOKEN": TOKEN}
head = {"event_id": "e1", "token": TOKEN, "event_type": "x"}
body = lark_body(lark_ciphertext(KEY, json.dumps({"schema": "2.0", "header": head, "event": {}}).encode()))

# Recorded in 2023: refused at any split, and an age is checked only if the form is right.
for arguments, first in (([], 403), (["--max-age", "0"], 200)):
    server = Server(sys.argv[1], lark, *arguments)
    recorded = lark_headers(KEY, body, "1700000000", "7391822")
    together = "17000000007391822"
    for at in (10, *(n for n in range(1, len(together)) if n != 10)):
        moved = {"X-Lark-Request-Timestamp": together[:at], "X-Lark-Request-Nonce": together[at:]}
        expected = first if at == 10 else 403
        assert server.ask("POST", "/lark", body, recorded | moved) == (expected, b""), (arguments, at)
    # A header that is there twice is refused, whichever would count.
    lines = [f"{name}: {value}" for name, value in lark_headers(KEY, body).items()]
    for twice in ("X-Lark-Request-Timestamp: 1700000000", "X-Lark-Request-Nonce: 1", "X-Lark-Signature: 0"):
        text = "\r\n".join(["POST /lark HTTP/1.1", "Host: x", *lines, twice, f"Content-Length: {len(body)}", "", ""])
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
            connection.sendall(text.encode() + body)
            assert connection.recv(100).startswith(b"HTTP/1.1 403 "), twice
    printed, complaints = server.stop()
    assert len(printed) == (first == 200), printed
    assert "a header of the signature is malformed" in complaints
    assert arguments or "the request was signed too long ago" in complaints
    assert "is there twice" in complaints

# Of now: printed once, accepted whenever it comes again; another event with the same content is another event.
server = Server(sys.argv[1], lark)
now = lark_headers(KEY, body)
for _ in range(3):
    assert server.ask("POST", "/lark", body, now) == (200, b"")
head["event_id"] = "e2"
other = lark_body(lark_ciphertext(KEY, json.dumps({"schema": "2.0", "header": head, "event": {}}).encode()))
assert server.ask("POST", "/lark", other, lark_headers(KEY, other)) == (200, b"")
ahead = lark_headers(KEY, other, str(int(time.time()) + 3600))
assert server.ask("POST", "/lark", other, ahead) == (403, b"")
# The time of some card callbacks.
head["event_id"] = "e3"
card = lark_body(lark_ciphertext(KEY, json.dumps({"schema": "2.0", "header": head, "event": {}}).encode()))
text = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime()) + ".052290112 +0000 UTC m=+3612.1"
assert server.ask("POST", "/lark", card, lark_headers(KEY, card, text)) == (200, b"")
printed, complaints = server.stop()
assert [json.loads(line)["id"] for line in printed] == ["e1", "e2", "e3"], printed
assert "an event was received again" in complaints

# WeCom: the signature does not say which ten digits are the time, CreateTime does.
settings = ("QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "wx5823bf96d3bd56c7")
wecom = {
    "TIDINGS_CALLBACK_TOKEN": settings[0],
    "TIDINGS_CALLBACK_AES_KEY": settings[1],
    "TIDINGS_CORP_ID": settings[2],
}


def message(created, number):
    return (
        f"<xml><ToUserName><![CDATA[{settings[2]}]]></ToUserName><CreateTime>{created}</CreateTime>"
        f"<Content><![CDATA[<MsgId>7</MsgId>]]></Content>{number}</xml>"
    ).encode()


server = Server(sys.argv[1], wecom)
now = int(time.time())
query, text = wecom_request(*settings, message(1700000000, "<MsgId>1</MsgId>"), "1700000000", str(now))
assert server.ask("POST", "/wecom", text, query=query) == (403, b"")
exchanged = query | {"timestamp": str(now), "nonce": "1700000000"}
assert server.ask("POST", "/wecom", text, query=exchanged) == (403, b"")
for number in ("<MsgId>1</MsgId>", "<MsgId>2</MsgId>", "", "<MsgId>1</MsgId>", ""):
    query, text = wecom_request(*settings, message(now, number))
    assert server.ask("POST", "/wecom", text, query=query) == (200, b"")
printed, complaints = server.stop()
assert len(printed) == 3, printed
assert complaints.count("an event was received again") == 2, complaints
print("recorded requests are refused when they are old, and printed once when they are not")
