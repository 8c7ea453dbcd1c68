"""tidings_send.py PROGRAMS: tidings-send as scripts use it, against tidings-sandbox. PROGRAMS is their folder."""
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import unittest
import urllib.request

programs = sys.argv.pop(1)


class TidingsSend(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sandbox = subprocess.Popen(
            [f"{programs}/tidings-sandbox", "--json"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        cls.world = json.loads(cls.sandbox.stdout.readline())

    @classmethod
    def tearDownClass(cls):
        cls.sandbox.stdin.close()
        cls.sandbox.stdout.close()
        assert cls.sandbox.wait(10) == 0

    def tearDown(self):
        self.control("DELETE", "faults")

    def control(self, method, what, body=None):
        request = urllib.request.Request(
            f"{self.world['url']}/_sandbox/{what}", json.dumps(body).encode() if body else None, method=method
        )
        with urllib.request.urlopen(request) as answer:
            return answer.read()

    def run_send(self, *arguments, platform="lark", secret=None, environment=None):
        app = self.world[platform]
        its_secret = app.get("app_secret") or app["secret"]
        if environment is None:
            app_id = app.get("app_id") or app.get("app_key") or app["corp_id"]
            environment = {"TIDINGS_APP_ID": app_id, "TIDINGS_APP_SECRET": secret or its_secret}
            if "agent_id" in app:
                environment["TIDINGS_AGENT_ID"] = str(app["agent_id"])
        base = {name: value for name, value in os.environ.items() if not name.startswith("TIDINGS_")}
        command = [f"{programs}/tidings-send", "--provider", platform, "--base-url", app["url"], *arguments]
        done = subprocess.run(command, env=base | environment, capture_output=True, text=True)
        self.assertNotIn(its_secret, done.stdout + done.stderr)
        return done.returncode, done.stdout, done.stderr

    def send(self, *arguments, **options):
        code, out, err = self.run_send(*arguments, "--json", **options)
        self.assertEqual(err, "")
        return code, [json.loads(line) for line in out.splitlines()]

    def test_a_delivered_message_is_an_object_with_its_ids_and_exit_code_0(self):
        for platform in ("lark", "feishu"):
            code, rows = self.send("--match", "email", "--to", "ada@example.com", "--text", "hi", platform=platform)
            self.assertEqual(code, 0)
            self.assertEqual(list(rows[0]), ["outcome", "provider", "to", "message_id", "person_id", "attempts",
                                             "error", "code", "message", "log_id", "remedy"])
            self.assertEqual((rows[0]["outcome"], rows[0]["provider"], rows[0]["to"], rows[0]["attempts"]),
                             ("delivered", platform, "ada@example.com", 1))
            ledger = json.loads(self.control("GET", "ledger"))["messages"]
            self.assertEqual(ledger[-1]["message_id"], rows[0]["message_id"])
            self.assertEqual(ledger[-1]["provider"], platform)
            self.assertEqual(json.loads(ledger[-1]["content"]), {"text": "hi"})

    def test_nothing_secret_is_taken_from_the_command_line_which_every_user_of_the_machine_can_read(self):
        code, out, _ = self.run_send("--help")
        self.assertEqual(code, 0)
        options = re.findall(r"--[a-z-]+", out)
        self.assertIn("--client-key", options)
        self.assertEqual([o for o in options if re.search("secret|passphrase|password|access-token$", o)], [])
        before = self.control("GET", "requests")
        for said, given in (("--app-secret is no option", ["--app-secret", "hunter2"]),
                            ("--secret is no option", ["--secret=hunter2"]), ("belongs to no option", ["hunter2"]),
                            ("--proxy: has credentials", ["--proxy", "http://ada:hunter2@127.0.0.1:1"])):
            code, out, err = self.run_send("--match", "login-name", "--to", "ada", "--text", "hi", *given)
            self.assertEqual((code, out), (2, ""))
            self.assertIn(said, err)
            self.assertNotIn("hunter2", err)
        self.assertEqual(self.control("GET", "requests"), before)

    def test_every_platform_is_reached_by_every_field(self):
        person = self.world["people"][0]
        for platform in ("lark", "feishu", "dingtalk", "wecom"):
            for match, field in (("login-name", "login_name"), ("phone-number", "phone_number"), ("email", "email")):
                scan = ["--directory-scan"] if (platform, match) == ("dingtalk", "email") else []
                code, rows = self.send("--match", match, *scan, "--to", person[field], platform=platform)
                self.assertEqual((code, rows[0]["outcome"]), (0, "delivered"), (platform, match, rows))

    def test_a_work_notification_needs_no_bot(self):
        code, rows = self.send("--work-notification", "--match", "login-name", "--to", "ada", "--text", "by work",
                               platform="dingtalk")
        self.assertEqual((code, rows[0]["outcome"]), (0, "delivered"))
        ledger = json.loads(self.control("GET", "ledger"))["messages"]
        self.assertEqual(ledger[-1]["receive_id_type"], "work")

    def test_a_chain_takes_the_first_field_that_finds_the_person(self):
        for to in ("+6591234567", "ada@example.com"):
            code, rows = self.send("--match", "phone-number,email", "--to", to, platform="wecom")
            self.assertEqual((code, rows[0]["person_id"]), (0, "ada"))
        code, rows = self.send("--match", "phone-number,email", "--to", "nobody@example.com", platform="wecom")
        self.assertEqual(code, 1)
        self.assertIn("phone number: ", rows[0]["message"])
        self.assertIn("email: ", rows[0]["message"])

    def test_a_notice_comes_from_a_file_in_the_language_asked_for(self):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump({"title": {"default": "Disk full", "zh": "磁盘已满"}, "severity": "critical",
                       "facts": [{"label": "Host", "value": "db-01"}]}, file)
            file.flush()
            for language, title in (("en", "Disk full"), ("zh-CN", "磁盘已满")):
                code, rows = self.send("--match", "login-name", "--to", "ada", "--notice", file.name, "--language",
                                       language)
                self.assertEqual((code, rows[0]["outcome"]), (0, "delivered"))
                row = json.loads(self.control("GET", "ledger"))["messages"][-1]
                self.assertEqual(json.loads(row["content"])["header"]["title"]["content"], title)

    def test_the_readme_has_the_table_of_capabilities_as_it_is(self):
        table = subprocess.run([f"{programs}/tidings-send", "--capabilities"], capture_output=True, text=True)
        self.assertEqual(table.returncode, 0)
        with open(os.path.join(os.path.dirname(__file__), "../../README.md"), encoding="utf-8") as readme:
            self.assertIn(table.stdout, readme.read())

    def test_people_after_one_who_cannot_be_reached_are_reached_all_the_same(self):
        code, rows = self.send("--match", "phone-number", "--to", "+6590000000", "--to", "+6591234567")
        self.assertEqual(code, 1)
        self.assertEqual([row["outcome"] for row in rows], ["failed", "delivered"])
        self.assertEqual(rows[0]["error"], "recipient_not_found")
        self.assertIn("misspelt", rows[0]["remedy"])
        self.assertIsNone(rows[0]["message_id"])

    def test_a_refusal_carries_the_platforms_code_and_log_id(self):
        code, rows = self.send("--match", "login-name", "--to", "ada", secret="wrong")
        self.assertEqual(code, 1)
        self.assertEqual((rows[0]["error"], rows[0]["code"]), ("bad_credentials", 10014))
        self.assertEqual(len(rows[0]["log_id"]), 34)
        self.assertIn("app secret invalid", rows[0]["message"])

    def test_a_lost_answer_is_unknown_and_exit_code_3(self):
        self.control("POST", "faults", {"action": "reply_lost", "path": "/open-apis/im/v1/messages", "times": 0})
        code, rows = self.send("--match", "login-name", "--to", "ada", "--markdown", "**hi**")
        self.assertEqual(code, 3)
        self.assertEqual((rows[0]["outcome"], rows[0]["error"]), ("unknown", "outcome_unknown"))

    def test_of_several_people_the_gravest_outcome_is_the_exit_code_and_each_is_told(self):
        lost = {"action": "reply_lost", "path": "/v1.0/robot/oToMessages/batchSend"}
        for people, code in [(["ada", "bob"], 3), (["ada", "nemo"], 3), (["ada", "nemo", "bob"], 3)]:
            self.control("POST", "faults", lost)
            to = [word for person in people for word in ("--to", person)]
            done, out, err = self.run_send("--match", "login-name", *to, platform="dingtalk")
            self.assertEqual(done, code)
            self.assertIn("perhaps delivered to ada\n", err)
            self.assertIn("Look whether the message has arrived before you send it again", err)
            self.assertEqual("\nnot delivered to nemo\n" in err, "nemo" in people)
            self.assertEqual("delivered to bob: message " in out, "bob" in people)

    def test_a_server_that_fails_for_a_moment_is_asked_again_unless_that_is_unwanted(self):
        # Twice: a connection that had been kept alive is replaced without counting as a repetition.
        failing = {"action": "cut_before_headers", "path": "/open-apis/im/v1/messages", "times": 2}
        self.control("POST", "faults", failing)
        code, rows = self.send("--match", "login-name", "--to", "ada")
        self.assertEqual((code, rows[0]["attempts"]), (0, 3))
        self.control("POST", "faults", failing)
        code, rows = self.send("--match", "login-name", "--to", "ada", "--retries", "0")
        self.assertEqual((code, rows[0]["attempts"]), (3, 2))

    def test_the_timeout_is_kept(self):
        self.control("POST", "faults", {"action": "stall", "path": "/open-apis/auth", "times": 0})
        code, rows = self.send("--match", "login-name", "--to", "ada", "--timeout", "0.2")
        self.assertEqual((code, rows[0]["error"]), (1, "timed_out"))

    def count_tokens(self):
        requests = json.loads(self.control("GET", "requests"))["requests"]
        return sum(request["target"].startswith("/open-apis/auth/") for request in requests)

    def test_a_token_cache_spares_the_next_run_a_token(self):
        with tempfile.TemporaryDirectory() as folder:
            before = self.count_tokens()
            for _ in range(3):
                code, rows = self.send("--match", "login-name", "--to", "ada", "--token-cache", f"{folder}/a/tokens")
                self.assertEqual((code, rows[0]["outcome"]), (0, "delivered"), rows)
            self.assertEqual(self.count_tokens(), before + 1)
            self.assertEqual(os.stat(f"{folder}/a/tokens").st_mode & 0o777, 0o700)
            code, rows = self.send("--match", "login-name", "--to", "ada")
            self.assertEqual((code, self.count_tokens()), (0, before + 2))

    def test_a_token_cache_that_others_can_write_to_is_a_matter_of_configuration(self):
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o777)
            code, rows = self.send("--match", "login-name", "--to", "ada", "--token-cache", folder)
            self.assertEqual((code, rows[0]["error"]), (2, "invalid_argument"))
            self.assertIn(folder, rows[0]["message"])

    def test_usage_and_configuration_are_exit_code_2(self):
        ada = ["--match", "login-name", "--to", "ada"]
        for arguments, options in [
            (["--match", "login-name"], {}),
            (["--match", "nickname", "--to", "ada"], {}),
            ([*ada, "--text", "a", "--markdown", "b"], {}),
            ([*ada, "--timeout", "-1"], {}),
            ([*ada, "--no-such-option"], {}),
            (ada, {"environment": {}}),
            (ada, {"environment": {"TIDINGS_APP_ID": "cli_1"}}),
            (["--match", "phone-number", "--to", "91234567"], {}),
            ([*ada, "--base-url", "nonsense"], {}),
            ([*ada, "--directory-scan"], {}),
            ([*ada, "--notice", "/no/such/file"], {}),
            (["--match", "email,email", "--to", "ada@example.com"], {}),
            (["--match", "email", "--to", "ada@example.com"], {"platform": "dingtalk"}),
            ([*ada, "--work-notification"], {"platform": "wecom"}),
            (ada, {"platform": "wecom", "environment": {"TIDINGS_APP_ID": "ww1", "TIDINGS_APP_SECRET": "s"}}),
            (ada, {"platform": "wecom", "environment": {"TIDINGS_APP_ID": "ww1", "TIDINGS_APP_SECRET": "s",
                                                        "TIDINGS_AGENT_ID": "one"}}),
            ([*ada, "--ca-file", "/no/such/file", "--base-url", "https://localhost:1"], {}),
            ([*ada, "--ca-directory", "/no/such/directory", "--base-url", "https://localhost:1"], {}),
            ([*ada, "--client-certificate", "/no/such/file", "--base-url", "https://localhost:1"], {}),
            ([*ada, "--client-key", "/no/such/file"], {}),
            ([*ada, "--proxy", "proxy"], {}),
            ([*ada, "--proxy", "http://ada:hunter2@proxy:3128"], {}),
            ([*ada, "--proxy", "http://proxy:3128", "--proxy-from-environment"], {}),
        ]:
            code, out, err = self.run_send(*arguments, **options)
            self.assertEqual(code, 2, arguments)
            self.assertTrue(err, arguments)
            self.assertNotIn("hunter2", err)

    def test_a_proxy_is_named_or_comes_from_the_environment(self):
        ada = ["--match", "login-name", "--to", "ada"]
        with socket.create_server(("127.0.0.1", 0)) as listening:
            proxy = f"http://127.0.0.1:{listening.getsockname()[1]}"
            asked = []

            def refuse():
                for _ in range(2):
                    connection, _ = listening.accept()
                    with connection:
                        asked.append(connection.recv(4096).split(b"\r\n")[0])
                        connection.sendall(b"HTTP/1.1 403 Not today\r\n\r\n")

            thread = threading.Thread(target=refuse, daemon=True)
            thread.start()
            app = self.world["lark"]
            environment = {"TIDINGS_APP_ID": app["app_id"], "TIDINGS_APP_SECRET": app["app_secret"]}
            there = {"http_proxy": proxy, "no_proxy": "", "NO_PROXY": ""}
            for arguments, variables in [(["--proxy", proxy], {}), (["--proxy-from-environment"], there)]:
                code, rows = self.send(*ada, *arguments, environment=environment | variables)
                self.assertEqual((code, rows[0]["error"]), (1, "proxy_refused"))
                self.assertIn(f"{proxy[7:]} answered 403 Not today", rows[0]["message"])
            thread.join(10)
        self.assertEqual(asked, [f"CONNECT {app['url'][7:]} HTTP/1.1".encode()] * 2)
        code, rows = self.send(*ada, environment=environment | there)
        self.assertEqual(code, 0, "only by choice")

    def test_people_read_what_happened_and_what_to_do(self):
        code, out, err = self.run_send("--match", "email", "--to", "nobody@example.com")
        self.assertEqual((code, out), (1, ""))
        self.assertIn("failed to obtain the user id", err)
        self.assertIn("what to do", err)

    def test_without_a_text_it_is_a_test_message(self):
        code, out, _ = self.run_send("--match", "login-name", "--to", "ada")
        self.assertEqual(code, 0)
        self.assertIn("delivered to ada", out)


if __name__ == "__main__":
    unittest.main()
