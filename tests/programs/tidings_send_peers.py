"""tidings_send_peers.py PROGRAMS: tidings-send beside hostile peers, full disks, closed pipes, odd files and signals.

PROGRAMS is the folder of tidings-send.
"""
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unicodedata
import unittest

from scripted_peer import Peer, http, lark, wecom

programs = sys.argv.pop(1)
accepted = '{"errcode":0,"errmsg":"ok","msgid":"m1"}'


def start(url, *arguments, provider="wecom", to=("ada",), match="login-name", environment=None, **options):
    people = [word for one in to for word in ("--to", one)]
    variables = {"TIDINGS_APP_ID": "app0123456789", "TIDINGS_APP_SECRET": "SECRETSECRETSECRETSECRET1234"}
    if provider == "wecom":
        variables["TIDINGS_AGENT_ID"] = "1000002"
    options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
    command = [f"{programs}/tidings-send", "--provider", provider, "--match", match, "--base-url", url, *people]
    return subprocess.Popen([*command, *arguments], env=variables | (environment or {}), **options)


def run(url, *arguments, **options):
    process = start(url, *arguments, **options)
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


def is_printable(text):
    """Whether a terminal shows it as it is: UTF-8, lines, no controls, no marks of direction, nothing without width."""
    text = text.decode() if isinstance(text, bytes) else text
    return all(c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Zl", "Zp") for c in text)


class HostileText(unittest.TestCase):
    def check(self, answer, *arguments, code, provider="wecom", **options):
        peer = Peer(answer)
        for json_too in ([], ["--json"]):
            done, out, err = run(peer.url, "--text", "hello", *arguments, *json_too, provider=provider, **options)
            self.assertEqual(done, code, err)
            self.assertTrue(is_printable(out), out)
            self.assertTrue(is_printable(err), err)
            if json_too and code != 2:
                for line in out.splitlines():
                    json.loads(line.decode())
        peer.close()
        return err

    def test_the_id_of_a_message(self):
        hostile = '\\u001b]0;PWNED\\u0007\\u001b[2J\\r\\u009b1m\\u202edelivered to bob\\u2028'
        self.check(wecom('{"errcode":0,"errmsg":"ok","msgid":"%s"}' % hostile), code=0)
        self.check(lark('{"code":0,"data":{"message_id":"%s"}}' % hostile), code=0, provider="lark")
        self.check(wecom(lambda *_: http(b'{"errcode":0,"errmsg":"ok","msgid":"m\x9b2J\xff"}')), code=0)

    def test_the_id_of_a_person(self):
        peer = Peer(wecom(accepted, person="a\\u001b[2J\\u009b\\u200f"))
        for arguments in (["--resolve"], ["--resolve", "--json"], ["--text", "x", "--json"]):
            _, out, err = run(peer.url, *arguments, match="phone-number", to=("+6591234567",))
            self.assertTrue(is_printable(out) and is_printable(err), (out, err))
        peer.close()

    def test_the_platforms_words(self):
        self.check(wecom(lambda *_: http(b'{"errcode":81013,"errmsg":"x\x9b2J\x9d0;t\x9c y\x84"}')), code=1)
        self.check(wecom('{"errcode":81013,"errmsg":"a\\u200fb\\u200ec\\u061cd\\ufeffe\\u200bf\\u001b[2J"}'), code=1)

    def test_a_log_id_out_of_a_header(self):
        body = '{"code":230002,"msg":"x"}'
        hostile = f"HTTP/1.1 400 X\r\nX-Tt-Logid: \x9b31mlog\r\nContent-Length: {len(body)}\r\n\r\n{body}"
        self.check(lark(lambda *_: hostile.encode("latin-1")), code=1, provider="lark")

    def test_a_proxys_reason(self):
        proxy = Peer(lambda *_: b"HTTP/1.1 403 \x9b31mno\x9d0;t\x9c\r\n\r\n")
        code, out, err = run("http://127.0.0.1:1", "--text", "x", "--proxy", proxy.url, "--retries", "0")
        self.assertEqual((code, out), (1, b""))
        self.assertTrue(is_printable(err), err)
        proxy.close()

    def test_what_was_typed(self):
        for to in (b"\xff\xfe", b"\x1b[31mada", b"a\x9bda", "a\u202eda".encode(), b"a\nda"):
            err = self.check(wecom(accepted), code=2, to=(to,))
            self.assertIn(b"the login name ", err)
        for arguments in (["--\x1b[31mred"], ["-\x1b[31m"], [b"--\xff\xfe=1"], ["--notice", "/no/\x1b[2J\u202e"],
                          ["--to-file", "/no/\r\nnot delivered to bob"], ["--provider", "\x1b[2J"],
                          ["--match", b"\xff"], ["--base-url", "http://\x1b[2J/"]):
            code, out, err = run("http://127.0.0.1:1", "--test", *arguments)
            self.assertEqual((code, out), (2, b""), arguments)
            self.assertTrue(is_printable(err), err)
            self.assertFalse(b"\nnot delivered" in err)


class Reasons(unittest.TestCase):
    def test_whatever_the_platforms_reason_is_exit_code_1_and_the_condition_says_whose_it_is(self):
        for code, condition in ((40035, None), (40033, "message"), (45002, "message"), (81013, "recipient"),
                                (60020, "configuration"), (48002, "configuration"),
                                (45009, "transient"), (987654, None)):
            peer = Peer(wecom('{"errcode":%d,"errmsg":"x"}' % code))
            done, out, err = run(peer.url, "--text", "x", "--retries", "0", "--json")
            row = json.loads(out)
            self.assertEqual((done, row["outcome"], row["code"], row["condition"], err),
                             (1, "failed", code, condition, b""))
            peer.close()


class Output(unittest.TestCase):
    def setUp(self):
        self.sent = []
        self.peer = Peer(wecom(lambda head, body: (self.sent.append(body), http(accepted))[1]))

    def tearDown(self):
        self.peer.close()

    def test_a_report_that_cannot_be_written_is_no_success(self):
        for arguments in ([], ["--json"]):
            for to in (("ada",), ("ada", "bob", "cyd")):
                self.sent.clear()
                with open("/dev/full", "w") as full:
                    code, _, err = run(self.peer.url, "--text", "x", *arguments, to=to, stdout=full)
                self.assertEqual(code, 3, err)
                self.assertIn(b"tidings-send: the report could not be written. %d delivered, 0 failed, 0 unknown\n" %
                              len(to), err)
                self.assertEqual(len(self.sent), 1)
        for option in ("--help", "--version", "--capabilities"):
            with open("/dev/full", "w") as full:
                code, _, err = run(self.peer.url, option, stdout=full)
            self.assertEqual(code, 3)

    def test_the_reader_of_the_report_may_go_away(self):
        for arguments in ([], ["--json"]):
            self.sent.clear()
            reading, writing = os.pipe()
            os.close(reading)
            code, _, err = run(self.peer.url, "--text", "x", *arguments, to=("ada", "bob", "cyd"), stdout=writing)
            os.close(writing)
            self.assertEqual(code, 3)
            self.assertIn(b"3 delivered", err)
            self.assertEqual(b"".join(self.sent).count(b"ada"), 1)

    def test_closed_descriptors_are_not_taken_for_connections(self):
        for closed in ((1,), (2,), (0, 1, 2)):
            self.sent.clear()
            process = start(self.peer.url, "--text", "x",
                            preexec_fn=lambda: [os.close(number) for number in closed])
            out, err = process.communicate(timeout=60)
            self.assertEqual(process.returncode, 3 if 1 in closed else 0)
            self.assertEqual(len(self.sent), 1)
            for head, body in self.peer.requests:
                self.assertNotIn(b"delivered", head + body)

    def test_a_pipe_that_does_not_block_loses_nothing(self):
        people = tuple(f"person{n:04}" for n in range(900))
        reading, writing = os.pipe()
        os.set_blocking(writing, False)
        process = start(self.peer.url, "--text", "x", "--json", to=people, stdout=writing)
        os.close(writing)
        time.sleep(0.5)
        with os.fdopen(reading, "rb") as pipe:
            rows = [json.loads(line) for line in pipe]
        process.communicate(timeout=60)
        self.assertEqual((process.returncode, len(rows)), (0, len(people)))

    def test_a_limit_on_the_size_of_files_stops_no_message(self):
        with tempfile.TemporaryDirectory() as folder:
            code, out, err = run(self.peer.url, "--text", "x", "--token-cache", folder,
                                 preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)))
        self.assertEqual((code, len(self.sent)), (0, 1), err)


