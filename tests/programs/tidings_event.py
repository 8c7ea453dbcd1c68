"""tidings_event.py PROGRAMS: tidings-event as administrators and scripts use it, against tidings-sandbox."""
import datetime
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
import unittest
import zoneinfo

from sandbox_case import SandboxCase

programs = sys.argv.pop(1)
members = ["event", "person", "route", "outcome", "message_id", "error", "code", "message", "remedy"]
secrets = {"lark": "app_secret", "feishu": "app_secret", "dingtalk": "app_secret", "wecom": "secret"}
nodes = {
    "sql_task": "to_be_submitted to_be_approved approved rejected to_be_executed executed execution_failed rolled_back "
                "withdrawn",
    "permission_request": "to_be_submitted to_be_approved approved rejected withdrawn expires_soon expired",
    "data_export": "to_be_submitted to_be_approved approved rejected ready failed file_expires withdrawn"}
ids = {"lark": "app_id", "feishu": "app_id", "dingtalk": "app_key", "wecom": "corp_id"}


class TidingsEvent(SandboxCase):
    programs = programs

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.write("people.jsonl", {"login_name": "ada", "name": "Ada", "email": "ada@example.com",
                                    "phone_number": "+8613800000002", "language": "en"},
                   {"login_name": "ben", "email": "ben@example.com", "phone_number": "+8613800000003"},
                   {"login_name": "zoe", "email": "nobody@example.com", "roles": ["approver"]})
        self.channels(*secrets)
        self.rows({"type": "sql_task", "node": "to_be_approved", "personal_channels": list(secrets)})
        self.event()

    def tearDown(self):
        super().tearDown()
        self.folder.cleanup()

    def path(self, name):
        return f"{self.folder.name}/{name}"

    def write(self, name, *documents):
        with open(self.path(name), "w") as file:
            file.write("".join(json.dumps(document) + "\n" for document in documents))

    def channel(self, name, **other):
        app = self.world[name]
        own = {ids[name]: app[ids[name]], secrets[name]: f"env:{name.upper()}_SECRET", "base_url": app["url"],
               "notification_field": "email"}
        if name == "dingtalk":
            own["robot_code"] = app.get("robot_code") or app["app_key"]
        if name == "wecom":
            own["agent_id"] = app["agent_id"]
        return own | other

    def channels(self, *names, **more):
        self.write("channels.json", {"version": 1, "channels": {name: self.channel(name) for name in names} | more})

    def rows(self, *rows):
        self.write("subscriptions.json", {"version": 1, "rows": list(rows)})

    def event(self, **other):
        self.write("event.json", {"id": "e-1", "type": "sql_task", "node": "to_be_approved", "subject": "Change #42",
                                  "submitter": "ben", "approvers": ["ada"], "fields": {"Database": "orders"},
                                  "link": "https://console.example.com/42"} | other)

    def environment(self, **other):
        own = {f"{name.upper()}_SECRET": self.world[name][secret] for name, secret in secrets.items()}
        return os.environ | own | other

    def command(self, *arguments):
        files = ["--config", self.path("channels.json"), "--subscriptions", self.path("subscriptions.json"), "--people",
                 self.path("people.jsonl"), "--inbox", self.path("inbox.jsonl")]
        event = [] if "--release" in arguments else ["--event", self.path("event.json")]
        return [f"{programs}/tidings-event", *files, *event, *arguments]

    def run_event(self, *arguments, environment=None):
        done = subprocess.run(self.command(*arguments), capture_output=True, text=True, stdin=subprocess.DEVNULL,
                              env=environment or self.environment(), timeout=60)
        for name, secret in secrets.items():
            self.assertNotIn(self.world[name][secret], done.stdout + done.stderr)
        return done.returncode, done.stdout, done.stderr

    def outcomes(self, *arguments, code=0, environment=None):
        returned, out, err = self.run_event("--json", *arguments, environment=environment)
        rows = [json.loads(line) for line in out.splitlines()]
        for row in rows:
            self.assertEqual(list(row), members)
        self.assertEqual(returned, code, out + err)
        return {(row["person"], row["route"]): row for row in rows}

    def statuses(self, *arguments, **options):
        return {key: row["outcome"] for key, row in self.outcomes(*arguments, **options).items()}

    def inbox(self):
        with open(self.path("inbox.jsonl")) as file:
            return [json.loads(line) for line in file]

    def messages(self, platform):
        all_messages = json.loads(self.control("GET", "ledger"))["messages"]
        return [message for message in all_messages if message["provider"] == platform]

    def test_a_person_gets_the_message_in_the_inbox_and_by_every_personal_channel(self):
        before = {name: len(self.messages(name)) for name in secrets}
        rows = self.outcomes()
        self.assertEqual({key: row["outcome"] for key, row in rows.items()},
                         {("ada", route): "delivered" for route in ["inbox"] + [f"personal:{n}" for n in secrets]})
        self.assertTrue(all(row["message_id"] for row in rows.values()), rows)
        entry, = self.inbox()
        self.assertEqual((entry["person"], entry["kind"], entry["link"]),
                         ("ada", "action", "https://console.example.com/42"))
        self.assertIn("Change #42", entry["title"])
        self.assertIn("Database: orders", entry["text"])
        for name in secrets:
            new = self.messages(name)[before[name]:]
            self.assertEqual(len(new), 1, name)
            shown = json.dumps(new[0], ensure_ascii=False)
            self.assertIn("Change #42", shown)
            self.assertIn("orders", shown)
            self.assertIn("console.example.com/42", shown)
        self.assertEqual(stat.S_IMODE(os.stat(self.path("inbox.jsonl.state")).st_mode), 0o600)

        # The same event reaches nobody twice.
        self.assertEqual(set(self.statuses().values()), {"already"})
        self.assertEqual(len(self.inbox()), 1)
        for name in secrets:
            self.assertEqual(len(self.messages(name)), before[name] + 1)

    def test_a_corrected_secret_delivers_what_had_failed_and_nothing_twice(self):
        self.event(id="corrected")
        before = {name: len(self.messages(name)) for name in secrets}
        wrong = self.environment(LARK_SECRET="wrong-secret-0123456789abcdef")
        rows = self.outcomes(code=1, environment=wrong)
        self.assertEqual(rows["ada", "personal:lark"]["outcome"], "failed")
        self.assertEqual(rows["ada", "personal:lark"]["error"], "bad_credentials")
        self.assertEqual(rows["ada", "personal:lark"]["code"], 10014)
        self.assertTrue(rows["ada", "personal:lark"]["remedy"])
        self.assertEqual([key[1] for key, row in rows.items() if row["outcome"] == "delivered"].sort(),
                         ["inbox", "personal:feishu", "personal:dingtalk", "personal:wecom"].sort())
        again = self.statuses()
        self.assertEqual(again.pop(("ada", "personal:lark")), "delivered")
        self.assertEqual(set(again.values()), {"already"})
        for name in secrets:
            self.assertEqual(len(self.messages(name)), before[name] + 1)

    def test_a_secret_that_is_missing_fails_its_channel_alone(self):
        self.event(id="missing")
        environment = self.environment()
        del environment["WECOM_SECRET"]
        rows = self.outcomes(code=1, environment=environment)
        self.assertEqual(rows["ada", "personal:wecom"]["outcome"], "failed")
        self.assertIn("WECOM_SECRET", rows["ada", "personal:wecom"]["message"])
        self.assertEqual(sorted(row["outcome"] for row in rows.values()), ["delivered"] * 4 + ["failed"])

    def test_a_person_who_cannot_be_found_is_reported_with_the_cause(self):
        self.event(id="lost", approvers=[])
        rows = self.outcomes(code=1)
        self.assertEqual(rows["zoe", "inbox"]["outcome"], "delivered")
        for name in secrets:
            row = rows["zoe", f"personal:{name}"]
            self.assertEqual((row["outcome"], row["error"]), ("failed", "recipient_not_found"), row)
            self.assertIn("Failed to obtain user ID", row["message"])
        # Nor can a person who has no such address, or whom nobody knows.
        self.write("people.jsonl", {"login_name": "ada"})
        self.event(id="nameless", approvers=["ada", "nobody"])
        for (_, route), row in self.outcomes(code=1).items():
            if route != "inbox":
                self.assertEqual((row["outcome"], row["error"]), ("failed", "recipient_not_found"), row)
                self.assertIn("Failed to obtain user ID", row["message"])
                self.assertIn("email", row["message"])
                self.assertIn("directory of people", row["remedy"])

    def test_a_chain_of_notification_fields_uses_each_field_of_the_person(self):
        self.channels(lark=self.channel("lark", notification_field=["email", "phone_number"]))
        self.write("people.jsonl", {"login_name": "ada", "email": "nobody@example.com", "phone_number": "+6591234567"})
        self.rows({"type": "sql_task", "node": "to_be_approved", "personal_channels": ["lark"]})
        self.event(id="chain")
        self.assertEqual(self.statuses(), {("ada", "inbox"): "delivered", ("ada", "personal:lark"): "delivered"})

    def test_a_channel_that_is_not_configured_is_reported_and_the_default_route_delivers(self):
        self.channels("lark")
        self.event(id="unconfigured")
        rows = self.outcomes(code=1)
        for name in ("feishu", "dingtalk", "wecom"):
            row = rows["ada", f"personal:{name}"]
            self.assertEqual(row["outcome"], "unconfigured")
            self.assertIn("Unconfigured", row["message"])
            self.assertTrue(row["remedy"])
        self.assertEqual(rows["ada", "inbox"]["outcome"], "delivered")
        self.assertEqual(rows["ada", "personal:lark"]["outcome"], "delivered")

    def test_a_stalled_channel_does_not_delay_the_inbox(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            self.channels("feishu", lark=self.channel("lark", base_url=f"http://127.0.0.1:{silent.getsockname()[1]}"))
            self.rows({"type": "sql_task", "node": "to_be_approved", "personal_channels": ["lark", "feishu"]})
            self.event(id="stalled")
            running = subprocess.Popen(self.command("--json", "--timeout", "600"), stdout=subprocess.PIPE,
                                       stderr=subprocess.PIPE, text=True, env=self.environment())
            first = [json.loads(running.stdout.readline()) for _ in range(2)]
            self.assertEqual({(row["route"], row["outcome"]) for row in first},
                             {("inbox", "delivered"), ("personal:feishu", "delivered")})
            self.assertEqual(len(self.inbox()), 1)
            running.send_signal(signal.SIGTERM)
            out, err = running.communicate(timeout=30)
            self.assertEqual(json.loads(out)["error"], "cancelled")
            self.assertEqual(running.returncode, 1, err)
        self.channels("lark", "feishu")
        again = self.statuses()
        self.assertEqual(again, {("ada", "inbox"): "already", ("ada", "personal:lark"): "delivered",
                                 ("ada", "personal:feishu"): "already"})

    def test_an_event_that_concerns_nobody_is_said(self):
        self.write("people.jsonl", {"login_name": "ada"})
        self.event(id="nobody", approvers=[])
        code, out, err = self.run_event("--json")
        self.assertEqual((code, out), (0, ""))
        self.assertIn("concerns nobody", err)
        code, out, err = self.run_event("--language", "zh")
        self.assertIn("未涉及任何人", err)
        self.assertEqual(self.run_event("--release"), (0, "", ""))

    def test_a_group_gets_one_message(self):
        token = json.loads(self.control("GET", "world"))["hooks"][0]["token"]
        hook = f"{self.world['lark']['url']}/open-apis/bot/v2/hook/{token}"
        self.write("channels.json", {"version": 1, "webhooks": {"ops": {"platform": "lark", "url": "env:OPS"}}})
        self.rows({"type": "sql_task", "node": "executed", "routes": ["webhook:ops"]})
        self.event(id="group", node="executed", executor="ada")
        rows = self.outcomes(environment=self.environment(OPS=hook))
        self.assertEqual({key: row["outcome"] for key, row in rows.items()},
                         {(person, route): "delivered" for person in ("ada", "ben") for route in ("inbox", "webhook:ops")})

    def test_a_killed_run_is_continued_and_nobody_gets_it_twice(self):
        mailboxes = [person["email"] for person in self.world["people"]]
        approvers = [f"p{i}" for i in range(8)]
        self.write("people.jsonl", *({"login_name": name, "email": mailboxes[i % len(mailboxes)]}
                                     for i, name in enumerate(approvers)))
        for round_number in range(8):
            self.event(id=f"killed-{round_number}", approvers=approvers)
            before = {name: len(self.messages(name)) for name in secrets}
            running = subprocess.Popen(self.command("--json"), stdout=subprocess.PIPE, text=True, env=self.environment())
            for _ in range(1 + 5 * round_number):
                running.stdout.readline()
            running.kill()
            running.communicate()
            # DingTalk's robot knows no idempotency key: it is named as unknown, and not sent again.
            done = subprocess.run(self.command("--json"), capture_output=True, text=True, env=self.environment(), timeout=60)
            rows = [json.loads(line) for line in done.stdout.splitlines()]
            doubtful = [row for row in rows if row["outcome"] == "unknown"]
            self.assertEqual(len(rows), 8 * 5, done.stderr)
            self.assertEqual({row["route"] for row in doubtful} - {"personal:dingtalk"}, set())
            self.assertEqual({row["outcome"] for row in rows} - {"delivered", "already", "unknown"}, set())
            self.assertEqual(done.returncode, 3 if doubtful else 0)
            for name in secrets:
                new = len(self.messages(name)) - before[name]
                self.assertLessEqual(new, 8, name)
                self.assertGreaterEqual(new, 8 - (len(doubtful) if name == "dingtalk" else 0), name)
            keys = [entry["key"] for entry in self.inbox()]
            self.assertEqual(len(keys), len(set(keys)))
            self.assertEqual(len(keys), 8 * (round_number + 1))

    def test_quiet_hours_hold_and_release_sends_what_is_due(self):
        person = {"login_name": "ada", "email": "ada@example.com", "quiet_hours": {"from": "00:00", "to": "00:00"}}
        self.write("people.jsonl", person)
        self.rows({"type": "sql_task", "node": "approved", "personal_channels": ["lark"]},
                  {"type": "sql_task", "node": "execution_failed", "personal_channels": ["lark"]})
        self.event(id="quiet", node="approved", submitter="ada")
        rows = self.outcomes()
        self.assertEqual({row["outcome"] for row in rows.values()}, {"held"})
        self.assertIn("held until", rows["ada", "inbox"]["message"])
        self.assertEqual(self.inbox(), [])
        self.assertEqual(self.outcomes("--release"), {})
        self.event(id="loud", node="execution_failed", submitter="ada")
        self.assertEqual(set(self.statuses().values()), {"delivered"})
        del person["quiet_hours"]
        self.write("people.jsonl", person)
        released = self.statuses("--release")
        self.assertEqual(released, {("ada", "inbox"): "delivered", ("ada", "personal:lark"): "delivered"})
        self.assertEqual(self.statuses("--release"), {})
        self.assertEqual(len(self.inbox()), 2)

    def test_quiet_hours_are_those_of_the_persons_time_zone_also_across_midnight(self):
        def offset(name):
            sign = 1 if name[0] == "+" else -1
            return datetime.timezone(sign * datetime.timedelta(hours=int(name[1:3]), minutes=int(name[4:])))

        zones = {name: offset(name) for name in ("+00:00", "+05:45", "+14:00", "-03:30", "-11:00")}
        self.write("people.jsonl", {"login_name": "ada", "time_zone": "Asia/Shanghai"})
        if self.run_event("--release")[0] == 0:  # built with the time zones of the system
            names = ("Asia/Shanghai", "America/St_Johns", "Pacific/Niue")
            zones |= {name: zoneinfo.ZoneInfo(name) for name in names}
        # The time of the day is another one in each zone, so that some of these cross midnight.
        people = {}
        for zone, clock in zones.items():
            for begins, ends, outcome in ((-60, 60, "held"), (-1200, 60, "held"), (60, -60, "delivered"),
                                          (60, 1200, "delivered")):
                now = datetime.datetime.now(clock)
                hours = [(now + datetime.timedelta(minutes=m)).strftime("%H:%M") for m in (begins, ends)]
                people[f"{zone} {hours[0]} to {hours[1]}"] = (zone, hours, outcome)
        self.write("people.jsonl", *(
            {"login_name": name, "time_zone": zone, "quiet_hours": {"from": hours[0], "to": hours[1]}}
            for name, (zone, hours, _) in people.items()))
        self.rows({"type": "sql_task", "node": "approved", "receivers": list(people)})
        self.event(id="zones", node="approved", submitter=list(people)[0])
        self.assertEqual(self.statuses(), {(name, "inbox"): outcome for name, (_, _, outcome) in people.items()})

    def test_each_node_shows_the_subject_the_fields_and_the_link_in_the_language_of_each_person(self):
        self.write("people.jsonl", {"login_name": "ada", "language": "zh-CN"}, {"login_name": "bob", "language": "en"})
        self.write("channels.json", {"version": 1, "channels": {
            name: self.channel(name, notification_field="login_name") for name in secrets}})
        titles = set()
        for kind, names in nodes.items():
            for node in names.split():
                before = {name: len(self.messages(name)) for name in secrets}
                self.rows({"type": kind, "node": node, "receivers": ["ada", "bob"],
                           "personal_channels": list(secrets)})
                self.event(id=f"{kind} {node}", type=kind, node=node, submitter="ada", approvers=["bob"])
                self.assertEqual(set(self.statuses().values()), {"delivered"}, node)
                entries = {entry["person"]: json.dumps(entry, ensure_ascii=False) for entry in self.inbox()[-2:]}
                for name in secrets:
                    for message in self.messages(name)[before[name]:]:
                        entries[f"{message['to']} {name}"] = json.dumps(message["content"], ensure_ascii=False)
                self.assertEqual(len(entries), 2 + 2 * len(secrets), node)
                for whom, text in entries.items():
                    for part in ("Change #42", "Database", "orders", "https://console.example.com/42"):
                        self.assertIn(part, text, (kind, node, whom))
                    (self.assertRegex if whom.startswith("ada") else self.assertNotRegex)(text, "[\u4e00-\u9fff]")
                for entry in self.inbox()[-2:]:
                    self.assertNotIn(entry["title"], titles)
                    titles.add(entry["title"])

    def test_files_that_are_not_usable_are_refused_with_every_problem(self):
        good = {}
        for name in os.listdir(self.folder.name):
            with open(self.path(name)) as file:
                good[name] = file.read()
        for name, content, expected in (
                ("channels.json", '{"version":1,"channels":{"lark":{}}}', ["/channels/lark/app_id", "/channels/lark/app_secret"]),
                ("subscriptions.json", '{"version":1,"rows":[{"type":"sql_task","node":"never","x":1}]}', ["/rows/0/node"]),
                ("subscriptions.json",
                 '{"version":1,"rows":[{"type":"sql_task","node":"approved","default_routes":[]}]}', ["/rows/0/default_routes"]),
                ("subscriptions.json",
                 '{"version":1,"rows":[{"type":"sql_task","node":"approved","default_receivers":[]}]}',
                 ["/rows/0/default_receivers"]),
                ("people.jsonl", '{"login_name":"ada","x":1}\n{"email":"b"}\n', ["line 1: /x", "line 2: /login_name"]),
                ("people.jsonl", '{"login_name":"ada","time_zone":"Mars/Olympus"}\n', ["ada: time_zone"]),
                ("event.json", '{"id":"e","type":"sql_task","node":"approved","link":"ftp://x"}', ["/subject", "/link"])):
            with open(self.path(name), "w") as file:
                file.write(content)
            code, out, err = self.run_event("--json")
            self.assertEqual((code, out), (2, ""), err)
            for each in expected:
                self.assertIn(each, err)
            with open(self.path(name), "w") as file:
                file.write(good[name])
        self.assertFalse(os.path.exists(self.path("inbox.jsonl")))
        for arguments in (["--timeout", "0"], ["--people", "/nowhere"], ["--inbox", "/nowhere/inbox"], ["--state", "/dev/null"]):
            code, out, err = self.run_event(*arguments)
            self.assertEqual((code, out), (2, ""), err)
            self.assertIn(arguments[0] if arguments[0] != "--people" else "people", err)

    def test_a_file_that_is_written_is_no_other_file_of_the_command_line(self):
        os.link(self.path("people.jsonl"), self.path("hard-link"))
        os.symlink("people.jsonl", self.path("link"))
        before = {}
        for name in ("event.json", "people.jsonl", "subscriptions.json", "channels.json"):
            with open(self.path(name)) as file:
                before[name] = file.read()
        for inbox, arguments, other in (
                ("inbox.jsonl", ["--state", self.path("inbox.jsonl")], "--inbox"),
                ("link", [], "--people"),
                ("inbox.jsonl", ["--state", self.path("event.json")], "--event"),
                ("people.jsonl", [], "--people"), ("hard-link", [], "--people"), ("event.json", [], "--event"),
                ("subscriptions.json", [], "--subscriptions"), ("channels.json", [], "--config")):
            command = [self.path(inbox) if each == self.path("inbox.jsonl") else each for each in self.command()]
            done = subprocess.run(command + arguments, capture_output=True, text=True, env=self.environment(), timeout=60)
            self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
            self.assertIn(f"is the file of {other}", done.stderr)
            self.assertFalse(os.path.exists(self.path("inbox.jsonl")))
        for name, content in before.items():
            with open(self.path(name)) as file:
                self.assertEqual(file.read(), content)

    def test_an_entry_that_an_interrupted_run_has_added_is_found_wherever_it_is_in_the_inbox(self):
        self.channels()
        self.rows()
        self.event(id="found")
        self.assertEqual(set(self.statuses().values()), {"delivered"})
        with open(self.path("inbox.jsonl")) as file:
            entry = file.read()
        with open(self.path("inbox.jsonl.state")) as file:
            begun = "".join(line for line in file if "delivered" not in line or "deliveries" in line)
        block = 1 << 20
        for before in (0, block - len(entry), block - 3, block + 10):
            with open(self.path("inbox.jsonl"), "w") as file:
                file.write("x" * before + "\n" + entry)
            with open(self.path("inbox.jsonl.state"), "w") as file:
                file.write(begun)
            self.assertEqual(set(self.statuses().values()), {"delivered"})
            with open(self.path("inbox.jsonl")) as file:
                self.assertEqual(file.read().count('"found"'), 1)

    def test_an_outcome_is_shown_to_a_person_with_what_to_do(self):
        self.channels("lark")
        self.event(id="shown")
        code, out, err = self.run_event(environment=self.environment(LARK_SECRET="wrong-secret-0123456789abcdef"))
        self.assertEqual(code, 1)
        self.assertRegex(out, r"^delivered to ada by inbox: message \w+\n$")
        self.assertRegex(err, r"not delivered to ada by personal:lark\n  what happened  .*10014.*\n  what to do     .+\n")
        self.assertRegex(err, r"not delivered to ada by personal:wecom\n  what happened  .*Unconfigured.*\n")
        code, out, err = self.run_event("--language", "zh", environment=self.environment(LARK_SECRET="wrong-0123456789abcdef"))
        self.assertRegex(err, "what to do     .*[\u4e00-\u9fff]")

    def test_each_example_can_be_used_as_it_is(self):
        for kind, name in (("channels", "channels.json"), ("subscriptions", "subscriptions.json"), ("people", "people.jsonl"),
                           ("event", "event.json")):
            done = subprocess.run([f"{programs}/tidings-event", "--example", kind], capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            with open(self.path(name), "w") as file:
                file.write(done.stdout)
        code, out, err = self.run_event("--json", "--timeout", "0.1")  # no secret is set: only the inbox can deliver
        self.assertEqual(code, 1, err)
        delivered = [row["route"] for row in map(json.loads, out.splitlines()) if row["outcome"] == "delivered"]
        self.assertEqual(delivered, ["inbox"])
        done = subprocess.run([f"{programs}/tidings-event", "--example", "nothing"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 2)
        self.assertIn("channels, subscriptions, people, event", done.stderr)


unittest.main()
