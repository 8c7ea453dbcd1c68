"""self_description.py PROGRAMS: the shell completions and manual pages that the programs write of themselves."""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

folder = sys.argv.pop(1)
programs = [f"tidings-{name}" for name in ("send", "doctor", "channels", "event", "sandbox", "callback")]
commands = {"tidings-channels": ["list", "configure", "test", "remove"]}


def output(program, *arguments):
    done = subprocess.run([f"{folder}/{program}", *arguments], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, ""), (program, arguments, done)
    return done.stdout


def options(program, *command):
    """What --help lists in the columns of names."""
    names = re.findall(r"^  ((?:-\w,)?(?:-\w|--[a-z-]+)(?:,--[a-z-]+)*)", output(program, *command, "--help"), re.M)
    return {name for row in names for name in row.split(",")}


class SelfDescription(unittest.TestCase):
    def complete(self, program, *words):
        """What bash offers for the last word."""
        with tempfile.NamedTemporaryFile("w", suffix=".bash") as file:
            file.write(output(program, "--completion", "bash"))
            file.flush()
            self.assertEqual(subprocess.run(["bash", "-n", file.name], capture_output=True).stderr, b"")
            function = "_" + program.replace("-", "_")
            script = (f'source {file.name}; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); {function}; '
                      'printf "%s\\n" "${COMPREPLY[@]}"')
            done = subprocess.run(["bash", "-uc", script, "bash", program, *words], capture_output=True, text=True)
            self.assertEqual(done.stderr, "")
            return set(done.stdout.split())

    def test_bash_offers_every_option(self):
        for program in programs:
            self.assertGreater(len(options(program)), 3, program)
            self.assertEqual(self.complete(program, "-"), options(program))
            self.assertEqual(self.complete(program, ""), options(program) | set(commands.get(program, [])))
            for command in commands.get(program, []):
                known = options(program, command)
                self.assertEqual(self.complete(program, command, "--t"),
                                 {name for name in known | options(program) if name.startswith("--t")})
        self.assertEqual(self.complete("tidings-send", "--re"),
                         {"--resolve", "--resume", "--recipients", "--results", "--retries"})
        self.assertEqual(self.complete("tidings-send", "--recipients", ""), set(), "file names, by default")

    def test_zsh_has_every_option(self):
        for program in programs:
            text = output(program, "--completion", "zsh")
            self.assertTrue(text.startswith(f"#compdef {program}\n"))
            self.assertEqual({name for name in re.findall(r"^ +'\*(--?[\w-]+)", text, re.M)},
                             options(program).union(*(options(program, c) for c in commands.get(program, []))))
            if shutil.which("zsh"):
                done = subprocess.run(["zsh", "-n"], input=text, capture_output=True, text=True)
                self.assertEqual((done.returncode, done.stderr), (0, ""), program)

    def test_the_manual_page_has_every_option_and_no_warnings(self):
        for program in programs:
            page = output(program, "--man")
            self.assertTrue(page.startswith(f".TH {program.upper()} 1 ".replace("-", "\\-")), page[:80])
            written = {name.replace("\\-", "-") for name in re.findall(r"\\fB((?:\\-)+[\w\\-]+?)\\fR", page)}
            self.assertEqual(written, options(program).union(*(options(program, c) for c in commands.get(program, []))))
            if shutil.which("groff"):
                done = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-K", "utf8"], input=page, capture_output=True,
                                      text=True, env=os.environ | {"LC_ALL": "C.UTF-8"})
                self.assertEqual((done.returncode, done.stderr), (0, ""), program)
                self.assertIn("OPTIONS", re.sub(".\b", "", done.stdout)) # bold letters are struck twice
            if shutil.which("mandoc"):
                done = subprocess.run(["mandoc", "-Tlint", "-Werror"], input=page, capture_output=True, text=True)
                self.assertEqual(done.returncode, 0, done.stdout)

    def test_another_shell_is_a_usage_error(self):
        for program in programs:
            done = subprocess.run([f"{folder}/{program}", "--completion", "fish"], capture_output=True, text=True)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn("--completion", done.stderr)
            self.assertNotIn("--completion", output(program, "--help"))


if __name__ == "__main__":
    unittest.main()