class Files(unittest.TestCase):
    def test_no_file_ends_the_program_otherwise_than_with_a_clear_message(self):
        with tempfile.TemporaryDirectory() as folder:
            os.mkfifo(f"{folder}/pipe")
            with open(f"{folder}/huge", "wb") as file:
                file.truncate(1 << 40)
            with open(f"{folder}/unreadable", "wb") as file:
                file.write(b"x")
            os.chmod(f"{folder}/unreadable", 0)
            with socket.socket(socket.AF_UNIX) as listening:
                listening.bind(f"{folder}/socket")
                names = ["/tmp", "/no/such/file", "/dev/zero", f"{folder}/pipe", f"{folder}/huge", f"{folder}/socket",
                         f"{folder}/ada/x", "/dev/null/x", "x" * 5000]
                if os.geteuid() != 0:
                    names.append(f"{folder}/unreadable")
                running = []
                for option in ("--notice", "--to-file", "--image", "--file", "--ca-file", "--client-certificate"):
                    for name in names:
                        message = [] if option in ("--notice", "--image", "--file") else ["--test"]
                        running.append((option, name, start("http://127.0.0.1:1", *message, option, name)))
                for option, name, process in running:
                    out, err = process.communicate(timeout=60)
                    self.assertEqual((process.returncode, out), (2, b""), (option, name, err))
                    self.assertIn(option.encode(), err, name)
                    self.assertLess(len(err), 6000)

    def test_a_pipe_with_a_writer_is_read(self):
        sent = []
        peer = Peer(wecom(lambda head, body: (sent.append(body), http(accepted))[1]))
        with tempfile.TemporaryDirectory() as folder:
            os.mkfifo(f"{folder}/pipe")

            def write():
                with open(f"{folder}/pipe", "w") as pipe:
                    pipe.write('{"title": "out of')
                    pipe.flush()
                    time.sleep(0.3)
                    pipe.write(' a pipe"}')

            writing = threading.Thread(target=write)
            writing.start()
            code, out, err = run(peer.url, "--notice", f"{folder}/pipe")
            writing.join()
        self.assertEqual(code, 0, err)
        self.assertIn(b"out of a pipe", sent[0])
        peer.close()

    def test_standard_input_without_an_end_is_not_read_for_ever(self):
        with open("/dev/zero", "rb") as zero:
            code, out, err = run("http://127.0.0.1:1", "--text", "-", stdin=zero)
        self.assertEqual((code, out), (2, b""))
        self.assertIn(b"standard input is larger than ", err)


