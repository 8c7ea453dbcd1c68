"""tidings_doctor.py PROGRAMS: tidings-doctor as administrators use it, against tidings-sandbox."""
import json
import os
import subprocess
import sys
import tempfile
import unittest

from sandbox_case import SandboxCase

programs = sys.argv.pop(1)
required = ["reachable", "tls", "credentials", "application", "bot", "scopes", "range", "trusted_ip", "recipient", "limits"]


class TidingsDoctor(SandboxCase):
    programs = programs

    def run_doctor(self, *arguments, platform="lark", provider=None, secret=None, url=None, environment=None):
        app = self.world[platform]
        own_secret = app.get("app_secret") or app["secret"]
        variables = {"TIDINGS_APP_ID": app.get("app_id") or app.get("app_key") or app["corp_id"],
                     "TIDINGS_APP_SECRET": secret or own_secret}
        if "agent_id" in app:
            variables["TIDINGS_AGENT_ID"] = str(app["agent_id"])
        base = {name: value for name, value in os.environ.items() if not name.startswith("TIDINGS_")}
        channel = [] if "--config" in arguments else ["--provider", provider or platform, "--base-url", url or app["url"]]
        done = subprocess.run([f"{programs}/tidings-doctor", *channel, *arguments], capture_output=True, text=True,
                              env=base | (variables if environment is None else environment),
                              stdin=subprocess.DEVNULL)
        for hidden in {own_secret, secret} - {None}:
            self.assertNotIn(hidden, done.stdout + done.stderr)
        return done.returncode, done.stdout, done.stderr

    def checks(self, *arguments, **options):
        code, out, err = self.run_doctor(*arguments, "--json", **options)
        rows = [json.loads(line) for line in out.splitlines()]
        self.assertEqual(err, "")
        self.assertEqual([row["check"] for row in rows if row["check"] in required and row["check"] != "recipient"],
                         [check for check in required if check != "recipient"])
        for row in rows:
            self.assertIn(row["status"], ("pass", "fail", "unknown"))
            self.assertIsInstance(row["remedy"], str)
            self.assertNotRegex(row["remedy"], r"\{\w+\}")  # a place that was not filled in
            if row["status"] == "fail":
                self.assertTrue(row["remedy"], row)
        self.assertEqual(code, 1 if any(row["status"] == "fail" for row in rows) else 0)
        return rows

    def failed(self, rows):
        return [row["check"] for row in rows if row["status"] == "fail"]

    def test_nothing_fails_on_any_platform_and_nothing_is_sent(self):
        for platform, provider, match, to in (("lark", None, "email", "ada@example.com"),
                                              ("feishu", None, "login-name", "ada"),
                                              ("dingtalk", None, "login-name", "ada"),
                                              ("dingtalk", "dingtalk_work", "phone-number", "+8613800000002"),
                                              ("wecom", None, "email", "ada@example.com")):
            rows = self.checks("--match", match, "--to", to, platform=platform, provider=provider)
            self.assertNotIn("credentials", self.failed(rows))
            by_check = {row["check"]: row for row in rows}
            self.assertEqual(by_check["credentials"]["status"], "pass")
            self.assertEqual(by_check["tls"]["status"], "unknown")
            self.assertEqual(by_check["recipient"]["to"], to)
        self.assertEqual(json.loads(self.control("GET", "ledger")).get("messages", []), [])

    def test_a_wrong_secret_fails_the_credentials(self):
        rows = self.checks("--match", "email", "--to", "ada@example.com", secret="not-the-secret")
        self.assertEqual(self.failed(rows), ["credentials"])
        row = next(row for row in rows if row["check"] == "credentials")
        self.assertEqual(row["error"], "bad_credentials")

    def test_a_person_who_does_not_exist_fails_the_recipient(self):
        rows = self.checks("--match", "email", "--to", "ada@example.com", "--to", "nobody@example.com")
        self.assertEqual(self.failed(rows), ["recipient"])
        self.assertEqual([row["status"] for row in rows if row["check"] == "recipient"], ["pass", "fail"])

    def test_an_address_that_is_given_twice_is_looked_up_once(self):
        rows = self.checks("--match", "phone-number", "--to", "+65 9999 9999", "--to", "+6599999999")
        self.assertEqual([row["to"] for row in rows if row["check"] == "recipient"], ["+65 9999 9999"])

    def test_a_token_of_an_earlier_run_is_not_used(self):
        with tempfile.TemporaryDirectory() as folder:
            arguments = ["--match", "email", "--token-cache", f"{folder}/tokens"]
            self.assertEqual(self.failed(self.checks(*arguments)), [])
            self.control("POST", "faults", {"kind": "answer", "path": "/open-apis/auth/", "status": 200, "times": 0,
                                             "body": json.dumps({"code": 10014, "msg": "app secret invalid"})})
            self.assertEqual(self.failed(self.checks(*arguments)), ["credentials"])

    def test_a_report_that_cannot_be_written_is_said(self):
        app = self.world["lark"]
        with open("/dev/full", "w") as full:
            done = subprocess.run([f"{programs}/tidings-doctor", "--provider", "lark", "--match", "email", "--base-url",
                                   app["url"]], stdout=full, stderr=subprocess.PIPE, text=True, env=os.environ | {
                                       "TIDINGS_APP_ID": app["app_id"], "TIDINGS_APP_SECRET": app["app_secret"]})
        self.assertEqual((done.returncode, done.stderr), (1, "tidings-doctor: the report cannot be written\n"))

    def test_a_refused_connection_and_a_timeout_fail_reachable(self):
        self.assertEqual(self.failed(self.checks("--match", "email", url="http://127.0.0.1:9")), ["reachable"])
        self.control("POST", "faults", {"kind": "stall", "times": 0})
        self.assertEqual(self.failed(self.checks("--match", "email", "--timeout", "0.3", "--retries", "0")),
                         ["reachable"])

    def test_each_refusal_of_a_platform_fails_the_check_that_it_is_about(self):
        for platform, path, code, checks in (
            ("lark", "/open-apis/auth", "99991662", ["application"]), ("lark", "/open-apis/auth", "10014", ["credentials"]),
            ("lark", "/open-apis/bot", "11210", ["application"]), ("lark", "/open-apis/bot", "11205", ["bot"]),
            ("lark", "/open-apis/bot", "99991403", ["limits"]), ("lark", "/open-apis/contact", "99991403", ["limits"]),
            ("lark", "/open-apis/contact/v3/users", "41050", ["range", "recipient"]),
            ("feishu", "/open-apis", "99991401", ["trusted_ip"]), ("dingtalk", "/topapi", "50003", ["application"]),
            ("dingtalk", "/topapi", "50002", ["range", "recipient"]), ("dingtalk", "/topapi", "60020", ["trusted_ip"]),
            ("dingtalk", "/auth/scopes", "90020", ["limits"]), ("wecom", "/cgi-bin/user", "45009", ["limits"]),
            ("wecom", "/cgi-bin/user", "48002", ["scopes"]), ("wecom", "/cgi-bin/user", "60011", ["range", "recipient"]),
            ("wecom", "/cgi-bin/user", "60020", ["trusted_ip"]), ("wecom", "/cgi-bin/gettoken", "40001", ["credentials"]),
            ("wecom", "/cgi-bin/gettoken", "45009", ["limits"]), ("wecom", "/cgi-bin", "50003", ["application"]),
        ):
            self.control("POST", "faults",
                         {"kind": "refuse", "platform": platform, "path": path, "code": code, "times": 0})
            rows = self.checks("--match", "phone-number", "--to", self.world["people"][1]["phone_number"], "--retries", "0",
                               platform=platform)
            self.assertEqual(self.failed(rows), checks, (platform, path, code))
            self.assertIn(str(code), [str(row["code"]) for row in rows if row["status"] == "fail"])
            self.control("DELETE", "faults")

    def test_text_for_people_says_what_to_do(self):
        code, out, err = self.run_doctor("--match", "email", "--to", "nobody@example.com")
        self.assertEqual(code, 1)
        self.assertRegex(out, r"(?m)^fail +recipient +nobody@example.com \(email\): ")
        self.assertIn("what to do: ", out)
        code, out, err = self.run_doctor("--match", "email", "--to", "nobody@example.com", "--language", "zh")
        self.assertIn("可能的原因", out)

    def test_in_chinese_every_title_status_and_text_is_chinese(self):
        titles = {"reachable": "网络连接", "tls": "TLS 证书", "credentials": "应用凭证", "brand": "平台", "application": "应用状态",
                  "bot": "机器人", "scopes": "权限", "range": "通讯录范围", "availability": "可用范围", "trusted_ip": "可信 IP",
                  "recipient": "收件人", "limits": "限额"}
        statuses = {"pass": "通过", "fail": "失败", "unknown": "未知"}
        for platform, provider, secret, to in (("lark", None, None, "nobody@example.com"),
                                               ("feishu", None, None, "ada@example.com"),
                                               ("dingtalk", None, None, None), ("dingtalk", "dingtalk_work", None, None),
                                               ("wecom", None, None, "nobody@example.com"), ("wecom", None, None, None),
                                               ("lark", None, "not-the-secret", "ada@example.com")):
            match = "phone-number" if platform == "dingtalk" else "email"
            arguments = ["--match", match, "--language", "zh"] + (["--to", to] if to else [])
            given = {"platform": platform, "provider": provider, "secret": secret}
            rows = self.checks(*arguments, **given)
            for row in rows:
                if row["message"]:
                    self.assertRegex(row["message"], r"[\u4e00-\u9fff]", row)
                if row["message"] and row["status"] != "fail":
                    # Names stay as they are; sentences do not.
                    self.assertNotRegex(row["message"], r"[a-z]+ [a-z]+ [a-z]+", row)
            code, out, err = self.run_doctor(*arguments, **given)
            self.assertNotIn("what to do", out)
            # The remedy of a check is on a line of its own.
            lines = [line for line in out.splitlines() if not line.startswith(" ")]
            self.assertEqual(len(lines), len(rows))
            for line, row in zip(lines, rows):
                self.assertRegex(line, f"^{statuses[row['status']]} +{titles[row['check']]} ")
            for line in set(out.splitlines()) - set(lines):
                self.assertRegex(line, "^ {9}处理办法：")
        # The names of checks and statuses in JSON are the same in each language.
        self.assertEqual([row["check"] for row in rows], [row["check"] for row in self.checks(
            "--match", "email", "--to", "ada@example.com", secret="not-the-secret")])

    def test_a_channel_of_a_file_of_settings_is_checked(self):
        app = self.world["lark"]
        settings = {"version": 1, "channels": {"lark": {"app_id": app["app_id"], "app_secret": "env:LARK_SECRET",
                                                        "notification_field": ["login_name", "email"],
                                                        "base_url": app["url"]}}}
        with tempfile.TemporaryDirectory() as folder:
            path = f"{folder}/channels.json"
            with open(path, "w") as out:
                json.dump(settings, out)
            given = {"environment": {"LARK_SECRET": app["app_secret"]}}
            rows = self.checks("--config", path, "--channel", "lark", "--to", "ada", "--to", "ada@example.com", **given)
            self.assertEqual(self.failed(rows), [])
            for arguments, told in ((["--channel", "wecom"], "not configured"), (["--channel", "slack"], "must be"),
                                    ([], "which channel"), (["--channel", "lark", "--base-url", "http://x"], "excludes")):
                code, out, err = self.run_doctor("--config", path, *arguments, **given)
                self.assertEqual((code, out), (2, ""), err)
                self.assertIn(told, err)
            code, out, err = self.run_doctor("--config", path, "--channel", "lark", environment={})
            self.assertEqual(code, 2)
            self.assertIn("LARK_SECRET", err)
            settings["channels"]["lark"]["app_secrets"] = "x"
            settings["channels"]["lark"].pop("app_id")
            with open(path, "w") as out:
                json.dump(settings, out)
            code, out, err = self.run_doctor("--config", path, "--channel", "lark", **given)
            self.assertEqual(code, 2)
            self.assertIn("/channels/lark/app_secrets: ", err)
            self.assertIn("/channels/lark/app_id: ", err)

    def test_wrong_command_lines_are_usage_errors(self):
        for arguments in (["--match", "fax"], ["--match", "email", "--nonsense"], [], ["--channel", "lark"]):
            code, out, err = self.run_doctor(*arguments)
            self.assertEqual((code, out), (2, ""), arguments)
            self.assertTrue(err)


if __name__ == "__main__":
    unittest.main()
