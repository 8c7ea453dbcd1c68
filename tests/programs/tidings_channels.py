"""tidings_channels.py PROGRAMS: tidings-channels as administrators use it, on a terminal and with a pipe."""
import json
import os
import pty
import re
import select
import stat
import subprocess
import sys
import tempfile
import time
import unittest

from sandbox_case import SandboxCase

programs = sys.argv.pop(1)


class Terminal:
    """A program on a pseudo-terminal: what it writes, and what a person types."""

    def __init__(self, command, environment):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execvpe(command[0], command, environment)
        self.text = ""

    def expect(self, pattern, seconds=30):
        end = time.monotonic() + seconds
        while not re.search(pattern, self.text):
            if not select.select([self.fd], [], [], max(0, end - time.monotonic()))[0]:
                raise AssertionError(f"no {pattern!r} in {self.text!r}")
            try:
                data = os.read(self.fd, 4096)
            except OSError:  # the program has ended
                data = b""
            if not data:
                raise AssertionError(f"ended without {pattern!r}: {self.text!r}")
            self.text += data.decode()

    def answer(self, question, text):
        self.expect(question)
        shown, self.text = self.text, ""
        os.write(self.fd, text.encode() + b"\n")
        return shown

    def finish(self):
        while True:
            try:
                data = os.read(self.fd, 4096)
            except OSError:
                break
            if not data:
                break
            self.text += data.decode()
        os.close(self.fd)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


