"""lark_cbc_oracle.py PROGRAMS: an attacker has recorded a verification of the address and an event, both encrypted, and
sends their blocks again in other orders. The answers of tidings-callback tell nothing."""
import http.client
import json
import os
import random
import sys

from callback_server import Server, lark_body, lark_ciphertext

KEY = "an-encrypt-key-nobody-knows"
TOKEN = "v-token-0123456789abcdefghij"
CHALLENGE = "5e8d3c11-6f5d-4a6b-9d0e-2f8f1c7a9b10"

verification = {"challenge": CHALLENGE, "token": TOKEN, "type": "url_verification"}
event = {
    "schema": "2.0",
    "header": {"event_id": "e1", "token": TOKEN, "event_type": "im.message.receive_v1"},
    "event": {"message": {"content": '{"text":"the password is hunter2"}'}},
}


def compact(value):
    return json.dumps(value, separators=(",", ":")).encode()


def blocks(text):
    return [text[i : i + 16] for i in range(0, len(text), 16)]


def xor(a, b):
    return bytes(x ^ y for x, y in zip(a, b))


server = Server(sys.argv[1], {"TIDINGS_ENCRYPT_KEY": KEY, "TIDINGS_VERIFICATION_TOKEN": TOKEN})
connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)


def ask(parts):
    connection.request("POST", "/lark", lark_body(b"".join(parts)), {"Content-Type": "application/json"})
    answer = connection.getresponse()
    headers = sorted(answer.getheaders())
    return answer.status, answer.read(), headers


v = blocks(lark_ciphertext(KEY, compact(verification)))
e = blocks(lark_ciphertext(KEY, compact(event)))
assert ask(v)[:2] == (200, compact({"challenge": CHALLENGE})), "the verification is answered"
refusal = ask(e)
assert refusal[:2] == (403, b""), refusal

# The attack: IV v1 v2 | Y c Z v2 v3 ...; c is a block of the event, the answer would show D(c) ^ Y, and Z makes 16
# letters of the second v2. Without the fix about one answer in a hundred is 200: seven thousand requests read the event.
known = ('{"challenge":"' + CHALLENGE).encode()[16:32]
random.seed(1)
answered = 0
for i in range(3000):
    mark = bytes(random.choice(b"abcdefghijklmnopqrstuvwxyz") for _ in range(16))
    drawn = bytes(random.getrandbits(8) for _ in range(16))
    made = [v[0], v[1], v[2], drawn, e[1 + i % (len(e) - 1)], xor(xor(v[1], known), mark), v[2], *v[3:]]
    answer = ask(made)
    answered += answer[0] == 200
    assert answer[0] == 200 or answer == refusal, answer
assert answered == 0, f"{answered} of 3000 altered verifications were answered"

# Whatever is wrong, the answer is the same: padding, JSON, members, token, challenge, length, base64.
others = [
    lark_ciphertext(KEY, compact(verification | {"token": "another-token"})),
    lark_ciphertext(KEY, compact(verification | {"challenge": "a b"})),
    lark_ciphertext(KEY, compact(verification | {"challenge": "\x1b[31m"})),
    lark_ciphertext(KEY, compact(verification | {"challenge": "x" * 65})),
    lark_ciphertext(KEY, compact(verification | {"more": "x"})),
    lark_ciphertext(KEY, compact(verification).replace(b"5e8d", b"\xff\xfe\xfd\xfc")),
    lark_ciphertext(KEY, b"no json"),
    lark_ciphertext("another key", compact(verification)),
    b"".join(v[:-1]),
    b"".join(v) + os.urandom(16),
    b"".join(v)[:-1],
    b"",
]
for other in others:
    answer = ask([other])
    assert answer == refusal, (answer, refusal)
server.stop()
print("an altered verification is refused like any other request")
