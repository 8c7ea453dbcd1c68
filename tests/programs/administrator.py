"""administrator.py PROGRAMS: an administrator sets up all four channels, against platforms that check every request."""
import json
import os
import stat
import subprocess
import sys
import tempfile
import unittest

from strict_platforms import DingTalk, Feishu, Lark, WeCom

programs = sys.argv.pop(1)
titles = {"feishu": "Feishu", "lark": "Feishu Lark", "dingtalk": "DingTalk", "wecom": "WeCom"}
ids = {"feishu": "app_id", "lark": "app_id", "dingtalk": "app_key", "wecom": "corp_id"}
addresses = {"login_name": "ada", "phone_number": "+6591234567", "email": "ada@example.com"}
# Reading DingTalk's directory for an email address is paced, and takes longer.
fields = {"feishu": "email", "lark": "email", "dingtalk": "phone_number", "wecom": "email"}


class Administrator(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.peers = {"feishu": Feishu(), "lark": Lark(), "dingtalk": DingTalk(), "wecom": WeCom()}
        self.secrets = {peer.secret for peer in self.peers.values()}
        self.write("people.jsonl", {"login_name": "ada", "name": "Ada", "phone_number": "+6591234567",
                                    "email": "ada@example.com", "language": "en"},
                   {"login_name": "ben", "name": "Ben", "phone_number": "+8613800000003", "email": "ben@example.com",
                    "language": "zh-CN"})
        self.write("subscriptions.json", {"version": 1, "rows": [
            {"type": "sql_task", "node": "to_be_approved", "personal_channels": list(titles)}]})

    def tearDown(self):
        for name, peer in self.peers.items():
            peer.close()
            self.assertEqual(peer.complaints, [], name)
        self.folder.cleanup()

    def path(self, name):
        return f"{self.folder.name}/{name}"

    def write(self, name, *documents):
        with open(self.path(name), "w") as file:
            file.write("".join(json.dumps(document) + "\n" for document in documents))

    def content(self, name):
        if not os.path.exists(self.path(name)):
            return None
        with open(self.path(name)) as file:
            return file.read()

    def start(self, program, *arguments, stdin=subprocess.DEVNULL):
        return subprocess.Popen([f"{programs}/{program}", "--config", self.path("channels.json"), *arguments],
                                stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def run_program(self, program, *arguments, typed=""):
        running = self.start(program, *arguments, stdin=subprocess.PIPE)
        out, err = running.communicate(typed, timeout=60)
        for secret in self.secrets:
            self.assertNotIn(secret, out + err)
        return running.returncode, out, err

    def flags(self, name, field="email", work=False):
        peer = self.peers[name]
        own = {"dingtalk": ["--agent-id", str(peer.agent_id)] if work else ["--robot-code", peer.app_id],
               "wecom": ["--agent-id", str(peer.agent_id)]}.get(name, [])
        return [f"--{ids[name].replace('_', '-')}", peer.app_id, *own, "--notification-field", field, "--base-url", peer.url]

    def configure(self, name, secret=None, to=None, field=None, **how):
        field = field or fields[name]
        return self.run_program("tidings-channels", "configure", name, *self.flags(name, field, **how), "--to",
                                to or addresses[field.split(",")[0]], typed=(secret or self.peers[name].secret) + "\n" * 8)

    def configure_all(self, **how):
        for name, peer in self.peers.items():
            self.assertEqual(self.configure(name, **how)[0], 0)
            peer.messages.clear()

    def event(self, id, *arguments, **fields):
        """Starts dispatching an event that ada is to approve."""
        self.write("event.json", {"id": id, "type": "sql_task", "node": "to_be_approved", "subject": "Change #42",
                                  "submitter": "ben", "approvers": ["ada"], "fields": {"Database": "orders"} | fields,
                                  "link": "https://console.example.com/42"})
        return self.start("tidings-event", "--subscriptions", self.path("subscriptions.json"), "--people",
                          self.path("people.jsonl"), "--inbox", self.path("inbox.jsonl"), "--event",
                          self.path("event.json"), "--json", *arguments)

    def outcomes(self, id, code, *arguments, **fields):
        running = self.event(id, *arguments, **fields)
        out, err = running.communicate(timeout=60)
        for secret in self.secrets:
            self.assertNotIn(secret, out + err)
        if code is not None:
            self.assertEqual(running.returncode, code, out + err)
        return {row["route"]: row for row in map(json.loads, out.splitlines())}

    def statuses(self, id, code, *arguments, **fields):
        return {route: row["outcome"] for route, row in self.outcomes(id, code, *arguments, **fields).items()}

    def doctor(self, name, *people):
        code, out, err = self.run_program("tidings-doctor", "--channel", name, "--json", "--retries", "0",
                                          *[part for person in people for part in ("--to", person)])
        self.assertEqual(err, "")
        rows = [json.loads(line) for line in out.splitlines()]
        failed = [row for row in rows if row["status"] == "fail"]
        self.assertEqual(code, 1 if failed else 0)
        self.assertTrue(all(row["remedy"] for row in failed))
        return failed

    def test_the_whole_story(self):
        everything = {f"personal:{name}" for name in titles} | {"inbox"}
        code, out, err = self.run_program("tidings-channels", "list")
        self.assertEqual((code, out), (0, "".join(f"{title}: Unconfigured\n" for title in titles.values())))
        for name, peer in self.peers.items():
            # Nothing is saved when the test message fails, whatever the reason.
            before = self.content("channels.json")

            def not_saved(expected, **how):
                code, out, err = self.configure(name, **how)
                self.assertEqual((code, out), (1, ""), err)
                self.assertIn(expected, err)
                self.assertIn("The settings were not saved.", err)
                self.assertEqual(self.content("channels.json"), before)

            self.secrets.add("a-wrong-secret-0123456789")
            not_saved("Copy ", secret="a-wrong-secret-0123456789")
            not_saved("Failed to obtain user ID", to="+6599999999" if name == "dingtalk" else "nobody@example.com")
            peer.trusted = False
            not_saved("60020" if name in ("dingtalk", "wecom") else "99991401")
            peer.trusted = True
            if name != "wecom":
                peer.bot = False
                not_saved({"dingtalk": "template.stopped"}.get(name, "230006"))
                peer.bot = True
                scope = "qyapi_robot_sendmsg" if name == "dingtalk" else "im:message:send_as_bot"
                peer.scopes.remove(scope)
                not_saved(scope)
                peer.scopes.add(scope)
            peer.visible.remove("ada")
            not_saved({"dingtalk": "robot.oto.notExist", "wecom": "81013"}.get(name, "230013"), field="login_name")
            peer.visible.add("ada")
            self.assertEqual(peer.messages, [])

            # The same settings are saved when it is delivered.
            code, out, err = self.configure(name)
            self.assertEqual((code, out), (0, f"Success\n{titles[name]}: Configured: {peer.app_id}\n"), err)
            self.assertEqual([message["to"] for message in peer.messages], ["ada"])
            self.assertEqual(stat.S_IMODE(os.stat(self.path("channels.json")).st_mode), 0o600)
            self.assertEqual(self.doctor(name, addresses[fields[name]]), [])
            self.assertEqual(len(peer.messages), 1)  # the doctor sends nothing
            peer.messages.clear()
        code, out, err = self.run_program("tidings-channels", "list")
        self.assertEqual(out, "".join(f"{titles[name]}: Configured: {self.peers[name].app_id}\n" for name in titles))

        # An event reaches her by the default way and by each channel whose box is ticked, once.
        self.assertEqual(self.statuses("first", 0), dict.fromkeys(everything, "delivered"))
        self.assertEqual(self.statuses("first", 0), dict.fromkeys(everything, "already"))
        for name, peer in self.peers.items():
            message, = peer.messages
            self.assertEqual(message["to"], "ada")
            for part in ("Change #42", "Database", "orders", "https://console.example.com/42", "approval"):
                self.assertIn(part, json.dumps(message["content"]), name)

        # One application after the other gets another secret: its channel alone fails, until the secret is corrected.
        for name, peer in self.peers.items():
            peer.secret = f"the-next-secret-of-{titles[name].replace(' ', '-')}"
            self.secrets.add(peer.secret)
            rows = self.outcomes(f"after-{name}", 1)
            row = rows.pop(f"personal:{name}")
            self.assertEqual((row["outcome"], row["error"]), ("failed", "bad_credentials"))
            self.assertEqual({row["outcome"] for row in rows.values()}, {"delivered"})
            self.assertEqual([row["check"] for row in self.doctor(name)], ["credentials"])
            self.assertEqual(self.configure(name)[0], 0)
            again = self.statuses(f"after-{name}", 0)
            self.assertEqual(again.pop(f"personal:{name}"), "delivered")
            self.assertEqual(set(again.values()), {"already"})
        for name, peer in self.peers.items():
            tests = [message for message in peer.messages if "Change #42" not in json.dumps(message["content"])]
            self.assertEqual((len(peer.messages), len(tests)), (1 + len(titles) + 1, 1), name)
        self.assertEqual(len(self.content("inbox.jsonl").splitlines()), 1 + len(titles))

    def test_each_notification_field_and_chain_finds_the_person_on_every_channel(self):
        for number, (field, work) in enumerate((("login_name", False), ("phone_number", True), ("email", True),
                                                ("phone_number,email", False))):
            for name, peer in self.peers.items():
                how = {"work": work} if name == "dingtalk" else {}
                code, out, err = self.configure(name, field=field, **how)
                self.assertEqual(code, 0, err)
                self.assertEqual(self.doctor(name, addresses[field.split(",")[-1]]), [], (name, field))
            self.assertEqual(set(self.statuses(f"field-{number}", 0).values()), {"delivered"})
            for name, peer in self.peers.items():
                self.assertEqual([message["to"] for message in peer.messages], ["ada", "ada"], (name, field))
                peer.messages.clear()

    def test_the_doctor_names_what_is_broken(self):
        self.configure_all(field="email")
        for name, peer in self.peers.items():
            def broken(check, *people, **switches):
                before = {switch: getattr(peer, switch) for switch in switches}
                for switch, value in switches.items():
                    setattr(peer, switch, value)
                failed = self.doctor(name, *people)
                self.assertEqual([row["check"] for row in failed], [check], (name, switches))
                for switch, value in before.items():
                    setattr(peer, switch, value)
                return failed[0]

            broken("reachable", fault=lambda path: "close")
            broken("reachable", fault=lambda path: 503)
            broken("credentials", secret="another-secret")
            broken("trusted_ip", trusted=False)
            broken("recipient", "ada@example.com", visible={"ben"})
            if name in ("lark", "feishu"):
                broken("bot", bot=False)
                broken("application", published=False)
                for scope in ("im:message:send_as_bot", "contact:user.id:readonly"):
                    self.assertIn(scope, broken("scopes", "ada@example.com", scopes=peer.scopes - {scope})["remedy"])
            if name == "dingtalk":
                for scope in ("qyapi_get_department_list", "qyapi_get_department_member"):
                    self.assertIn(scope, broken("scopes", "ada@example.com", scopes=peer.scopes - {scope})["remedy"])
            self.assertEqual(peer.messages, [])

    def test_a_message_that_is_too_long_for_a_platform_is_shortened_there(self):
        for work in (False, True):
            for name in titles:
                how = {"work": work} if name == "dingtalk" else {}
                self.assertEqual(self.configure(name, **how)[0], 0)
                self.peers[name].messages.clear()
            for number, text in enumerate(("s" * 1950, "很" * 5000, "\"*<" * 30000)):
                self.assertEqual(set(self.statuses(f"long-{work}-{number}", 0, Statement=text).values()), {"delivered"})
                for name, peer in self.peers.items():
                    message = peer.messages.pop()
                    for part in ("Change #42", "orders", "Statement", "https://console.example.com/42"):
                        self.assertIn(part, json.dumps(message["content"]), name)
        self.assertIn("很" * 5000, self.content("inbox.jsonl"))

    def test_channels_that_hang_do_not_delay_the_others(self):
        self.configure_all()
        for name in ("lark", "wecom"):
            self.peers[name].fault = lambda path: "stall"
        running = self.event("stalled", "--timeout", "60")
        first = [json.loads(running.stdout.readline()) for _ in range(3)]
        self.assertEqual({row["route"] for row in first}, {"inbox", "personal:feishu", "personal:dingtalk"})
        self.assertEqual({row["outcome"] for row in first}, {"delivered"})
        self.assertEqual(len(self.content("inbox.jsonl").splitlines()), 1)
        for name in ("lark", "wecom"):
            self.peers[name].fault = None
            self.peers[name].released.set()  # the connections are closed without an answer
        out, err = running.communicate(timeout=60)
        self.assertEqual({json.loads(line)["outcome"] for line in out.splitlines()}, {"delivered"}, err)
        self.assertEqual([len(peer.messages) for peer in self.peers.values()], [1] * 4)

    def test_a_platform_that_fails_while_it_sends_gets_nothing_twice(self):
        self.configure_all()
        for kind in (503, "close"):
            for peer in self.peers.values():
                peer.fault = lambda path: kind if "essage" in path else None
            rows = self.outcomes(f"failing-{kind}", None, "--timeout", "1")
            self.assertEqual(rows["inbox"]["outcome"], "delivered")
            first = {name: rows[f"personal:{name}"]["outcome"] for name in titles}
            self.assertLessEqual(set(first.values()), {"failed", "unknown"})
            for peer in self.peers.values():
                peer.fault = None
            again = self.statuses(f"failing-{kind}", 0)
            for name, peer in self.peers.items():
                self.assertEqual(again[f"personal:{name}"], "delivered" if first[name] == "failed" else "already")
                self.assertEqual(len(peer.messages), 1 if first[name] == "failed" else 0)
                peer.messages.clear()


if __name__ == "__main__":
    unittest.main()
