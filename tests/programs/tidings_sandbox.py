"""tidings_sandbox.py PROGRAMS: tidings-sandbox as its users start it. PROGRAMS is its folder."""
import http.client
import json
import resource
import socket
import subprocess
import sys
import tempfile
import time
import unittest

programs = sys.argv.pop(1)
program = f"{programs}/tidings-sandbox"


def run(*arguments):
    return subprocess.run([program, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30)


class Server:
    """A running sandbox, with at most so many file descriptors."""

    def __init__(self, *arguments, descriptors=None):
        def limit():
            resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))

        self.process = subprocess.Popen(
            [program, "--json", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=limit if descriptors else None,
        )
        self.up = json.loads(self.process.stdout.readline())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()

    def port(self, platform="lark"):
        return int(self.up[platform]["url"].rsplit(":", 1)[1])

    def ask(self, method, path, body=None, headers={}, platform="lark"):
        connection = http.client.HTTPConnection("127.0.0.1", self.port(platform), timeout=10)
        try:
            data = body if body is None or isinstance(body, str) else json.dumps(body)
            connection.request(method, path, data, {"Content-Type": "application/json", **headers})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def processor_seconds(self):
        with open(f"/proc/{self.process.pid}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / 100


class TidingsSandbox(unittest.TestCase):
    def test_version(self):
        done = run("--version")
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stdout, r"^tidings-sandbox \d+\.\d+\.\d+\n$")

    def test_bad_usage_is_2_and_named(self):
        for arguments, word in (
            (["--limits=0"], "limits"),
            (["--limits=x"], "--limits=x"),
            (["--limits=nan"], "limits"),
            (["--allow-host"], "--allow-host"),
            (["--world", "/nowhere"], "/nowhere"),
            (["--colour"], "--colour"),
        ):
            done = run(*arguments)
            self.assertEqual(done.returncode, 2, arguments)
            self.assertIn(word, done.stderr + done.stdout)

    def test_a_bad_world_file_is_explained(self):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            file.write('{"poeple":[]}')
            file.flush()
            done = run("--world", file.name)
        self.assertEqual(done.returncode, 2)
        self.assertIn(file.name + ": poeple: unknown member; known: apps, people, chats", done.stderr)

    def test_nothing_that_it_prints_obeys_to_somebody_elses_text(self):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as world:
            json.dump({"x\x1b[2J": 1}, world)
            world.flush()
            for arguments in (["--world", "/no\x1b[2Jfile"], ["--limits=\x1b[2J"], ["--world", world.name]):
                done = run(*arguments)
                self.assertEqual(done.returncode, 2, arguments)
                self.assertNotIn("\x1b", done.stdout + done.stderr)

    def test_a_body_whose_end_is_not_known_hides_no_request(self):
        with Server("--port", "0") as platform:
            for coding in (b"xchunked", b"identity", b"chunked, identity"):
                with socket.create_connection(("127.0.0.1", platform.port()), timeout=10) as connection:
                    connection.sendall(b"POST /open-apis/x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: " + coding +
                                       b"\r\n\r\nGET /open-apis/y HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    received = b""
                    while more := connection.recv(10000):
                        received += more
                self.assertRegex(received, b"^HTTP/1.1 400", coding)
                self.assertEqual(received.count(b"HTTP/1.1"), 1, coding)

    def test_limits_are_off_unless_asked_for(self):
        def hook(server):
            return server.ask(
                "POST",
                "/open-apis/bot/v2/hook/0a1b2c3d-0000-4000-8000-000000000001",
                {"msg_type": "text", "content": {"text": "x"}},
            )[1]

        with Server() as server:
            self.assertFalse(any("11232" in hook(server) for _ in range(7)))
        with Server("--limits") as server:
            self.assertTrue(any("11232" in hook(server) for _ in range(30)))
            world = json.loads(server.ask("GET", "/_sandbox/world")[1])
            self.assertTrue(world["limits"]["enabled"])
            self.assertTrue(world["dingtalk"]["limits"]["enabled"])
            self.assertTrue(world["wecom"]["limits"]["enabled"])
        with Server("--limits=0.5") as server:
            world = json.loads(server.ask("GET", "/_sandbox/world")[1])
            self.assertEqual(world["limits"]["hook_per_minute"], 50)
            self.assertEqual(world["wecom"]["limits"]["member_per_minute"], 15)

    def test_web_pages_can_do_nothing(self):
        with Server("--allow-host", "sandbox.test") as server:
            evil = {"Host": "evil.example", "Origin": "http://evil.example"}
            for platform in ("lark", "feishu", "dingtalk", "wecom"):
                for method, path in (("GET", "/_sandbox/world"), ("POST", "/_sandbox/faults"), ("GET", "/anything")):
                    body = "{}" if method == "POST" else None
                    for headers in (evil, {"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
                        status, text = server.ask(method, path, body, headers, platform)
                        self.assertEqual(status, 403, path)
                        self.assertNotIn("secret", text)
                status, text = server.ask("GET", "/_sandbox/world", headers={"Host": "evil.example"})
                self.assertEqual(status, 403)
                self.assertNotIn("secret", text)
            # Port and letter case do not count.
            self.assertEqual(server.ask("GET", "/_sandbox/world", headers={"Host": "Sandbox.Test:1"})[0], 200)
            self.assertEqual(server.ask("GET", "/_sandbox/world", headers={"Host": f"localhost:{server.port()}"})[0], 200)
            self.assertEqual(json.loads(server.ask("GET", "/_sandbox/ledger")[1]), {"messages": []})

    def test_slow_and_idle_connections_keep_nobody_out(self):
        for first in (b"", b"GET / HT", b"POST /_sandbox/faults HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{"):
            with self.subTest(first=first), Server(descriptors=64) as server:
                slow = []
                for _ in range(100):
                    connection = socket.create_connection(("127.0.0.1", server.port()), 5)
                    try:
                        connection.sendall(first)
                    except OSError:  # closed already, to make room
                        pass
                    slow.append(connection)
                for _ in range(5):
                    started = time.monotonic()
                    self.assertEqual(server.ask("GET", "/_sandbox/ledger")[0], 200)
                    self.assertLess(time.monotonic() - started, 5)
                before = server.processor_seconds()
                time.sleep(0.5)
                self.assertLess(server.processor_seconds() - before, 0.25)
                for connection in slow:
                    connection.close()

    def test_stalled_answers_do_not_burn_the_processor_when_nothing_can_be_closed(self):
        with Server(descriptors=40) as server:
            server.ask("POST", "/_sandbox/faults", {"kind": "stall", "times": 0})
            waiting = []
            for _ in range(60):
                connection = socket.create_connection(("127.0.0.1", server.port()), 5)
                connection.sendall(b"GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n")
                waiting.append(connection)
            time.sleep(0.3)
            before = server.processor_seconds()
            time.sleep(1)
            self.assertLess(server.processor_seconds() - before, 0.5)
            for connection in waiting:
                connection.close()
            self.assertEqual(server.ask("GET", "/_sandbox/ledger")[0], 200)


if __name__ == "__main__":
    unittest.main()
