"""tidings_send_bulk.py PROGRAMS: tidings-send for many people: lists, the progress bar, results, continued runs."""
import collections
import json
import os
import pty
import random
import re
import resource
import select
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

programs = sys.argv.pop(1)
count = 500
names = [f"p{n:03}" for n in range(count)]
lost = {"lark": "/open-apis/im/v1/messages", "dingtalk": "/v1.0/robot/oToMessages/batchSend",
        "wecom": "/cgi-bin/message/send"}


class Bulk(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        world = json.loads(subprocess.check_output([f"{programs}/tidings-sandbox", "--print-world"]))
        for n, name in enumerate(names):
            world["people"].append({"login_name": name, "name": name, "email": f"{name}@example.com",
                                    "mobile": f"+65812{n:05}"})
        for app in world["apps"] + world["dingtalk"]["apps"]:
            app["availability"] = "everyone"
        for app in world["wecom"]["apps"]:
            app["visible_range"] = "everyone"
        path = f"{cls.folder.name}/world.json"
        with open(path, "w", encoding="utf-8") as file:
            json.dump(world, file)
        cls.sandbox = subprocess.Popen([f"{programs}/tidings-sandbox", "--json", "--world", path],
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        cls.world = json.loads(cls.sandbox.stdout.readline())

    @classmethod
    def tearDownClass(cls):
        cls.sandbox.stdin.close()
        cls.sandbox.stdout.close()
        cls.folder.cleanup()
        assert cls.sandbox.wait(10) == 0

    def setUp(self):
        self.results = f"{self.folder.name}/{self.id().rpartition('.')[2]}.jsonl"

    def tearDown(self):
        self.control("DELETE", "faults")

    def control(self, method, what, body=None):
        request = urllib.request.Request(
            f"{self.world['url']}/_sandbox/{what}", json.dumps(body).encode() if body else None, method=method
        )
        with urllib.request.urlopen(request) as answer:
            return answer.read()

    def file(self, text):
        with tempfile.NamedTemporaryFile("wb", dir=self.folder.name, delete=False) as out:
            out.write(text if isinstance(text, bytes) else text.encode())
            return out.name

    def command(self, *arguments, platform="lark", match="login-name", environment=None):
        app = self.world[platform]
        variables = {name: value for name, value in os.environ.items() if not name.startswith("TIDINGS_")}
        variables |= {"TIDINGS_APP_ID": app.get("app_id") or app.get("app_key") or app["corp_id"],
                      "TIDINGS_APP_SECRET": app.get("app_secret") or app["secret"], "TERM": "xterm"}
        if platform == "wecom":
            variables["TIDINGS_AGENT_ID"] = str(app["agent_id"])
        command = [f"{programs}/tidings-send", "--provider", platform, "--base-url", app["url"], "--match", match]
        return {"args": [*command, *arguments], "env": variables | (environment or {})}

    def run_send(self, *arguments, stdin=None, **options):
        done = subprocess.run(**self.command(*arguments, **options), capture_output=True, text=True, input=stdin,
                              stdin=subprocess.DEVNULL if stdin is None else None)
        return done.returncode, done.stdout, done.stderr

    def send(self, *arguments, **options):
        code, out, err = self.run_send(*arguments, "--json", **options)
        return code, [json.loads(line) for line in out.splitlines()], err

    def messages(self, text=None):
        rows = json.loads(self.control("GET", "ledger"))["messages"]
        return [row for row in rows if text is None or text in row["content"]]

    def reached(self, text):
        """How often each person has the message."""
        return collections.Counter(who for row in self.messages(text) for who in row["reached"])

    def lines(self):
        with open(self.results, encoding="utf-8") as file:
            return [json.loads(line) for line in file.read().splitlines()]

    def requests(self):
        return self.control("GET", "requests")

    # ---- Recipients

    def test_people_come_from_csv(self):
        csv = ('\ufeffname,"login_name",email,phone_number,language\r\n'
               '"Zero, the ""first""\r\nof them",p000,p000@example.com,+6581200000,\r\n'
               "One,p001,,,zh-CN\r\n"
               "\r\n"
               'Again,"p000",,,')
        for source, stdin in ((self.file(csv), None), ("-", csv)):
            code, rows, err = self.send("--recipients", source, "--text", "csv", stdin=stdin)
            self.assertEqual((code, [(row["to"], row["outcome"]) for row in rows]),
                             (0, [("p000", "delivered"), ("p001", "delivered")]), err)
        code, rows, _ = self.send("--recipients", self.file(csv.replace("One,p001,,", "One,p001,p001@example.com,")),
                                  "--text", "csv", match="phone-number,email")
        self.assertEqual((code, [row["to"] for row in rows]), (2, []), "Again has neither")
        csv = csv.replace("One,p001,,", "One,p001,p001@example.com,").replace('"p000",,,', ",,+6581200002,")
        code, rows, _ = self.send("--recipients", self.file(csv), "--text", "csv", match="phone-number,email")
        self.assertEqual((code, [row["to"] for row in rows]), (0, ["+6581200000", "p001@example.com", "+6581200002"]))

    def test_people_come_from_json_lines(self):
        lines = ('\ufeff{"login_name":"p000","name":"Zero","email":null}\r\n\n'
                 '{"email":"p001@example.com","login_name":"p001","language":"zh"}\n{"login_name":" p000 "}')
        for source, stdin in ((self.file(lines), None), ("-", lines)):
            code, rows, err = self.send("--recipients", source, "--to", "p002", "--text", "jsonl", stdin=stdin)
            self.assertEqual((code, [row["to"] for row in rows]), (0, ["p002", "p000", "p001"]), err)

    def test_each_person_gets_their_language(self):
        notice = self.file(json.dumps({"title": {"default": "Disk full", "zh": "磁盘已满"}}))
        people = self.file("login_name,language\np000,zh_CN\np001,en\np002,\n")
        for arguments in ([], ["--results", self.results]):
            before = len(self.messages())
            code, _, err = self.send("--recipients", people, "--notice", notice, *arguments)
            self.assertEqual(code, 0, err)
            titles = {row["to"]: json.loads(row["content"])["header"]["title"]["content"]
                      for row in self.messages()[before:]}
            self.assertEqual(titles, {"p000": "磁盘已满", "p001": "Disk full", "p002": "Disk full"})

    def test_every_wrong_line_is_named_at_once_and_nothing_is_sent(self):
        before = self.requests()
        csv = self.file('login_name,email\np000,p000@example.com\np001\n,p002@@example.com\n"p003"x,a@b.example\n'
                        'p0"04,\np005,"a@b.example\n\n\n')
        code, out, err = self.run_send("--recipients", csv, "--test", match="email")
        self.assertEqual((code, out), (2, ""))
        self.assertEqual(err.splitlines()[:6], [
            "5 lines are not usable, so nothing was sent:",
            f"{csv}:3: has 1 fields, and the first line has 2",
            f'{csv}:4: "p002@@example.com": the email is not of the form name@domain',
            f"{csv}:5: there is text behind a quoted field",
            f"{csv}:6: a field with a quote in it must be quoted as a whole, the quote doubled",
            f"{csv}:7: a quoted field does not end"])
        lines = self.file('{"login_name":"p000"}\n{"login_name":\n[]\n{"login_name":1}\n{"name":"x"}\n'
                          '{"login_name":"p001","nickname":"x","shoe":3}\n{"login_name":"p001","language":"?"}\n'
                          '{"login_name":"p001","login_name":"p002"}\n')
        code, out, err = self.run_send("--recipients", lines, "--test")
        self.assertEqual((code, out), (2, ""))
        self.assertEqual(err.splitlines()[:8], [
            "7 lines are not usable, so nothing was sent:",
            f"{lines}:2: is not a JSON object",
            f"{lines}:3: is not a JSON object",
            f"{lines}:4: login_name must be text",
            f"{lines}:5: has no login_name",
            f'{lines}:6: has the member "nickname"; known are login_name, phone_number, email, name and language',
            f'{lines}:7: the language "?" is not a tag such as en or zh-CN',
            f'{lines}:8: has the member "login_name" twice'])
        many = self.file("login_name\n" + "a b\x01\n" * 30 + "p000\n")
        code, out, err = self.run_send("--recipients", many, "--test")
        self.assertEqual(code, 2)
        self.assertEqual(len(re.findall(f"^{many}:", err, re.M)), 20)
        self.assertIn("\nand 10 more\n", err)
        self.assertEqual(self.requests(), before)

    def test_a_file_that_is_no_list_is_a_usage_error(self):
        before = self.requests()
        for text, said, options in [
            ("p000\np001\n", 'has the column "p000"', {}),
            ("login_name,login_name\np000,p000\n", "twice", {}),
            ("email,name\na@b.example,x\n", "has no column login_name", {}),
            ("email,name\na@b.example,x\n", "has no column phone_number and no column login_name",
             {"match": "phone-number,login-name"}),
            ("", "nobody in it", {}),
            ("login_name\n", "nobody in it", {}),
            (b"login_name,name\np000,\xff\n", ":2: is not UTF-8", {}),
            ("login_name\np000\n", "and no open_id; use --to-file", {"match": "open-id"}),
        ]:
            code, out, err = self.run_send("--recipients", self.file(text), "--test", **options)
            self.assertEqual((code, out), (2, ""), text)
            self.assertIn(said, err)
        people = self.file("login_name\np000\n")
        for arguments in (["--recipients", "-", "--text", "-"], ["--recipients", "-", "--to-file", "-", "--test"],
                          ["--recipients", "-", "--recipients", "-", "--test"], ["--recipients", "-", "--file", "-"]):
            code, out, err = self.run_send(*arguments, stdin="login_name\np000\n")
            self.assertEqual((code, out), (2, ""))
            self.assertIn("standard input can be read only once", err)
        for arguments in (["--recipients", "/no/such/file", "--test"],
                          ["--recipients", people, "--resolve", "--results", self.results],
                          ["--recipients", people, "--test", "--resume", "/no/such/file"],
                          ["--recipients", people, "--test", "--resume", people],
                          ["--recipients", people, "--test", "--results", people],
                          ["--recipients", people, "--test", "--results", "/no/such/folder/file"],
                          ["--recipients", people, "--test", "--results", "/dev/null"],
                          ["--recipients", people, "--test", "--results", self.results, "--resume", self.results]):
            code, out, err = self.run_send(*arguments)
            self.assertEqual((code, out), (2, ""), arguments)
            self.assertTrue(err, arguments)
        self.assertEqual(self.requests(), before)
        with open(people, encoding="utf-8") as file:
            self.assertEqual(file.read(), "login_name\np000\n")

    # ---- The progress bar

    def on_terminal(self, *arguments, stdout=None, **options):
        leader, follower = pty.openpty()
        process = subprocess.Popen(**self.command(*arguments, **options), stdin=subprocess.DEVNULL,
                                   stdout=stdout or follower, stderr=follower)
        os.close(follower)
        shown = b""
        while select.select([leader], [], [], 30)[0]:
            try:
                block = os.read(leader, 65536)
            except OSError:
                break
            if not block:
                break
            shown += block
        os.close(leader)
        return process.wait(30), shown.decode()

    def test_a_terminal_shows_a_progress_bar_with_rate_and_failures(self):
        people = self.file("login_name\n" + "".join(f"{name}\n" for name in names[:120]) + "nobody1\nnobody2\n")
        code, shown = self.on_terminal("--recipients", people, "--text", "bar", platform="dingtalk")
        self.assertEqual(code, 1)
        self.assertRegex(shown, r"\r\x1b\[K\[\.+\]  0/122  0%  0/s  0 failed")
        self.assertRegex(shown, r"\[#+\]  122/122  100%  \d+/s  2 failed")
        self.assertIn("not delivered to nobody1", shown)
        self.assertNotIn("delivered to p000", shown, "the bar counts them")
        self.assertTrue(shown.endswith("\r\x1b[K120 delivered, 2 failed, 0 unknown\r\n"), shown[-200:])

    def test_a_pipe_gets_plain_lines(self):
        people = self.file("login_name\n" + "".join(f"{name}\n" for name in names[:50]))
        code, out, err = self.run_send("--recipients", people, "--text", "plain", platform="dingtalk")
        self.assertEqual((code, err), (0, "50 delivered, 0 failed, 0 unknown\n"))
        self.assertEqual([line.split(":")[0] for line in out.splitlines()],
                         [f"delivered to {name}" for name in names[:50]])
        # JSON on the same terminal is not mixed with a bar; in a file it is.
        code, shown = self.on_terminal("--recipients", people, "--text", "plain", "--json", platform="dingtalk")
        self.assertNotIn("\x1b", shown)
        self.assertEqual(sum(line.startswith("{") for line in shown.splitlines()), 50)
        with tempfile.TemporaryFile() as file:
            code, shown = self.on_terminal("--recipients", people, "--text", "plain", "--json", platform="dingtalk",
                                           stdout=file)
            self.assertIn("50/50", shown)
            file.seek(0)
            self.assertEqual(len([json.loads(line) for line in file]), 50)
        code, shown = self.on_terminal("--recipients", people, "--text", "plain", platform="dingtalk",
                                       environment={"TERM": "dumb"})
        self.assertNotIn("\x1b", shown)
        code, shown = self.on_terminal("--to", "p000", "--text", "plain", platform="dingtalk")
        self.assertRegex(shown, "^delivered to p000: message .+\r\n$")

    # ---- Results

    def test_the_file_of_results_has_what_json_prints(self):
        people = ["--to", "p000", "--to", "nobody", "--to", "p001"]
        code, rows, _ = self.send(*people, "--text", "results", "--results", self.results)
        self.assertEqual(code, 1)
        run, *lines = self.lines()
        self.assertEqual(list(run["run"]), ["version", "provider", "match", "language", "application", "message", "key"])
        self.assertEqual(run["run"]["key"], rows[0]["key"])
        self.assertEqual([line["intent"] for line in lines[:3]], ["p000", "nobody", "p001"])
        self.assertEqual(lines[3:], rows)
        self.assertEqual(os.stat(self.results).st_mode & 0o777, 0o600)
        code, out, err = self.run_send(*people, "--text", "results", "--results", self.results)
        self.assertEqual((code, out), (2, ""))
        self.assertIn("exists and is not empty; continue that run with --resume", err)

    def test_nothing_is_sent_when_the_results_cannot_be_written(self):
        before = len(self.messages())
        os.symlink("/dev/full", self.results)
        self.assertEqual(self.run_send("--to", "p000", "--test", "--results", self.results)[0], 2)
        limited = self.command("--recipients", self.file("login_name\n" + "\n".join(names[:200])), "--text", "limited",
                               "--results", f"{self.results}.limited", platform="dingtalk")
        # Room for the first portion and its outcomes, and not for all.
        done = subprocess.run(["bash", "-c", 'ulimit -f 32; exec "$@"', "-", *limited["args"]], env=limited["env"],
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("cannot be written", done.stderr)
        sent = len(self.messages("limited"))
        self.assertTrue(0 < sent < 200, sent)
        with open(f"{self.results}.limited", encoding="utf-8") as file:
            intents = file.read().count('{"intent"')
        self.assertGreaterEqual(intents, sent)
        self.assertEqual(len(self.messages()), before + sent)

    def test_a_disk_that_was_full_for_a_moment_tears_no_line_in_the_middle(self):
        self.control("POST", "faults", {"action": "delay", "path": lost["lark"], "times": 0, "delay_ms": 200})
        people = ["--recipients", self.file("login_name\n" + "\n".join(names[:90])), "--text", "briefly full"]
        # Room for the first portion, and for some of its outcomes.
        limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (5000, resource.RLIM_INFINITY))
        with subprocess.Popen(**self.command(*people, "--results", self.results), stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True, preexec_fn=limit) as process:
            first = process.stderr.readline()
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            said = first + process.stderr.read()
        self.assertIn("cannot be written", said)
        self.assertEqual(process.returncode, 3)
        self.control("DELETE", "faults")
        self.assertLessEqual(len(self.messages("briefly full")), 40, "nobody is sent to whose outcome cannot be kept")
        code, _, err = self.send(*people, "--resume", self.results)
        self.assertEqual(code, 0, err)
        self.assertEqual(self.reached("briefly full"), {name: 1 for name in names[:90]})

    # ---- Continued runs

    def test_a_finished_run_is_not_repeated_and_failures_are_tried_again(self):
        people = ["--to", "p010", "--to", "p011", "--to", "p012", "--text", "again"]
        for platform in lost:
            path = f"{self.results}.{platform}"
            refused = {"action": "throttle", "path": lost[platform], "times": 0}
            self.control("POST", "faults", refused)
            code, rows, _ = self.send(*people, "--retries", "0", "--results", path, platform=platform)
            self.assertEqual((code, {row["outcome"] for row in rows}), (1, {"failed"}), platform)
            self.control("DELETE", "faults")
            for remaining in (3, 0):
                code, rows, err = self.send(*people, "--resume", path, platform=platform)
                self.assertEqual((code, len(rows)), (0, remaining), (platform, err))
                self.assertIn(f"resuming: {3 - remaining} have the message, {remaining} remain\n", err)
        self.assertEqual(self.reached("again"), {"p010": 3, "p011": 3, "p012": 3}, "once on each platform")

    def test_another_command_cannot_continue_a_run(self):
        ada = ["--to", "p020"]
        code, _, _ = self.send(*ada, "--text", "first", "--results", self.results)
        before = self.requests()
        for arguments, options, said in [
            ([*ada, "--text", "second"], {}, "another message"),
            ([*ada, "--markdown", "first"], {}, "another message"),
            ([*ada, "--text", "first", "--language", "zh"], {}, "another language"),
            ([*ada, "--text", "first", "--key", "other"], {}, "another key"),
            ([*ada, "--text", "first"], {"platform": "feishu"}, "another provider"),
            (["--to", "+6581200020", "--text", "first"], {"match": "phone-number"}, "another match"),
            ([*ada, "--text", "first"], {"environment": {"TIDINGS_APP_ID": "cli_x"}}, "another application"),
        ]:
            code, out, err = self.run_send(*arguments, "--resume", self.results, **options)
            self.assertEqual((code, out), (2, ""), arguments)
            self.assertIn(said, err)
        self.assertEqual(self.requests(), before)
        self.assertEqual(self.send(*ada, "--text", "first", "--resume", self.results)[:2], (0, []))

    def test_an_unknown_outcome_is_repeated_under_the_key_or_named(self):
        people = ["--to", "p030", "--to", "p031", "--text", "doubt"]
        for platform, path in lost.items():
            results = f"{self.results}.{platform}"
            self.control("POST", "faults", {"action": "reply_lost", "path": path, "times": 0})
            code, rows, _ = self.send(*people, "--retries", "0", "--results", results, platform=platform)
            self.assertEqual((code, {row["outcome"] for row in rows}), (3, {"unknown"}), platform)
            self.control("DELETE", "faults")
            sent = self.reached("doubt")
            for _ in range(2):
                code, rows, err = self.send(*people, "--resume", results, platform=platform)
                self.assertEqual(self.reached("doubt"), sent, platform)
                if platform != "dingtalk":
                    self.assertEqual((code, {row["outcome"] for row in rows}), (0, {"delivered"} if rows else set()))
                    continue
                self.assertEqual((code, [row["to"] for row in rows]), (3, ["p030", "p031"]), err)
                self.assertIn("DingTalk knows no idempotency keys", rows[0]["message"])
                code, out, err = self.run_send(*people, "--resume", results, platform=platform)
                self.assertEqual((code, out), (3, ""))
                self.assertIn("perhaps delivered to p030\n", err)
                self.assertIn("perhaps delivered to p031, for the same reason as p030\n", err)

    def test_a_key_that_the_platform_may_have_forgotten_repeats_nothing(self):
        people = ["--to", "p040", "--text", "old"]
        self.control("POST", "faults", {"action": "reply_lost", "path": lost["lark"], "times": 0})
        self.send(*people, "--retries", "0", "--results", self.results)
        self.control("DELETE", "faults")
        with open(self.results, encoding="utf-8") as file:
            text = file.read()
        with open(self.results, "w", encoding="utf-8") as file:
            file.write(re.sub(r'"time":\d+', f'"time":{int(time.time()) - 1900}', text))
        code, rows, _ = self.send(*people, "--resume", self.results)
        self.assertEqual((code, rows[0]["outcome"]), (3, "unknown"))
        self.assertIn("half an hour", rows[0]["message"])
        self.assertEqual(self.reached("old"), {"p040": 1})

    def test_a_failure_does_not_hide_that_an_attempt_before_may_have_arrived(self):
        people = ["--to", "p041", "--text", "hidden"]
        self.control("POST", "faults", {"action": "reply_lost", "path": lost["lark"], "times": 0})
        self.send(*people, "--retries", "0", "--results", self.results)
        self.control("DELETE", "faults")
        for _ in range(2):
            wrong = {"TIDINGS_APP_SECRET": "wrong"}
            code, rows, _ = self.send(*people, "--resume", self.results, environment=wrong)
            self.assertEqual((code, rows[0]["outcome"]), (3, "unknown"))
            self.assertIn("sending it again failed", rows[0]["message"])
        self.assertEqual(self.send(*people, "--resume", self.results)[0], 0)
        self.assertEqual(self.reached("hidden"), {"p041": 1})

    def test_a_line_that_is_half_written_is_no_obstacle(self):
        people = ["--to", "p050", "--to", "p051", "--text", "torn"]
        self.send(*people, "--results", self.results)
        with open(self.results, "rb") as file:
            whole = file.read()
        for length in range(0, len(whole) + 1, 97):
            with open(self.results, "wb") as file:
                file.write(whole[:length])
            if length <= whole.index(b"\n"):
                continue # without the line of the run nothing was sent: the next run would be a new one
            code, _, err = self.send(*people, "--resume", self.results)
            self.assertEqual(code, 0, err)
            self.assertEqual(len([line for line in self.lines() if line.get("outcome") == "delivered"]), 2)
        self.assertEqual(self.reached("torn"), {"p050": 1, "p051": 1})
        for beginning in (b"", whole[:30]):
            with open(self.results, "wb") as file:
                file.write(beginning)
            self.assertEqual(self.send("--to", "p052", "--text", "begun", "--resume", self.results)[0], 0)
            self.assertIn("run", self.lines()[0])
        self.assertEqual(self.reached("begun"), {"p052": 2}, "two runs")
        with open(self.results, "ab") as file:
            file.write(b'{"what":1}\n')
        code, out, err = self.run_send("--to", "p052", "--text", "begun", "--resume", self.results)
        self.assertEqual((code, out), (2, ""))
        self.assertRegex(err, r":\d+ is no line of --results")

    def test_a_run_may_begin_with_resume(self):
        for said in ("a new run, since no message was sent before: 1 remain\n",
                     "resuming: 1 have the message, 0 remain\n"):
            code, _, err = self.send("--to", "p070", "--text", "beginning", "--resume", self.results)
            self.assertEqual((code, err), (0, said))
        self.assertEqual(self.reached("beginning"), {"p070": 1})

    def test_two_runs_do_not_continue_the_same_file(self):
        self.control("POST", "faults", {"action": "stall", "path": "/open-apis/auth", "times": 0})
        with subprocess.Popen(**self.command("--to", "p060", "--text", "lock", "--results", self.results),
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            while not os.path.exists(self.results) or not os.path.getsize(self.results):
                time.sleep(0.01)
            code, out, err = self.run_send("--to", "p060", "--text", "lock", "--resume", self.results)
            process.kill()
        self.assertEqual((code, out), (2, ""))
        self.assertIn("is used by another run", err)

    # ---- Killed runs

    def killed_and_resumed(self, text, platform, kills, longest):
        """Runs to everybody, each killed several times. Yields of each: its text, how often it was killed, and the exit
        code and the rows of its last part; its results are in `self.results`."""
        people = self.file("login_name\n" + "".join(f"{name}\n" for name in names))
        number = 0
        while kills > 0:
            number += 1
            content = f"{text} {number} on {platform}."
            self.results = f"{self.folder.name}/{text}.{number}.{platform}"
            killed = 0
            while True:
                began = os.path.exists(self.results)
                command = self.command("--recipients", people, "--text", content, "--json",
                                       "--resume" if began else "--results", self.results, platform=platform)
                with subprocess.Popen(**command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                      stderr=subprocess.PIPE, text=True) as process:
                    try:
                        out, err = process.communicate(timeout=random.uniform(0, longest) if kills > 0 else 60)
                    except subprocess.TimeoutExpired:
                        process.kill()
                        killed += 1
                        kills -= 1
                        continue
                break
            self.assertIn(process.returncode, (0, 3), err)
            yield content, killed, process.returncode, [json.loads(line) for line in out.splitlines()]

    def test_an_interrupted_run_is_continued(self):
        people = self.file("login_name\n" + "".join(f"{name}\n" for name in names[:200]))
        for platform in lost:
            self.results = f"{self.folder.name}/interrupted.{platform}"
            command = ["--recipients", people, "--text", f"interrupted on {platform}", "--json"]
            with subprocess.Popen(**self.command(*command, "--results", self.results, platform=platform),
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
                while not self.reached(command[3]):
                    time.sleep(0.01)
                process.send_signal(signal.SIGINT)
                out, err = process.communicate(timeout=60)
            rows = [json.loads(line) for line in out.splitlines()]
            self.assertEqual([row["to"] for row in rows], names[:200], "everybody has an outcome")
            doubtful = {row["to"] for row in rows if row["outcome"] == "unknown"}
            code, rows, err = self.send(*command[:-1], "--resume", self.results, platform=platform)
            reached = self.reached(command[3])
            if platform == "dingtalk":
                self.assertEqual(max(reached.values()), 1)
                self.assertEqual(set(names[:200]) - set(reached) - doubtful, set())
                self.assertEqual({row["to"] for row in rows if row["outcome"] == "unknown"}, doubtful)
            else:
                self.assertEqual((code, reached), (0, collections.Counter(names[:200])), err)

    def test_killed_runs_lose_nobody_and_double_nobody_where_the_platform_has_a_key(self):
        seed = random.randrange(1 << 32)
        random.seed(seed)
        for platform, kills, longest in (("lark", 12, 1.5), ("wecom", 6, 1.0)):
            for content, _, code, rows in self.killed_and_resumed("killed", platform, kills, longest):
                self.assertEqual((code, {row["outcome"] for row in rows} - {"delivered"}), (0, set()), f"seed {seed}")
                self.assertEqual(self.reached(content), collections.Counter(names), f"seed {seed}")
                self.assertEqual({line["to"] for line in self.lines() if line.get("outcome") == "delivered"},
                                 set(names))

    def test_killed_runs_name_each_doubtful_person_where_the_platform_has_no_key(self):
        seed = random.randrange(1 << 32)
        random.seed(seed)
        for content, killed, code, rows in self.killed_and_resumed("keyless", "dingtalk", 8, 0.5):
            reached = self.reached(content)
            self.assertLessEqual(max(reached.values()), 1, f"nobody twice; seed {seed}")
            doubtful = {row["to"] for row in rows if row["outcome"] == "unknown"}
            self.assertEqual(set(names) - set(reached) - doubtful, set(), f"nobody lost; seed {seed}")
            self.assertEqual(code, 3 if doubtful else 0)
            self.assertLessEqual(len(doubtful), 40 * killed)
            delivered = {line["to"] for line in self.lines() if line.get("outcome") == "delivered"}
            self.assertEqual(delivered, set(names) - doubtful)


if __name__ == "__main__":
    unittest.main()
