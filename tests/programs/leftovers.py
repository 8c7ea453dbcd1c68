"""leftovers.py PROGRAM SANDBOX: what a process that has sent messages still knows of secrets and tokens: nothing."""
import json
import re
import subprocess
import sys
import unittest
import urllib.request

program, sandbox_program = sys.argv.pop(1), sys.argv.pop(1)


def masked(text):
    return bytes(byte ^ 0xA5 for byte in text.encode()).hex()


class Leftovers(unittest.TestCase):
    def left_after_sending(self, *options):
        sandbox = subprocess.Popen([sandbox_program, "--json", *options], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, text=True)
        world = json.loads(sandbox.stdout.readline())
        rows = [world.get("ca_file") or "-"]
        secrets = []
        for platform in ("lark", "feishu", "dingtalk", "wecom"):
            app = world[platform]
            secret = app.get("app_secret") or app["secret"]
            secrets.append(secret)
            app_id = app.get("app_id") or app.get("app_key") or app["corp_id"]
            rows.append(f"{platform} {app['url']} {app_id} {masked(secret)} {app.get('agent_id', 0)}")
        child = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        child.stdin.write("\n".join(rows) + "\n")
        child.stdin.flush()
        self.assertEqual(child.stdout.readline(), "sent\n")

        context = None
        if "--tls" in options:
            import ssl
            context = ssl.create_default_context(cafile=world["ca_file"])
        with urllib.request.urlopen(f"{world['lark']['url']}/_sandbox/requests", context=context) as answer:
            requests = json.loads(answer.read())["requests"]
        tokens = set()
        for one in requests:
            tokens.update(re.findall(r"access_token=([^&\"]+)", one["target"]))
            for header in one["headers"]:
                name, value = header if isinstance(header, list) else (header["name"], header["value"])
                if name.lower() in ("authorization", "x-acs-dingtalk-access-token"):
                    tokens.add(value.removeprefix("Bearer "))
        self.assertGreaterEqual(len(tokens), 4)
        self.assertGreaterEqual(sum("message" in one["target"] or "batchSend" in one["target"] for one in requests), 8)
        out, _ = child.communicate("\n".join(map(masked, [*secrets, *tokens])) + "\nend\n", timeout=60)
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


if __name__ == "__main__":
    unittest.main()
