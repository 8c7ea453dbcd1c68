"""Instructions by valgrind's callgrind, and the parts of the code that they are in."""
import collections
import os
import re

from .machine import run

# The first that fits the path of a source file, or else the library that the code is in.
PARTS = [
    (r"/tidings/transport/", "tidings: transport"),
    (r"/tidings/wire/", "tidings: HTTP and JSON"),
    (r"/tidings/pacing/", "tidings: pacing"),
    (r"/tidings/(impl|notifier|basic_client)", "tidings: send, attempts, results"),
    (r"/tidings/", "tidings: platform, message and others"),
    (r"/boost/json/", "Boost.JSON"),
    (r"/boost/beast/", "Boost.Beast"),
    (r"/boost/asio/", "Boost.Asio"),
    (r"/boost/", "other Boost"),
    (r"/benchmarks/", "the benchmark's own"),
    (r"/c\+\+/\d+/", "C++ library's headers"),
]
LIBRARIES = [(r"libssl|libcrypto", "OpenSSL"), (r"libboost_json", "Boost.JSON"), (r"libstdc\+\+", "C++ library"),
             (r"libc[.-]|ld-linux|libpthread|vdso", "C library")]


def part_of(object_file, source):
    for pattern, name in PARTS:
        if source and re.search(pattern, source):
            return name
    for pattern, name in LIBRARIES:
        if object_file and re.search(pattern, os.path.basename(object_file)):
            return name
    return "without line numbers"


def self_costs(path):
    """{part: instructions} of one profile."""
    costs = collections.Counter()
    names = {"ob": {}, "fl": {}}
    object_file = source = None
    called = False
    for line in path.read_text(errors="replace").splitlines(keepends=True):
        if line[0] in "0123456789+-*":
            if called:
                called = False # what the callee took
            else:
                costs[object_file, source] += int(line.split()[1])
            continue
        match = re.match(r"(ob|fl|fi|fe|cob|cfi|cfl|calls)=(?:\((\d+)\))? *(.*)", line)
        if not match:
            continue
        kind, number, text = match.groups()
        if kind == "calls":
            called = True
            continue
        known = names["ob" if kind.endswith("ob") else "fl"]
        if number:
            text = known.setdefault(number, text) if text else known.get(number)
        if kind == "ob":
            object_file = text
        elif kind in ("fl", "fi", "fe"):
            source = text
    parts = collections.Counter()
    for (object_file, source), cost in costs.items():
        parts[part_of(object_file, source)] += cost
    return parts


def per_message(bench, client, tls, count):
    """Instructions of one message, and how they divide."""
    totals, parts = [], []
    for n in (count, 2 * count):
        profile = bench.file("profile")
        ran = run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={profile}", *bench.command(client, tls, n, 1)],
                  bench.far, discard_errors=True)
        totals.append(int(re.search(r"Collected : (\d+)", ran.output).group(1)))
        parts.append(self_costs(profile))
    parts[1].subtract(parts[0])
    divided = {name: round(cost / count) for name, cost in parts[1].most_common() if cost / count >= 1}
    return round((totals[1] - totals[0]) / count), divided