class TidingsChannels(SandboxCase):
    programs = programs

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = f"{self.folder.name}/channels.json"

    def tearDown(self):
        super().tearDown()
        self.folder.cleanup()

    def run_channels(self, *arguments, stdin="", environment=None):
        done = subprocess.run([f"{programs}/tidings-channels", "--config", self.path, *arguments], input=stdin, text=True,
                              capture_output=True, env=os.environ | (environment or {}))
        for platform in ("lark", "feishu", "dingtalk", "wecom"):
            app = self.world[platform]
            self.assertNotIn(app.get("app_secret") or app["secret"], done.stdout + done.stderr)
        return done.returncode, done.stdout, done.stderr

    def flags(self, platform):
        """Flags for every field but the secret."""
        app = self.world[platform]
        own = {"lark": ["--app-id", app.get("app_id")], "feishu": ["--app-id", app.get("app_id")],
               "dingtalk": ["--app-key", app.get("app_key"), "--robot-code", app.get("robot_code") or app.get("app_key")],
               "wecom": ["--corp-id", app.get("corp_id"), "--agent-id", str(app.get("agent_id"))]}[platform]
        return [*own, "--notification-field", "email", "--base-url", app["url"]]

    def saved(self):
        with open(self.path) as file:
            return json.load(file)

    def test_a_new_organisation_has_four_channels_that_are_not_configured(self):
        code, out, err = self.run_channels("list")
        self.assertEqual((code, out, err), (0, "Feishu: Unconfigured\nFeishu Lark: Unconfigured\nDingTalk: Unconfigured\n"
                                               "WeCom: Unconfigured\n", ""))
        self.assertFalse(os.path.exists(self.path))

    def test_each_channel_is_configured_on_a_terminal_and_its_secret_is_not_shown(self):
        app = self.world["lark"]
        terminal = Terminal([f"{programs}/tidings-channels", "--config", self.path, "configure", "lark"], os.environ)
        terminal.answer("App ID: ", "two words")
        shown = terminal.answer("App ID: ", app["app_id"])
        self.assertIn("app_id: ", shown)
        terminal.answer("App Secret: ", app["app_secret"])
        shown = terminal.answer("Notification field: ", "email")
        self.assertNotIn(app["app_secret"], shown)
        terminal.answer(r"Language \(optional\): ", "")
        terminal.answer(r"Base URL \(optional\): ", app["url"])
        terminal.answer(r"Proxy \(optional\): ", "")
        terminal.answer(r"CA file \(optional\): ", "")
        terminal.answer(r"Receiver of the test message \(email\): ", "ada@example.com")
        code = terminal.finish()
        self.assertEqual(code, 0, terminal.text)
        self.assertIn("Success", terminal.text)
        self.assertIn("Feishu Lark: Configured: " + app["app_id"], terminal.text)
        self.assertNotIn(app["app_secret"], terminal.text)
        self.assertEqual(stat.S_IMODE(os.stat(self.path).st_mode), 0o600)
        self.assertEqual(self.saved()["channels"]["lark"]["app_secret"], app["app_secret"])

        # A second time the secret stays unless another one is typed, and "-" removes what is optional.
        terminal = Terminal([f"{programs}/tidings-channels", "--config", self.path, "configure", "lark"], os.environ)
        terminal.answer(r"App ID \[" + app["app_id"] + r"\]: ", "")
        terminal.answer(r"App Secret \[unchanged\]: ", "")
        terminal.answer(r"Notification field \[email\]: ", "login_name,email")
        terminal.answer(r"Language", "zh")
        terminal.answer(r"Base URL \[", "")
        terminal.answer("Proxy", "")
        terminal.answer("CA file", "-")
        terminal.answer(r"\(login_name, email\): ", "ada")
        self.assertEqual(terminal.finish(), 0, terminal.text)
        self.assertEqual(self.saved()["channels"]["lark"],
                         {"app_id": app["app_id"], "app_secret": app["app_secret"], "language": "zh",
                          "notification_field": ["login_name", "email"], "base_url": app["url"]})

    def test_ctrl_c_at_the_secret_leaves_the_terminal_with_its_echo_and_saves_nothing(self):
        terminal = Terminal([f"{programs}/tidings-channels", "--config", self.path, "configure", "lark"], os.environ)
        terminal.answer("App ID: ", "cli_1")
        terminal.expect("App Secret: ")
        os.write(terminal.fd, b"\x03")
        self.assertEqual(terminal.finish(), 2, terminal.text)
        self.assertFalse(os.path.exists(self.path))

    def test_every_channel_is_configured_from_flags_and_a_pipe(self):
        for platform in ("feishu", "lark", "dingtalk", "wecom"):
            app = self.world[platform]
            secret = "secret" if platform == "wecom" else "app-secret"
            variable = f"{platform.upper()}_SECRET"
            # What the flags leave open is asked for: empty lines keep it as it is.
            code, out, err = self.run_channels("configure", platform, *self.flags(platform), f"--{secret}",
                                               f"env:{variable}", "--to", "ada@example.com", stdin="\n" * 8,
                                               environment={variable: app.get("app_secret") or app["secret"]})
            self.assertEqual(code, 0, err)
        code, out, err = self.run_channels("list")
        self.assertEqual(out, "".join(
            f"{title}: Configured: {self.world[name].get(field)}\n"
            for title, name, field in (("Feishu", "feishu", "app_id"), ("Feishu Lark", "lark", "app_id"),
                                       ("DingTalk", "dingtalk", "app_key"), ("WeCom", "wecom", "corp_id"))))
        with open(self.path) as file:
            self.assertIn("env:LARK_SECRET", file.read())
        given = {"LARK_SECRET": self.world["lark"]["app_secret"]}
        self.assertEqual(self.run_channels("test", "lark", "--to", "ada@example.com", environment=given)[:2],
                         (0, "Success\n"))
        code, out, err = self.run_channels("test", "lark", "--to", "nobody@example.com", environment=given)
        self.assertEqual((code, out), (1, ""))
        self.assertIn("Failed to obtain user ID", err)
        code, out, err = self.run_channels("remove", "lark")
        self.assertEqual((code, out), (0, "Feishu Lark: Unconfigured\n"))
        self.assertEqual(self.run_channels("remove", "lark")[0], 2)
        self.assertEqual(self.run_channels("test", "lark", "--to", "ada")[0], 2)
        self.assertEqual(sorted(self.saved()["channels"]), ["dingtalk", "feishu", "wecom"])

    def test_a_relative_path_of_a_secret_begins_where_the_settings_are_also_before_they_are_saved(self):
        with open(f"{self.folder.name}/secret", "w", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write(self.world["lark"]["app_secret"])
        for arguments in (["configure", "lark", *self.flags("lark"), "--app-secret", "file:secret"], ["test", "lark"]):
            code, out, err = self.run_channels(*arguments, "--to", "ada@example.com", stdin="\n" * 8)
            self.assertEqual(code, 0, err)
        self.assertEqual(self.saved()["channels"]["lark"]["app_secret"], "file:secret")

    def test_nothing_is_saved_when_the_test_message_fails(self):
        code, out, err = self.run_channels("configure", "lark", *self.flags("lark"), "--to", "ada@example.com",
                                           stdin="not-the-secret\n" + "\n" * 8)
        self.assertEqual((code, out), (1, ""))
        self.assertIn("Copy App ID", err)
        self.assertIn("The settings were not saved.", err)
        self.assertNotIn("not-the-secret", err)
        self.assertFalse(os.path.exists(self.path))

    def test_answers_and_flags_that_are_not_valid_are_usage_errors(self):
        for arguments, stdin, told in (
            (["configure", "slack"], "", "must be feishu"),
            (["configure", "lark", "--app-secret", "plain-secret"], "cli_1\n", "must be env:NAME or file:PATH"),
            (["configure", "lark", "--corp-id", "x"], "", "no setting of this channel"),
            (["configure", "lark", "--notification-field", "fax"], "cli_1\nsecret\n", "must be one of login_name"),
            (["configure", "lark"], "two words\n", "app_id: "),
            (["configure", "lark"], "cli_1\n", "ended before"),
            (["test", "lark"], "", "--to"), (["nonsense"], "", ""), ([], "", ""),
        ):
            code, out, err = self.run_channels(*arguments, stdin=stdin)
            self.assertEqual((code, out), (2, ""), (arguments, err))
            self.assertIn(told, err)
            self.assertNotIn("plain-secret", err)
            self.assertFalse(os.path.exists(self.path))

    def test_a_file_that_is_not_valid_is_neither_used_nor_changed(self):
        with open(self.path, "w") as file:
            file.write('{"version":1,"channels":{"lark":{"app_id":7}}}')
        for arguments in (["list"], ["remove", "lark"], ["configure", "lark"]):
            code, out, err = self.run_channels(*arguments)
            self.assertEqual((code, out), (2, ""), err)
            self.assertIn("/channels/lark/app_id: ", err)
        with open(self.path) as file:
            self.assertIn('"app_id":7', file.read())


if __name__ == "__main__":
    unittest.main()
