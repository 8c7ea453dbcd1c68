"""leftovers.py PROGRAM SANDBOX: what a process that has sent messages, well and in vain, still knows of
secrets and tokens: nothing."""
import http.server
import json
import re
import ssl
import subprocess
import sys
import tempfile
import threading
import unittest
import urllib.parse
import urllib.request

program, sandbox_program = sys.argv.pop(1), sys.argv.pop(1)


def masked(text):
    return bytes(byte ^ 0xA5 for byte in text.encode()).hex()


# The third and the last message to ada have to be answered: the look-up of nobody is in between.
refusals = {
    "lark": {"path": "/open-apis/im/v1/messages", "code": "230013"},
    "feishu": {"path": "/open-apis/im/v1/messages", "code": "230013"},
    "dingtalk": {"path": "/v1.0/robot/oToMessages/batchSend", "code": "robot.oto.notExist"},
    "wecom": {"path": "/cgi-bin/message/send", "code": "60021"},
}


def with_long_secrets(world):
    """A short text is not in a block of its own, or is overwritten when that is freed: it would not be found."""
    if isinstance(world, dict):
        return {key: value * 4 if key in ("secret", "app_secret") else with_long_secrets(value)
                for key, value in world.items()}
    return [with_long_secrets(one) for one in world] if isinstance(world, list) else world


