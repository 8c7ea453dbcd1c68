"""tidings_callback.py PROGRAMS: tidings-callback as the platforms call it. PROGRAMS is its folder."""
import hashlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import unittest
import urllib.parse

programs = sys.argv.pop(1)

wecom = {
    "TIDINGS_CALLBACK_TOKEN": "QDG6eK",
    "TIDINGS_CALLBACK_AES_KEY": "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
    "TIDINGS_CORP_ID": "wx5823bf96d3bd56c7",
}
lark = {"TIDINGS_VERIFICATION_TOKEN": "v"}

# WeCom's own examples: an address that is verified, and an event.
echo = {
    "msg_signature": "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3",
    "timestamp": "1409659589",
    "nonce": "263014780",
    "echostr": "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==",
}
encrypted = (
    "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3"
    "TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gs"
    "ijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUa"
    "x5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIG"
    "HBZZIs2pDBS8R07+qN+E7Q=="
)
event = {
    "msg_signature": "477715d11cdb4164915debcba66cb864d751f3e6",
    "timestamp": "1409659813",
    "nonce": "1372623149",
}


def start(environment, *arguments):
    base = {name: value for name, value in os.environ.items() if not name.startswith("TIDINGS_")}
    return subprocess.Popen(
        [f"{programs}/tidings-callback", *arguments],
        env=base | environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


class TidingsCallback(unittest.TestCase):
    def setUp(self):
        self.start(wecom | lark)

    def tearDown(self):
        self.stop()

    def start(self, environment):
        self.server = start(environment)
        self.port = urllib.parse.urlsplit(json.loads(self.server.stdout.readline())["url"]).port

    def stop(self):
        """What it printed after its first line, and what it complained about."""
        if self.server.poll() is None:
            out, err = self.server.communicate(timeout=10)  # ends its standard input
            self.assertEqual(self.server.returncode, 0)
            return [json.loads(line) for line in out.splitlines()], err
        for pipe in (self.server.stdin, self.server.stdout, self.server.stderr):
            pipe.close()
        return [], ""

    def ask(self, method, path, query=None, body=None, headers={}):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        target = path + ("?" + urllib.parse.urlencode(query) if query else "")
        connection.request(method, target, body, headers)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer.status, text

    def test_the_address_that_wecom_verifies_is_answered_with_the_plain_text_alone(self):
        self.assertEqual(self.ask("GET", "/wecom", echo), (200, b"1616140317555161061"))
        self.assertEqual(self.stop(), ([], ""))

    def test_a_wrong_signature_is_forbidden_and_the_answer_does_not_say_why(self):
        wrong = echo | {"msg_signature": "0" * 40}
        self.assertEqual(self.ask("GET", "/wecom", wrong), (403, b""))
        self.assertEqual(self.ask("POST", "/wecom", event, "<xml><Encrypt>QUFB</Encrypt></xml>"), (403, b""))
        self.assertEqual(self.ask("POST", "/wecom", event, "no xml"), (403, b""))
        self.assertEqual(self.ask("GET", "/wecom"), (403, b""))
        printed, complaints = self.stop()
        self.assertEqual(printed, [])
        self.assertIn("the signature differs", complaints)
        for value in wecom.values():
            self.assertNotIn(value, complaints)

    def test_an_event_of_wecom_is_one_line_of_json(self):
        body = f"<xml><ToUserName><![CDATA[x]]></ToUserName><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"
        self.assertEqual(self.ask("POST", "/wecom", event, body), (200, b""))
        printed, complaints = self.stop()
        self.assertEqual(complaints, "")
        self.assertEqual([line["platform"] for line in printed], ["wecom"])
        self.assertIn("<Content><![CDATA[hello]]></Content>", printed[0]["event"])

    def test_lark_and_feishu_get_their_challenge_back_and_events_are_printed_without_the_token(self):
        for platform in ("lark", "feishu"):
            question = json.dumps({"challenge": "a-c_1", "token": "v", "type": "url_verification"})
            status, text = self.ask("POST", f"/{platform}", body=question)
            self.assertEqual((status, json.loads(text)), (200, {"challenge": "a-c_1"}))
            head = {"event_id": "5e37", "event_type": "im.message.message_read_v1", "token": "v"}
            said = json.dumps({"schema": "2.0", "header": head, "event": {"message_id_list": ["om_1"]}})
            self.assertEqual(self.ask("POST", f"/{platform}", body=said), (200, b""))
            self.assertEqual(self.ask("POST", f"/{platform}", body=said.replace('"v"', '"w"')), (403, b""))
        printed, _ = self.stop()
        self.assertEqual(
            [(line["platform"], line["type"], line["id"]) for line in printed],
            [(platform, "im.message.message_read_v1", "5e37") for platform in ("lark", "feishu")],
        )
        self.assertEqual(printed[0]["event"]["event"], {"message_id_list": ["om_1"]})
        self.assertNotIn("token", printed[0]["event"]["header"])

    def test_with_an_encrypt_key_a_request_must_be_signed_over_its_bytes(self):
        self.stop()
        self.start({"TIDINGS_ENCRYPT_KEY": "test key"})
        # The platforms' own example: it says "hello world", which is no event.
        body = '{"encrypt":"P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk="}'
        signature = hashlib.sha256(("1700000000" + "n" + "test key" + body).encode()).hexdigest()
        headers = {"X-Lark-Request-Timestamp": "1700000000", "X-Lark-Request-Nonce": "n", "X-Lark-Signature": signature}
        self.assertEqual(self.ask("POST", "/lark", body=body, headers=headers), (403, b""))
        self.assertEqual(self.ask("POST", "/lark", body=body + " ", headers=headers), (403, b""))
        self.assertEqual(self.ask("POST", "/lark", body=body), (403, b""))
        _, complaints = self.stop()
        reasons = ("what is encrypted is not one JSON object", "the signature differs", "it has no signature")
        for reason, line in zip(reasons, complaints.splitlines(), strict=True):
            self.assertIn(reason, line)

    def test_what_is_not_served_is_not_found(self):
        self.assertEqual(self.ask("GET", "/")[0], 404)
        self.assertEqual(self.ask("DELETE", "/wecom")[0], 405)
        self.assertEqual(self.ask("GET", "/lark")[0], 405)
        self.stop()
        self.start(lark)
        self.assertEqual(self.ask("GET", "/wecom", echo)[0], 404)

    def test_what_is_too_large_is_refused_before_it_is_read(self):
        for head in (b"Content-Length: 2000000\r\n\r\n", b"X: " + b"x" * 20000 + b"\r\n\r\n"):
            with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
                connection.sendall(b"POST /wecom HTTP/1.1\r\nHost: x\r\n" + head)
                self.assertTrue(connection.recv(100).startswith(b"HTTP/1.1 413 "))

    def test_a_request_that_does_not_end_is_given_up(self):
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            connection.sendall(b"POST /wecom HTTP/1.1\r\n")
            self.assertEqual(connection.recv(100), b"")

    def test_a_signal_ends_it(self):
        self.server.send_signal(signal.SIGTERM)
        self.assertEqual(self.server.wait(10), 0)

    def test_what_belongs_to_no_option_may_be_a_secret_and_is_not_repeated(self):
        for arguments, said in [
            (["--token", "hunter2"], "--token is no option"),
            (["--token=hunter2"], "--token is no option"),
            (["hunter2"], "belongs to no option"),
        ]:
            server = start(wecom, *arguments)
            out, err = server.communicate(timeout=10)
            self.assertEqual((server.returncode, out), (2, ""))
            self.assertIn(said, err)
            self.assertNotIn("hunter2", err)

    def test_settings_that_cannot_be_are_named_at_once(self):
        for environment, said in [
            ({}, "TIDINGS_CALLBACK_TOKEN"),
            (wecom | {"TIDINGS_CALLBACK_AES_KEY": "short"}, "the EncodingAESKey is not 43 characters of base64"),
            (wecom | {"TIDINGS_CORP_ID": ""}, "the receive id is empty"),
        ]:
            server = start(environment)
            out, err = server.communicate(timeout=10)
            self.assertEqual((server.returncode, out), (2, ""))
            self.assertIn(said, err)


if __name__ == "__main__":
    unittest.main()
