"""A test case with a tidings-sandbox of its own, for the tests of the programs."""
import json
import subprocess
import unittest
import urllib.request


class SandboxCase(unittest.TestCase):
    programs = ""  # their folder

    @classmethod
    def setUpClass(cls):
        cls.sandbox = subprocess.Popen(
            [f"{cls.programs}/tidings-sandbox", "--json"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
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
