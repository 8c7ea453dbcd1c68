"""tidings_callback.py PROGRAMS: tidings-callback as the platforms call it. PROGRAMS is its folder."""
import hashlib
import http.client
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse

from callback_server import Server, lark_body, lark_ciphertext, lark_headers

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

    def start(self, environment, *arguments):
        self.server = start(environment, "--max-age", "0", *arguments)  # the documented examples are of 2014
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
        reasons = ("the decrypted text is not one JSON object", "the signature differs", "it has no signature")
        self.assertNotIn("test key", complaints)
        for reason, line in zip(reasons, complaints.splitlines(), strict=True):
            self.assertIn(reason, line)

    def test_what_is_not_served_is_not_found_and_the_administrator_is_told(self):
        self.assertEqual(self.ask("GET", "/")[0], 404)
        self.assertEqual(self.ask("GET", "/wecom/", echo)[0], 404)
        self.assertEqual(self.ask("POST", "/WeCom", echo)[0], 404)
        self.assertEqual(self.ask("POST", "//lark")[0], 404)
        self.assertEqual(self.ask("GET", "/" + "x" * 3000)[0], 404)
        self.assertEqual(self.ask("DELETE", "/wecom")[0], 405)
        self.assertEqual(self.ask("GET", "/lark")[0], 405)
        self.assertEqual(self.ask("HEAD", "/wecom", echo), (405, b""))
        printed, complaints = self.stop()
        self.assertEqual(printed, [])
        lines = complaints.splitlines()
        self.assertEqual(
            [line for line in lines if "xxx" not in line],
            [
                "tidings-callback: GET /: not served; /wecom, /lark and /feishu are",
                "tidings-callback: GET /wecom/: not served; /wecom is",
                "tidings-callback: POST /WeCom: not served; /wecom is",
                "tidings-callback: POST //lark: not served; /lark is",
                "tidings-callback: DELETE /wecom: not served; GET and POST are",
                "tidings-callback: GET /lark: not served; POST is",
                "tidings-callback: HEAD /wecom: not served; GET and POST are",
            ],
        )
        self.assertLess(max(map(len, lines)), 400)
        self.start(lark)
        self.assertEqual(self.ask("GET", "/wecom", echo)[0], 404)
        self.assertIn("GET /wecom: not served; TIDINGS_CALLBACK_TOKEN, ", self.stop()[1])
        self.start(wecom)
        self.assertEqual(self.ask("POST", "/feishu", body="{}")[0], 404)
        self.assertIn("POST /feishu: not served; TIDINGS_ENCRYPT_KEY and ", self.stop()[1])

    def test_strangers_cannot_fill_the_administrators_log(self):
        began = time.monotonic()
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            connection.sendall(b"GET /x HTTP/1.1\r\n\r\n" * 1000)
            received = b""
            while received.count(b"404 Not Found") < 1000:
                received += connection.recv(65536)
        lines = self.stop()[1].splitlines()
        self.assertGreaterEqual(len(lines), 50)
        self.assertLess(len(lines), 60 + 10 * (time.monotonic() - began))

    def test_settings_that_differ_are_said_to_the_administrator_and_to_nobody_else(self):
        self.stop()
        self.start({"TIDINGS_ENCRYPT_KEY": "test key", "TIDINGS_VERIFICATION_TOKEN": "v"})
        question = {"challenge": "c", "token": "v", "type": "url_verification"}
        sealed = [
            lark_ciphertext("test key", json.dumps(question | {"token": "another"}).encode()),
            lark_ciphertext("another key", json.dumps(question).encode()),
        ]
        for body in (*map(lark_body, sealed), json.dumps(question)):
            self.assertEqual(self.ask("POST", "/lark", body=body), (403, b""))
        body = lark_body(lark_ciphertext("test key", json.dumps(question).encode()))
        self.assertEqual(self.ask("POST", "/lark", body=body), (200, b'{"challenge":"c"}'))
        lines = self.stop()[1].splitlines()
        for line, reason in zip(
            lines,
            [
                "the Verification Token differs",
                "with this Encrypt Key it is not a verification of the address",
                "it is in the clear: an Encrypt Key is set here, and none in the console",
            ],
            strict=True,
        ):
            self.assertIn(reason, line)

    def test_an_event_that_cannot_be_written_is_answered_with_500_and_accepted_when_it_comes_again(self):
        body = json.dumps({"token": "v", "type": "event_callback", "uuid": "1", "event": {"text": "x" * 5000}})
        with tempfile.TemporaryFile() as file:
            server = Server(
                programs,
                lark,
                "--port",
                str(self.free_port()),
                stdout=file,
                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY)),
            )
            server.port = self.last_port
            try:
                self.wait_for(server)
                for _ in range(3):
                    self.assertEqual(server.ask("POST", "/lark", body), (500, b""))
                question = json.dumps({"challenge": "c", "token": "v", "type": "url_verification"})
                self.assertEqual(server.ask("POST", "/lark", question)[0], 200)  # nothing to write
                unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
                resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, unlimited)
                for _ in range(2):
                    self.assertEqual(server.ask("POST", "/lark", body), (200, b""))
                complaints = server.stop()[1]
            finally:
                server.close()
            self.assertEqual(complaints.count("could not be written to standard output: File too large"), 3)
            file.seek(0)
            lines = [json.loads(line) for line in file.read().splitlines()]  # none is half of one
            self.assertEqual([line["id"] for line in lines[1:]], ["1", "1"])

    def test_nobody_who_reads_means_500(self):
        server = Server(programs, lark)
        try:
            server.process.stdout.close()
            server.process.stdout = None
            body = json.dumps({"token": "v", "type": "event_callback", "uuid": "1"})
            for _ in range(2):
                self.assertEqual(server.ask("POST", "/lark", body), (500, b""))
            self.assertEqual(server.ask("GET", "/")[0], 404)
            self.assertEqual(server.stop()[1].count("Broken pipe"), 2)
        finally:
            server.close()

    def test_a_reader_that_stops_delays_its_events_and_nobody_else(self):
        server = Server(programs, lark)
        try:
            sent = 0
            while sent < 100:
                text = {"token": "v", "type": "event_callback", "uuid": str(sent), "event": "x" * 20000}
                body = json.dumps(text)
                began = time.monotonic()
                status = server.ask("POST", "/lark", body)[0]
                if status != 200:
                    break
                sent += 1
            self.assertEqual(status, 500)
            self.assertLess(time.monotonic() - began, 4)  # 2 s, and a busy machine
            began = time.monotonic()
            self.assertEqual(server.ask("GET", "/")[0], 404)
            question = json.dumps({"challenge": "c", "token": "v", "type": "url_verification"})
            self.assertEqual(server.ask("POST", "/lark", question)[0], 200)
            self.assertLess(time.monotonic() - began, 1)
            lines = []
            while len(lines) < sent:
                lines.append(json.loads(server.process.stdout.readline()))
            self.assertEqual([line["id"] for line in lines], [str(n) for n in range(sent)])
            self.assertEqual(server.ask("POST", "/lark", body)[0], 200)  # again
            lines = [json.loads(line) for line in server.stop()[0]]
            self.assertEqual({line["id"] for line in lines}, {str(sent)})
            self.assertIn(len(lines), (1, 2))  # the half that was written is completed
        finally:
            server.close()

    def test_standard_output_that_is_not_usable_ends_it_at_once(self):
        for redirection, said in ((">&-", "standard output is closed"), (">/dev/full", "No space left on device")):
            server = subprocess.Popen(
                ["sh", "-c", f'exec "$0" {redirection}', f"{programs}/tidings-callback"],
                env=os.environ | lark,
                stdin=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            self.assertEqual(server.wait(20), 2)
            self.assertIn(said, server.stderr.read())
            server.stdin.close()
            server.stderr.close()

    def test_requests_that_follow_at_once_are_answered_one_by_one(self):
        bodies = [json.dumps({"token": "v", "type": "event_callback", "uuid": str(n)}) for n in range(3)]
        text = "".join(f"POST /lark HTTP/1.1\r\nContent-Length: {len(b)}\r\n\r\n{b}" for b in bodies)
        text += "GET /x HTTP/1.1\r\nConnection: close\r\n\r\n"
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            connection.sendall(text.encode())
            received = b""
            while more := connection.recv(10000):
                received += more
        self.assertEqual(received.count(b"HTTP/1.1 200 OK"), 3)
        self.assertEqual(received.count(b"HTTP/1.1 404 Not Found"), 1)
        self.assertEqual([line["id"] for line in self.stop()[0]], ["0", "1", "2"])

    def test_a_body_is_asked_for_where_it_will_be_read_and_nowhere_else(self):
        body = json.dumps({"token": "v", "type": "event_callback", "uuid": "1"}).encode()
        for path, first in (("/lark", b"HTTP/1.1 100 Continue"), ("/nothing", b"HTTP/1.1 404 Not Found")):
            with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
                head = f"POST {path} HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: {len(body)}\r\n\r\n"
                connection.sendall(head.encode())
                self.assertTrue(connection.recv(1000).startswith(first))
                if path == "/lark":
                    connection.sendall(body)
                    self.assertTrue(connection.recv(1000).startswith(b"HTTP/1.1 200 OK"))

    def test_what_is_not_http_is_answered_with_400_and_no_request_is_smuggled(self):
        for text in (
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # TLS
            b"GET /wecom\r\n\r\n",
            b"POST /lark HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
            b"POST /lark HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
            b"POST /lark HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            b"POST /lark HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffffff\r\n",
            b"POST /lark HTTP/1.1\r\nX-Lark-Signature : x\r\n\r\n",
            # Bodies whose end is not known: what they hide is no second request.
            *(b"POST /lark HTTP/1.1\r\nTransfer-Encoding: " + coding + rest + b"\r\n\r\nGET /lark HTTP/1.1\r\n\r\n"
              for coding in (b"xchunked", b"identity", b'"chunked"', b"chunked, identity")
              for rest in (b"", b"\r\nContent-Length: 0")),
        ):
            with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
                connection.sendall(text)
                received = b""
                while more := connection.recv(10000):
                    received += more
            self.assertRegex(received, b"^HTTP/1.1 4", text)
            self.assertEqual(received.count(b"HTTP/1.1"), 1, text)
        self.assertIn("is not HTTP/1.1", self.stop()[1])

    def test_the_version_and_the_exit_codes_are_told(self):
        server = start({}, "--version")
        out, err = server.communicate(timeout=10)
        self.assertEqual((server.returncode, err), (0, ""))
        self.assertRegex(out, r"^tidings-callback \d+\.\d+\.\d+\n$")
        server = start({}, "--help")
        out, err = server.communicate(timeout=10)
        self.assertEqual((server.returncode, err), (0, ""))
        for word in ("TIDINGS_ENCRYPT_KEY", "--max-age", "Exit status", "--version"):
            self.assertIn(word, out)
        for argument in ("--timeout=nan", "--timeout=0", "--max-age=-1", "--max-connections=0", "--port=65536"):
            server = start(wecom, argument)
            out, err = server.communicate(timeout=10)
            self.assertEqual((server.returncode, out), (2, ""), argument)
            self.assertNotEqual(err, "")

    def test_a_port_that_is_taken_is_said(self):
        server = start(wecom, "--port", str(self.port))
        out, err = server.communicate(timeout=10)
        self.assertEqual((server.returncode, out), (2, ""))
        self.assertIn("Address already in use", err)

    def free_port(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.last_port = listener.getsockname()[1]
        return self.last_port

    def wait_for(self, server):
        for _ in range(200):
            try:
                return socket.create_connection(("127.0.0.1", server.port), timeout=10).close()
            except OSError:
                time.sleep(0.05)
        self.fail("it does not listen")

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
