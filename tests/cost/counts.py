#!/usr/bin/env python3
"""Counts what one warm send costs, and fails where that is more than LIMITS permits.

    tests/cost/counts.py SEND SERVER COUNT_CALLS [--print]

SEND, SERVER and the library COUNT_CALLS are made of the sources in benchmarks/. Each figure is that of 2N sends less that of
N, divided by N: what starting costs is no part of it. No time is measured.
"""
import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

# With GCC 12 -O2 on x86-64, OpenSSL 3.0 and Boost 1.81. The tolerance comes on top: a compiler or a C library of another
# version counts a little otherwise. System calls depend on what arrives together, and on a busy machine there are more of
# them: a connection that was idle for a while is looked at before it is used.
LIMITS = {
    # figure, in flight: (plain, TLS, tolerance)
    ("instructions", 1): (21_000, 40_000, 0.05),
    ("allocations", 1): (1.0, 1.0, 0.05),
    ("allocations", 8): (1.0, 1.0, 0.05),
    ("system calls", 1): (3.0, 3.0, 0.50),
    ("system calls", 64): (2.15, 2.15, 0.70),
}

COUNT = {"instructions": 100, "allocations": 500, "system calls": 1000}


class Measurement:
    def __init__(self, given, ports, directory):
        self.given = given
        self.ports = ports
        self.directory = directory

    def command(self, tls, count, in_flight):
        out = [self.given.send, "--port", self.ports[tls], "--count", str(count), "--in-flight", str(in_flight)]
        return out + ["--tls", "--ca", self.directory / "ca.pem"] if tls else out

    def instructions(self, tls, count, in_flight):
        ran = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
                              *self.command(tls, count, in_flight)],
                             check=True, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        return int(re.search(r"Collected : (\d+)", ran.stderr).group(1))

    def system_calls(self, tls, count, in_flight):
        file = self.directory / "calls"
        subprocess.run(self.command(tls, count, in_flight), check=True, stdout=subprocess.DEVNULL,
                       env={**os.environ, "LD_PRELOAD": self.given.count_calls, "COUNT_CALLS": str(file)})
        return sum(json.loads(file.read_text()).values())

    def figure(self, what, in_flight, tls):
        count = COUNT[what]
        if what == "allocations":  # the program leaves its start out by itself
            ran = subprocess.run(self.command(tls, count, in_flight), check=True, text=True, stdout=subprocess.PIPE)
            return json.loads(ran.stdout)["allocations"]
        total = self.instructions if what == "instructions" else self.system_calls
        return (total(tls, 2 * count, in_flight) - total(tls, count, in_flight)) / count


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("send")
    parser.add_argument("server")
    parser.add_argument("count_calls")
    parser.add_argument("--print", action="store_true", help="only print the figures")
    given = parser.parse_args()
    too_much = []
    with tempfile.TemporaryDirectory() as directory:
        directory = pathlib.Path(directory)
        server = subprocess.Popen([given.server, "--ca", directory / "ca.pem"], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, text=True)
        measure = Measurement(given, server.stdout.readline().split(), directory)
        for (what, in_flight), (*limits, tolerance) in LIMITS.items():
            if what == "instructions" and not shutil.which("valgrind"):
                print("no valgrind: instructions are not counted")
                continue
            for tls, limit in enumerate(limits):
                found = measure.figure(what, in_flight, tls)
                for _ in range(2):  # chance adds to a count, and takes nothing away
                    if found > limit * (1 + tolerance):
                        found = min(found, measure.figure(what, in_flight, tls))
                name = f"{what} per send, {in_flight} in flight, {'TLS' if tls else 'plain'}"
                print(f"{name}: {found:.2f}, limit {limit} and {tolerance:.0%}")
                if found > limit * (1 + tolerance):
                    too_much.append(name)
        server.stdin.close()
        server.wait()
    if too_much and not given.print:
        sys.exit("more than the limit: " + "; ".join(too_much))


main()