class Signals(unittest.TestCase):
    def interrupted(self, held, number, *arguments, **options):
        """Sends a signal while the peer holds a request whose target has `held` in it."""
        arrived, release = threading.Event(), threading.Event()

        def answer(head, body):
            if held in head.split(b"\r\n")[0]:
                arrived.set()
                release.wait(30)
            return wecom(accepted)(head, body)

        peer = Peer(answer)
        process = start(peer.url, *arguments, **options)
        self.assertTrue(arrived.wait(30))
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
        release.set()
        peer.close()
        return process.returncode, out, err

    def test_after_the_request_went_out_the_outcome_is_unknown_and_the_key_is_shown(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            code, out, err = self.interrupted(b"message/send", number, "--text", "x", "--key", "order-42")
            self.assertEqual((code, out), (3, b""), err)
            self.assertIn(b"perhaps delivered to ada\n", err)
            self.assertIn(b"--key order-42\n", err)

    def test_before_it_nothing_was_sent(self):
        code, out, err = self.interrupted(b"gettoken", signal.SIGINT, "--text", "x", to=("ada", "bob"))
        self.assertEqual((code, out), (1, b""), err)
        self.assertIn(b"not delivered to ada\n", err)
        self.assertIn(b"0 delivered, 2 failed, 0 unknown\n", err)

    def test_everybody_has_an_outcome_also_those_who_were_not_tried(self):
        people = tuple(f"person{n}" for n in range(1500))
        code, out, err = self.interrupted(b"message/send", signal.SIGINT, "--text", "x", "--json", to=people)
        rows = [json.loads(line) for line in out.splitlines()]
        self.assertEqual(code, 3)
        self.assertEqual([row["to"] for row in rows], list(people))
        self.assertEqual({row["outcome"] for row in rows}, {"unknown", "failed"})
        self.assertEqual({row["error"] for row in rows}, {"outcome_unknown", "cancelled"})

    def test_a_signal_that_is_ignored_stays_ignored(self):
        arrived = threading.Event()
        peer = Peer(wecom(lambda *_: (arrived.set(), time.sleep(0.3), http(accepted))[2]))
        process = start(peer.url, "--text", "x", preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
        self.assertTrue(arrived.wait(30))
        process.send_signal(signal.SIGHUP)
        out, err = process.communicate(timeout=30)
        self.assertEqual((process.returncode, err), (0, b""))
        peer.close()

    def test_the_second_one_ends_the_program_at_once(self):
        # It waits for room in a pipe that nobody reads.
        reading, writing = os.pipe()
        arrived = threading.Event()
        peer = Peer(wecom(lambda *_: (arrived.set(), http(accepted))[1]))
        people = tuple(f"person{n:040}" for n in range(900))
        process = start(peer.url, "--text", "x", "--json", to=people, stdout=writing)
        os.close(writing)
        self.assertTrue(arrived.wait(30))
        time.sleep(1.5)
        process.send_signal(signal.SIGINT)
        time.sleep(0.2)
        self.assertIsNone(process.poll())
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(10), -signal.SIGINT)
        os.close(reading)
        process.stderr.close()
        peer.close()


if __name__ == "__main__":
    unittest.main()