class Leftovers(unittest.TestCase):
    def ask(self, path, body=None):
        request = urllib.request.Request(self.url + path, json.dumps(body).encode() if body else None)
        with urllib.request.urlopen(request, context=self.context) as answer:
            return json.loads(answer.read() or "{}")

    def left_after_sending(self, *options):
        standard = subprocess.run([sandbox_program, "--print-world"], stdout=subprocess.PIPE, text=True, check=True)
        worlds = tempfile.NamedTemporaryFile("w+")
        self.addCleanup(worlds.close)
        json.dump(with_long_secrets(json.loads(standard.stdout)), worlds)
        worlds.flush()
        sandbox = subprocess.Popen([sandbox_program, "--json", "--world", worlds.name, *options],
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        told = json.loads(sandbox.stdout.readline())
        self.url = told["lark"]["url"]
        self.context = ssl.create_default_context(cafile=told["ca_file"]) if "--tls" in options else None
        world = self.ask("/_sandbox/world")
        signed = world["hooks"][1], world["dingtalk"]["hooks"][1]
        addresses = {
            "lark": ("https://open.larksuite.com/open-apis/bot/v2/hook/", signed[0]["token"], signed[0]["secret"]),
            "dingtalk": ("https://oapi.dingtalk.com/robot/send?access_token=", signed[1]["access_token"],
                         signed[1]["secret"]),
            "wecom": ("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=", world["wecom"]["hooks"][0]["key"], ""),
        }
        rows = [told.get("ca_file") or "-"]
        secrets = []
        for platform, refusal in refusals.items():
            app = told[platform]
            secret = app.get("app_secret") or app["secret"]
            app_id = app.get("app_id") or app.get("app_key") or app["corp_id"]
            for tried in (secret, secret[::-1]):
                secrets.append(tried)
                rows.append(f"send {platform} {app['url']} {app_id} {app.get('agent_id', 0)} {masked(tried)}")
            self.ask("/_sandbox/faults", {"action": "refuse", "brand": platform, "after": 2, **refusal})
        for platform, (start, token, signing) in addresses.items():
            secrets += filter(None, (token, signing))
            rows.append(f"hook {platform} {told[platform]['url']} {masked(start + token)} {masked(signing) or '-'}")
        failures = tempfile.TemporaryFile("w+")
        self.addCleanup(failures.close)
        child = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=failures, text=True)
        child.stdin.write("\n".join([*rows, "go"]) + "\n")
        child.stdin.flush()
        counts = child.stdout.readline().split()

        requests = self.ask("/_sandbox/requests")["requests"]
        tokens = set()
        for one in requests:
            tokens.update(re.findall(r"access_token=([^&\"]+)", one["target"]))
            for header in one["headers"]:
                name, value = header if isinstance(header, list) else (header["name"], header["value"])
                if name.lower() in ("authorization", "x-acs-dingtalk-access-token"):
                    tokens.add(value.removeprefix("Bearer "))
        self.assertGreaterEqual(len(tokens), 4)
        out, _ = child.communicate("\n".join(map(masked, [*secrets, *tokens])) + "\nend\n", timeout=60)
        failures.seek(0)
        said = failures.read()
        # Two messages to ada, and the groups. To nobody, refused, and cancelled; and all five with a wrong secret. The
        # answer to the one that is cancelled may be there before.
        delivered, failed = map(int, counts)
        self.assertEqual(delivered + failed, 4 * 2 + 3 + 4 * 3 + 4 * 5, said)
        self.assertIn(delivered, range(4 * 2 + 3, 4 * 3 + 3 + 1), said)
        expected = ["failed to obtain", "230013", "robot.oto.notExist", "60021"]
        if delivered < 4 * 3 + 3:
            expected.append("cancelled")
        for failure in expected:
            self.assertIn(failure, said)
        sandbox.stdin.close()
        sandbox.stdout.close()
        sandbox.wait(10)
        return map(int, out.split())

    def test_nothing_is_left_of_secrets_and_tokens_in_memory(self):
        left, with_one_alive = self.left_after_sending()
        self.assertGreater(with_one_alive, left)
        self.assertEqual(left, 0)

    def test_nor_after_tls(self):
        left, with_one_alive = self.left_after_sending("--tls")
        self.assertGreater(with_one_alive, left)
        self.assertEqual(left, 0)


    def test_nor_after_answers_that_repeat_them(self):
        token = "TOK-" + "abcdefghijklmnopqrstuvwxyz0123456789" * 3
        secret = "SEC-" + "ZYXWVUTSRQPONMLKJIHGFEDCBA9876543210" * 3
        escaped = token.replace("k", "\\u006b")  # put together on the parser's stack
        refusals = {
            "plain": '{"errcode":0,"errmsg":"ok","msgid":"m"}',
            "id": json.dumps({"errcode": 0, "errmsg": "ok", "msgid": token}),
            "refused": json.dumps({"errcode": 40058, "errmsg": "bad token " + token}),
            "rejected": json.dumps({"errcode": 40014, "errmsg": "invalid access_token " + token}),
            "escaped": '{"errcode":40058,"errmsg":"bad token ' + escaped + '"}',
            "ip": json.dumps({"errcode": 60020, "errmsg": f"not allow, hint: [{token}], from ip: {secret}, more"}),
            "page": "<html><title>" + token + "</title>" + secret + "</html>",
            "secret": '{"errcode":0,"errmsg":"ok","msgid":"m"}',
        }

        class Echo(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                mode, path = self.path.lstrip("/").split("/", 1)
                body, status = '{"errcode":0,"errmsg":"ok","userid":"ada"}', 200
                if "gettoken" in path and mode == "secret":
                    body = json.dumps({"errcode": 40001, "errmsg": f"bad secret {secret} in {self.path}"})
                elif "gettoken" in path:
                    body = '{"errcode":0,"errmsg":"ok","access_token":"' + escaped + '","expires_in":7200}'
                elif "message/send" in path:
                    body, status = refusals[mode], 502 if mode == "page" else 200
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("X-Echo", urllib.parse.quote(token))
                self.end_headers()
                self.wfile.write(body.encode())

            do_GET = do_POST = answer

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        for mode in refusals:
            with self.subTest(mode), tempfile.TemporaryFile("w+") as failures:
                child = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=failures,
                                         text=True)
                url = f"http://127.0.0.1:{server.server_port}/{mode}"
                child.stdin.write(f"-\nsend wecom {url} ww0123456789 1000002 {masked(secret)}\ngo\n")
                child.stdin.flush()
                delivered, failed = map(int, child.stdout.readline().split())
                out, _ = child.communicate("\n".join(map(masked, [secret, token])) + "\nend\n", timeout=60)
                failures.seek(0)
                said = failures.read()
                self.assertEqual(delivered + failed, 5, said)
                self.assertEqual(delivered, 4 if mode in ("plain", "id") else 0, said)
                for repeated in (secret, token, token[16:], secret[16:]):
                    self.assertNotIn(repeated, said)
                left, with_one_alive = map(int, out.split())
                self.assertGreater(with_one_alive, left)
                self.assertEqual(left, 0, said)


if __name__ == "__main__":
    unittest.main()
