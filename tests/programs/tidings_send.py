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

from sandbox_case import SandboxCase

programs = sys.argv.pop(1)


class TidingsSend(SandboxCase):
    programs = programs

    def credentials(self, platform):
        app = self.world[platform]
        out = {"TIDINGS_APP_ID": app.get("app_id") or app.get("app_key") or app["corp_id"],
               "TIDINGS_APP_SECRET": app.get("app_secret") or app["secret"]}
        if "agent_id" in app:
            out["TIDINGS_AGENT_ID"] = str(app["agent_id"])
        return out

    def run_send(self, *arguments, platform="lark", provider=None, secret=None, environment=None, stdin=None):
        app = self.world[platform]
        its_secret = app.get("app_secret") or app["secret"]
        if environment is None:
            environment = self.credentials(platform) | ({"TIDINGS_APP_SECRET": secret} if secret else {})
        base = {name: value for name, value in os.environ.items() if not name.startswith("TIDINGS_")}
        where = [] if "--base-url" in arguments else ["--base-url", app["url"]]
        command = [f"{programs}/tidings-send", "--provider", provider or platform, *where, *arguments]
        done = subprocess.run(command, env=base | environment, capture_output=True, text=True, input=stdin,
                              stdin=subprocess.DEVNULL if stdin is None else None)
        self.assertNotIn(its_secret, done.stdout + done.stderr)
        return done.returncode, done.stdout, done.stderr

    def send(self, *arguments, **options):
        messages = ("--text", "--markdown", "--notice", "--image", "--file", "--test", "--resolve", "--dry-run")
        test = [] if any(one in arguments for one in messages) else ["--test"]
        code, out, err = self.run_send(*arguments, *test, "--json", **options)
        rows = [json.loads(line) for line in out.splitlines()]
        count = {name: sum(row["outcome"] == name for row in rows) for name in ("delivered", "failed", "unknown")}
        summary = "{delivered} delivered, {failed} failed, {unknown} unknown\n".format(**count)
        self.assertEqual(err, summary if len(rows) > 1 else "")
        return code, rows

    def messages(self):
        return json.loads(self.control("GET", "ledger"))["messages"]

    def test_a_delivered_message_is_an_object_with_its_ids_and_exit_code_0(self):
        for platform in ("lark", "feishu"):
            code, rows = self.send("--match", "email", "--to", "ada@example.com", "--text", "hi", platform=platform)
            self.assertEqual(code, 0)
            self.assertEqual(list(rows[0]), ["outcome", "provider", "to", "message_id", "person_id", "attempts",
                                             "key", "condition", "error", "code", "message", "log_id", "remedy"])
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
                            ("-p is no option", ["-phunter2"]), ("-p is no option", ["-p=hunter2"]),
                            ("--match: must be", ["--match", "hunter2"]), ("--timeout: must", ["--timeout", "hunter2"]),
                            ("--json", ["--json=hunter2"]), ("--key: must", ["--key", "hunter2 hunter2"]),
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

    def test_a_program_that_takes_its_platform_from_the_environment(self):
        for platform, match, to in (("feishu", "email", "ada@example.com"), ("wecom", "login-name", "ada"),
                                    ("dingtalk", "email", "ada@example.com")):
            names = {"TIDINGS_PROVIDER": platform, "TIDINGS_MATCH": match,
                     "TIDINGS_BASE_URL": self.world[platform]["url"]}
            done = subprocess.run([f"{programs}/choose_platform", to], capture_output=True, text=True,
                                  env=os.environ | self.credentials(platform) | names)
            if platform == "dingtalk":
                self.assertIn("Set directory_scan", done.stderr)
                self.assertIn("use one of login_name, phone_number", done.stderr)
            else:
                self.assertEqual((done.stdout, done.stderr), (f"message {self.messages()[-1]['message_id']}\n", ""))

    def test_ids_reach_people_chats_departments_and_tags(self):
        for platform, match, to in [
            ("lark", "chat-id", "oc_5ad11d72b830411d72b836c20"),
            ("feishu", "chat_id", "oc_5ad11d72b830411d72b836c20"),
            ("dingtalk", "chat-id", "cidtidings0718=="),
            ("wecom", "chat-id", "tidingsoncall0718"),
            ("wecom", "department", "3"),
            ("wecom", "tag", "1"),
        ]:
            code, rows = self.send("--match", match, "--to", to, "--text", "hi", platform=platform)
            self.assertEqual((code, rows[0]["outcome"]), (0, "delivered"), (platform, match, rows))
        code, rows = self.send("--match", "open-id", "--to", "ou_nobody", "--text", "hi", platform="lark")
        self.assertEqual((code, rows[0]["error"]), (1, "recipient_not_found"), rows)
        code, rows = self.send("--match", "login-id", "--to", "nobody", "--text", "hi", platform="dingtalk")
        self.assertEqual((code, rows[0]["error"]), (1, "recipient_not_found"), rows)

    def test_an_id_that_a_platform_does_not_have_or_that_is_none_is_refused_before_any_byte(self):
        before = self.control("GET", "requests")
        for platform, match, to, said in [
            ("wecom", "open-id", "ou_1", "WeCom does not have it; it has login-name"),
            ("lark", "department", "1", "Lark does not have it; it has login-name"),
            ("lark", "open-id,email", "ou_1", "must be login-name"),
            ("lark", "open-id", "on_1", "does not begin with ou_"),
            ("wecom", "department", "1|2", "is not a number"),
            ("wecom", "tag", "@all", "is not a number"),
            ("dingtalk", "chat-id", "chat05ac5bd6", "use the openConversationId"),
        ]:
            code, out, err = self.run_send("--match", match, "--to", to, "--text", "hi", platform=platform)
            self.assertEqual(code, 2, (platform, match, out, err))
            self.assertIn(said, out + err)
        code, _, err = self.run_send("--match", "chat-id", "--to", "cid1", "--text", "hi", "--work-notification",
                                     platform="dingtalk")
        self.assertEqual(code, 2)
        self.assertIn("does not have it", err)
        self.assertEqual(self.control("GET", "requests"), before)

    def test_a_work_notification_needs_no_bot(self):
        for provider, option in (("dingtalk", ["--work-notification"]), ("dingtalk_work", []), ("dingtalk-work", [])):
            code, rows = self.send(*option, "--match", "login_name", "--to", "ada", "--text", provider,
                                   platform="dingtalk", provider=provider)
            self.assertEqual((code, rows[0]["outcome"]), (0, "delivered"))
            self.assertEqual(self.messages()[-1]["receive_id_type"], "work")

    def test_an_agent_id_is_no_secret_and_may_be_an_option(self):
        app = self.world["wecom"]
        environment = {"TIDINGS_APP_ID": app["corp_id"], "TIDINGS_APP_SECRET": app["secret"],
                       "TIDINGS_AGENT_ID": "999"}
        ada = ["--match", "login-name", "--to", "ada"]
        code, rows = self.send(*ada, "--agent-id", str(app["agent_id"]), platform="wecom", environment=environment)
        self.assertEqual((code, rows[0]["outcome"]), (0, "delivered"))
        for wrong in ("one", "", "-1", "1 ", "99999999999999999999"):
            code, out, err = self.run_send(*ada, "--test", f"--agent-id={wrong}", platform="wecom")
            self.assertEqual((code, out), (2, ""), wrong)
            self.assertIn("--agent-id", err)
        self.assertEqual(self.run_send(*ada, "--test", "--agent-id", "1")[0], 2, "Lark has none")

    def test_the_secret_may_be_in_a_file(self):
        app = self.world["lark"]
        ada = ["--match", "login-name", "--to", "ada"]
        with tempfile.NamedTemporaryFile("w") as file:
            file.write(app["app_secret"] + "\n")
            file.flush()
            environment = {"TIDINGS_APP_ID": app["app_id"], "TIDINGS_APP_SECRET_FILE": file.name}
            code, rows = self.send(*ada, environment=environment)
            self.assertEqual((code, rows[0]["outcome"]), (0, "delivered"))
            both = environment | {"TIDINGS_APP_SECRET": app["app_secret"]}
            self.assertEqual(self.run_send(*ada, "--test", environment=both)[0], 2)
        for name in ("/no/such/file", "/tmp", "/dev/null", "/dev/zero", "-"):
            environment = {"TIDINGS_APP_ID": app["app_id"], "TIDINGS_APP_SECRET_FILE": name}
            code, out, err = self.run_send(*ada, "--test", environment=environment)
            self.assertEqual((code, out), (2, ""), name)
            self.assertIn("TIDINGS_APP_SECRET", err)

    def test_a_chain_takes_the_first_field_that_finds_the_person(self):
        for to in ("+6591234567", "ada@example.com"):
            code, rows = self.send("--match", "phone-number,email", "--to", to, platform="wecom")
            self.assertEqual((code, rows[0]["person_id"]), (0, "ada"))
        code, rows = self.send("--match", "phone_number,email", "--to", "nobody@example.com", platform="wecom")
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
        for people in (["ada", "bob"], ["ada", "nemo"], ["ada", "nemo", "bob"]):
            self.control("POST", "faults", lost)
            to = [word for person in people for word in ("--to", person)]
            done, out, err = self.run_send("--match", "login-name", *to, "--test", platform="dingtalk")
            self.assertEqual((done, out), (3, ""))
            # All of them are in one request.
            self.assertIn("perhaps delivered to ada\n", err)
            for other in people[1:]:
                self.assertIn(f"\nperhaps delivered to {other}, for the same reason as ada\n", err)
            self.assertIn("Look whether the message has arrived before you send it again", err)
            self.assertNotIn("--key", err, "DingTalk knows no keys")
        lost["path"] = "/open-apis/im/v1/messages"
        self.control("POST", "faults", lost | {"times": 4, "after": 1})
        people = [word for person in ("ada", "nemo", "bob") for word in ("--to", person)]
        done, out, err = self.run_send("--match", "login-name", *people, "--test", "--retries", "0")
        self.assertEqual(done, 3)
        self.assertIn("delivered to ", out)
        self.assertIn("perhaps delivered to ", err)

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
            self.assertEqual((code, rows[0]["error"], rows[0]["condition"]), (2, "invalid_argument", None))
            self.assertIn(folder, rows[0]["message"])

    def test_what_is_wrong_on_the_command_line_is_exit_code_2_and_no_byte_is_sent(self):
        ada = ["--match", "login-name", "--to", "ada", "--test"]
        before = self.control("GET", "requests")
        for arguments, options in [
            (["--match", "login-name", "--test"], {}),
            (["--match", "nickname", "--to", "ada", "--test"], {}),
            (ada[:-1], {}),
            ([*ada, "--text", "a"], {}),
            ([*ada, "--timeout", "nan"], {}),
            ([*ada, "--timeout", "inf"], {}),
            ([*ada, "--timeout", "1e300"], {}),
            ([*ada, "--timeout", "0x10"], {}),
            ([*ada, "--timeout", ""], {}),
            ([*ada, "--retries", "-1"], {}),
            ([*ada, "--retries", "99999999999999999999"], {}),
            ([*ada, "--key", ""], {}),
            ([*ada, "--key", "x" * 51], {}),
            ([*ada, "--key", "é"], {}),
            (ada, {"provider": "dingtalk-robot"}),
            ([*ada, "--text", "a", "--markdown", "b"], {}),
            ([*ada, "--timeout", "-1"], {}),
            ([*ada, "--no-such-option"], {}),
            (ada, {"environment": {}}),
            (ada, {"environment": {"TIDINGS_APP_ID": "cli_1"}}),
            (["--match", "phone-number", "--to", "91234567", "--test"], {}),
            ([*ada[:-1], "--text", ""], {}),
            ([*ada[:-1], "--text", "a" * 130_000], {"platform": "wecom"}),
            ([*ada, "--base-url", "nonsense"], {}),
            ([*ada, "--directory-scan"], {}),
            ([*ada[:-1], "--notice", "/no/such/file"], {}),
            (["--match", "email,email", "--to", "ada@example.com", "--test"], {}),
            (["--match", "email", "--to", "ada@example.com", "--test"], {"platform": "dingtalk"}),
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
            *[([*ada, option, ""], {}) for option in ("--base-url", "--proxy", "--ca-file", "--ca-directory",
                                                      "--client-certificate", "--client-key", "--token-cache")],
        ]:
            code, out, err = self.run_send(*arguments, **options)
            self.assertEqual(code, 2, arguments)
            self.assertTrue(err, arguments)
            self.assertNotIn("hunter2", err)
        self.assertEqual(self.control("GET", "requests"), before)

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
        code, out, err = self.run_send("--match", "email", "--to", "nobody@example.com", "--test")
        self.assertEqual((code, out), (1, ""))
        self.assertIn("failed to obtain the user id", err)
        self.assertIn("what to do", err)

    def test_only_a_test_has_a_text_that_nobody_wrote(self):
        ada = ["--match", "login-name", "--to", "ada"]
        before = len(self.messages())
        for stdin in (None, "disk full\n"):
            code, out, err = self.run_send(*ada, stdin=stdin)
            self.assertEqual((code, out), (2, ""))
            self.assertIn("there is no message", err)
        self.assertEqual(len(self.messages()), before)
        code, out, err = self.run_send(*ada, "--test")
        self.assertEqual((code, err), (0, ""))
        self.assertRegex(out, "^delivered to ada: message om_[0-9a-f]+\n$")
        self.assertEqual(json.loads(self.messages()[-1]["content"]), {"text": "Test message: this channel works."})

    def test_a_message_may_come_from_standard_input(self):
        ada = ["--match", "login-name", "--to", "ada"]
        code, rows = self.send(*ada, "--text", "-", stdin="\ufeffdisk\nfull\r\n\n")
        self.assertEqual((code, json.loads(self.messages()[-1]["content"])), (0, {"text": "disk\nfull"}))
        code, rows = self.send(*ada, "--markdown", "-", stdin="**full**\n")
        self.assertEqual((code, self.messages()[-1]["msg_type"]), (0, "post"))
        code, rows = self.send(*ada, "--notice", "-", stdin='\ufeff{"title": "Disk full"}')
        self.assertEqual((code, self.messages()[-1]["msg_type"]), (0, "interactive"))
        for empty in ("", "\n\n", "\ufeff"):
            code, out, err = self.run_send(*ada, "--text", "-", stdin=empty)
            self.assertEqual((code, out), (2, ""))
            self.assertIn("nothing on standard input", err)

    def test_people_may_come_from_a_file_and_each_gets_one_message(self):
        people = "\ufeff# the team\r\nada\r\n\n  bob  \nada\ncyd"
        with tempfile.NamedTemporaryFile("w") as file:
            file.write(people)
            file.flush()
            for source, stdin in ((file.name, None), ("-", people)):
                before = len(self.messages())
                code, rows = self.send("--match", "login-name", "--to", "bob", "--to", "bob", "--to-file", source,
                                       "--text", "all", stdin=stdin)
                self.assertEqual([row["to"] for row in rows], ["bob", "ada", "cyd"], rows)
                self.assertEqual(len(self.messages()), before + sum(row["outcome"] == "delivered" for row in rows))
            code, rows = self.send("--match", "login-name", "--to-file", file.name, "--text", "-", stdin="both")
            self.assertEqual(json.loads(self.messages()[-1]["content"]), {"text": "both"})
            code, out, err = self.run_send("--match", "login-name", "--to-file", "-", "--text", "-", stdin="both")
            self.assertEqual((code, out), (2, ""))
            self.assertIn("standard input can be read only once", err)
        code, out, err = self.run_send("--match", "login-name", "--to-file", "/dev/null", "--test")
        self.assertEqual((code, out), (2, ""))

    def test_all_addresses_are_looked_at_before_the_first_message(self):
        before = self.control("GET", "requests")
        with tempfile.NamedTemporaryFile("w") as file:
            file.write("".join(f"person{n}@example.com\n" for n in range(500)).replace("person77@", "person77@@"))
            file.write("zero\u200bwidth@example.com\n\x1b[31mred\n")
            file.flush()
            code, out, err = self.run_send("--match", "email", "--to", "ada", "--to-file", file.name, "--test")
            self.assertEqual((code, out), (2, ""))
            self.assertEqual(err.splitlines()[:5], [
                "4 addresses are not usable, so nothing was sent:",
                '--to: "ada": the email is not of the form name@domain',
                f'{file.name}:78: "person77@@example.com": the email is not of the form name@domain',
                f'{file.name}:501: "zero width@example.com": the email contains U+200B, which is not shown, at byte 4',
                f'{file.name}:502: " [31mred": the email contains a control character'])
        self.assertEqual(self.control("GET", "requests"), before)

    def test_what_is_wrong_for_everybody_is_said_once_and_the_rest_is_not_tried(self):
        with tempfile.NamedTemporaryFile("w") as file:
            file.write("".join(f"person{n}\n" for n in range(500)))
            file.flush()
            people = ["--match", "login-name", "--to-file", file.name]
            code, out, err = self.run_send(*people, "--test", secret="wrong")
            self.assertEqual((code, out), (1, ""))
            self.assertEqual(err.count("what happened"), 1)
            self.assertIn("\nnot tried: person100 and the 399 after, since it would fail in the same way\n", err)
            self.assertTrue(err.endswith("\n0 delivered, 500 failed, 0 unknown\n"), err)
            self.assertLess(len(err), 2000)
            code, rows = self.send(*people, secret="wrong")
            self.assertEqual((code, len(rows)), (1, 500))
            self.assertEqual({(row["error"], row["condition"]) for row in rows}, {("bad_credentials", "configuration")})
            self.assertEqual([row["to"] for row in rows], [f"person{n}" for n in range(500)])
            self.assertTrue(rows[100]["message"].startswith("not tried: "))

    def test_the_condition_tells_configuration_from_recipient(self):
        for arguments, options, condition in (
            (["--to", "nemo"], {}, "recipient"),
            (["--to", "ada"], {"secret": "wrong"}, "configuration"),
        ):
            code, rows = self.send("--match", "login-name", *arguments, **options)
            self.assertEqual((code, rows[0]["condition"]), (1, condition))

    def test_an_unknown_outcome_shows_the_key_under_which_sending_again_is_safe(self):
        lost = {"action": "reply_lost", "path": "/open-apis/im/v1/messages", "times": 2}
        ada = ["--match", "login-name", "--to", "ada", "--text", "once"]
        for given in ([], ["--key", "order-42"]):
            before = len(self.messages())
            self.control("POST", "faults", lost)
            code, out, err = self.run_send(*ada, *given, "--retries", "0")
            self.assertEqual((code, out), (3, ""))
            self.assertIn("Send again with the same idempotency key", err)
            key = re.search(r"the key +(\S+); repeat the same command with --key (\S+)\n", err)
            self.assertEqual(key[1], key[2])
            self.assertEqual(key[1] == "order-42", bool(given))
            code, out, err = self.run_send(*ada, "--key", key[1])
            self.assertEqual(code, 0)
            self.assertEqual(len(self.messages()), before + 1)
        self.control("POST", "faults", lost)
        code, rows = self.send(*ada, "--retries", "0")
        self.assertEqual((code, rows[0]["condition"]), (3, "unknown"))
        before = len(self.messages())
        self.assertEqual(self.send(*ada, "--key", rows[0]["key"])[0], 0)
        self.assertEqual(len(self.messages()), before)

    def test_the_same_command_under_the_same_key_reaches_nobody_twice(self):
        people = [word for person in ("ada", "bob", "cyd") for word in ("--to", person)]
        for platform, path in (("lark", "/open-apis/im/v1/messages"), ("wecom", "/cgi-bin/message/send")):
            command = ["--match", "login-name", *people, "--text", f"once by {platform}", "--retries", "0"]
            before = len(self.messages())
            # Each: a connection that was open before and is lost is replaced without counting as a repetition.
            self.control("POST", "faults", {"action": "reply_lost", "path": path, "times": 0})
            code, rows = self.send(*command, platform=platform)
            self.control("DELETE", "faults")
            self.assertEqual(code, 3)
            self.assertIn("unknown", [row["outcome"] for row in rows])
            code, again = self.send(*command, "--key", rows[0]["key"], platform=platform)
            self.assertEqual({row["outcome"] for row in again} - {"failed"}, {"delivered"})
            reached = sum(row["outcome"] == "delivered" for row in again)
            self.assertEqual(len(self.messages()) - before, reached, again)

    def test_another_message_under_the_same_key_is_another_message(self):
        for platform in ("lark", "wecom"):
            ids = []
            before = len(self.messages())
            for text in ("build 42 started", "build 42 failed", "build 42 failed"):
                code, rows = self.send("--match", "login-name", "--to", "ada", "--key", "build-42",
                                       "--text", f"{text}, {platform}", platform=platform)
                self.assertEqual(code, 0)
                ids.append(rows[0]["message_id"])
            self.assertEqual(len(self.messages()) - before, 2)
            self.assertNotEqual(ids[0], ids[1])

    def test_the_language_asked_for_is_used_with_a_channel_of_a_file_too(self):
        app = self.world["lark"]
        settings = {"version": 1, "channels": {"lark": {"app_id": app["app_id"], "app_secret": "env:LARK_SECRET",
                                                        "notification_field": "login_name", "base_url": app["url"],
                                                        "language": "en"}}}
        with tempfile.TemporaryDirectory() as folder:
            with open(f"{folder}/channels.json", "w") as out:
                json.dump(settings, out)
            with open(f"{folder}/notice.json", "w") as out:
                json.dump({"title": {"en": "Disk full", "zh": "磁盘已满"}}, out, ensure_ascii=False)
            for language, title in ((["--language", "zh-CN"], "磁盘已满"), ([], "Disk full")):
                done = subprocess.run([f"{programs}/tidings-send", "--config", f"{folder}/channels.json", "--channel", "lark",
                                       "--to", "ada", "--notice", f"{folder}/notice.json", *language],
                                      env=os.environ | {"LARK_SECRET": app["app_secret"]}, capture_output=True, text=True)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertIn(title, self.messages()[-1]["content"])

    def test_remedies_are_chinese_where_the_language_is(self):
        nobody = ["--match", "email", "--to", "nobody@example.com"]
        for language in ("zh", "zh-CN", "zh_Hans"):
            self.assertRegex(self.send(*nobody, "--language", language)[1][0]["remedy"], "[\u4e00-\u9fff]")
            self.assertRegex(self.run_send(*nobody, "--test", "--language", language)[2], "what to do +[\u4e00-\u9fff]")
        self.assertNotRegex(self.send(*nobody)[1][0]["remedy"], "[\u4e00-\u9fff]")

    def test_pictures_and_files_are_sent(self):
        with tempfile.TemporaryDirectory() as folder:
            png = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108020000009077"
                                "53de0000000c4944415408d763f8cfc000000301010018dd8db00000000049454e44ae426082")
            for option, name, content in (("--image", "dot.png", png), ("--file", "list.pdf", b"%PDF-1.4")):
                with open(f"{folder}/{name}", "wb") as file:
                    file.write(content)
                for platform in ("lark", "wecom", "dingtalk"):
                    code, rows = self.send("--match", "login-name", "--to", "ada", "--to", "bob", option,
                                           f"{folder}/{name}", platform=platform)
                    self.assertEqual((code, [row["outcome"] for row in rows]), (0, ["delivered"] * 2), rows)

    def test_finding_people_sends_nothing(self):
        before = len(self.messages())
        for option in ("--resolve", "--dry-run"):
            code, out, err = self.run_send("--match", "email", "--to", "ada@example.com", "--to", "nobody@example.com",
                                           option)
            self.assertEqual(code, 1)
            self.assertRegex(out, r"^ada@example.com is \S+\n$")
            self.assertIn("not found: nobody@example.com\n  what happened", err)
            self.assertIn("\n1 found, 1 failed, 0 unknown\n", err)
        code, out, err = self.run_send("--match", "email", "--to", "ada@example.com", "--resolve", "--json")
        row = json.loads(out)
        self.assertEqual((code, row["outcome"], row["message_id"], row["key"]), (0, "found", None, None))
        self.assertEqual(len(self.messages()), before)

    def test_the_version_is_the_librarys(self):
        with open(os.path.join(os.path.dirname(__file__), "../../include/tidings/version.hpp")) as header:
            version = ".".join(re.findall(r"TIDINGS_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)", header.read()))
        for program in ("tidings-send", "tidings-sandbox", "tidings-callback"):
            done = subprocess.run([f"{programs}/{program}", "--version"], capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, f"{program} {version}\n", ""))

    def test_addresses_with_characters_that_are_not_shown_reach_the_person(self):
        for match, to in (("phone-number", "\u202d+6591234567\u202c"), ("phone-number", "\uff0b65 9123\u00a04567"),
                          ("phone-number", "006591234567"), ("email", "ada@example.com\u200b"),
                          ("login-name", "\u200eada\ufeff")):
            code, rows = self.send("--match", match, "--to", to)
            self.assertEqual((code, rows[0]["outcome"]), (0, "delivered"), rows)


if __name__ == "__main__":
    unittest.main()
