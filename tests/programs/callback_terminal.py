"""callback_terminal.py PROGRAMS: what people write reaches the output of tidings-callback as data, not as commands."""
import json
import socket
import sys

from callback_server import Server, wecom_request

TOKEN = "v-token-0123456789abcdef"
settings = ("QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "wx5823bf96d3bd56c7")
wecom = {
    "TIDINGS_CALLBACK_TOKEN": settings[0],
    "TIDINGS_CALLBACK_AES_KEY": settings[1],
    "TIDINGS_CORP_ID": settings[2],
}
server = Server(sys.argv[1], wecom | {"TIDINGS_VERIFICATION_TOKEN": TOKEN}, "--max-age", "0")

texts = [
    "\u009b31mred\u009d0;title\u009c",
    "a\u202eb\u2066c\u200e\u061c",
    "\x7f\x1b[31m\r\n\t",
    "你好 👍",
    "\u2028\ufeff",
    "\U000e0041",
]
for text in texts:
    event = {"token": TOKEN, "type": "event_callback", "event": {text: text, "type": text}, "uuid": text}
    for escaped in (True, False):
        body = json.dumps(event | {"escaped": escaped}, ensure_ascii=escaped).encode()
        event["uuid"] += "x"
        assert server.ask("POST", "/lark", body)[0] == 200
    xml = f"<xml><Content><![CDATA[{text}]]></Content></xml>".encode()
    query, sealed = wecom_request(*settings, xml)
    assert server.ask("POST", "/wecom", sealed, query=query)[0] == 200

# No UTF-8, and the token wherever it stands and however it is written.
spelled = "".join(f"\\u{ord(c):04x}" for c in TOKEN)
broken = [
    ('{"token":"%s","type":"event_callback","event":"' % TOKEN).encode() + b'\xff\x9b\xc0\xaf\xed\xa0\x80"}',
    ('{"token":"%s","type":"event_callback","event":"%s","header":{"token":"%s"}}' % (TOKEN, TOKEN, TOKEN)).encode(),
    ('{"tok\\u0065n":"%s","type":"event_callback","event":["%s",{"x %s":1}]}' % (spelled, spelled, spelled)).encode(),
    ('{"schema":"2.0","header":{"token":"%s","event_id":"%s"},"a":{"token":"%s"}}' % (TOKEN, TOKEN, TOKEN)).encode(),
    ('{\n"token":\t"%s",\r\n"type":"event_callback","event":%s1%s}' % (TOKEN, "[" * 30, "]" * 30)).encode(),
]
for body in broken:
    assert server.ask("POST", "/lark", body)[0] == 200, body
query, sealed = wecom_request(*settings, b"<xml><Content>\xff\x9b2J</Content></xml>")
assert server.ask("POST", "/wecom", sealed, query=query)[0] == 200

# What strangers ask for stands on standard error.
with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
    connection.sendall(b"GET /%1b[2J\x80\x9b2J\xe2\x80\xae HTTP/1.1\r\n\r\n")
    assert connection.recv(100).startswith(b"HTTP/1.1 4")
server.ask("GET", "/wecom/", query={"msg_signature": "hunter2"})

printed, complaints = server.stop()
assert len(printed) == 3 * len(texts) + len(broken) + 1
for line in printed:
    shown = line.decode()  # strict UTF-8
    assert shown.isprintable(), line  # no control characters, nothing that changes the direction
    assert TOKEN not in shown and spelled not in shown, line
    json.loads(shown)
for i, text in enumerate(texts):
    for line in printed[3 * i : 3 * i + 2]:
        read = json.loads(line)
        assert read["event"]["event"] == {text: text, "type": text}, (text, line)
        assert read["type"] == text and read["id"].rstrip("x") == text
    assert text in json.loads(printed[3 * i + 2])["event"]
assert all(line.isprintable() for line in complaints.splitlines()), complaints
assert "/wecom is" in complaints and "hunter2" not in complaints
print("every line is valid JSON of printable characters, without the token")
