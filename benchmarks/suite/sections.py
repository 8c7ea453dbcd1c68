"""What is measured. Each section gives rows for docs/performance.json; rounds take turns (A B C A B C)."""
import collections
import contextlib
import json
import os
import pathlib
import re
import shutil
import statistics

from . import callgrind
from .clients import CLIENTS, NODE, OURS, PIPELINED, PROGRAMS, RAW, WRK
from .machine import ROOT, Server, Skipped, run, significant, spread

KINDS = (False, True) # plain, TLS


def instructions(bench):
    """In user space, by callgrind, one in flight: those of a run of 2N messages less those of N, divided by N."""
    if not shutil.which("valgrind"):
        raise Skipped("valgrind is not installed")
    count = 200 if bench.quick else 400
    clients = bench.present([OURS] if bench.quick else [client for client in PROGRAMS if client != "beast_connecting"])
    rows = []
    for client in clients:
        for tls in KINDS:
            bench.pin(bench.server, two_cores=False)
            each, parts = callgrind.per_message(bench, client, tls, count)
            row = {"client": client, "tls": tls, "instructions": each}
            if client == OURS:
                row["parts"] = parts
            rows.append(row)
    return {"rows": rows}


def calls(bench):
    """System calls a message, client and server on one core: by strace, or else by a library that counts them."""
    by = "strace" if shutil.which("strace") else "count_calls"
    count = 500 if bench.quick else 2000
    rows = []
    for client in bench.present([OURS, PIPELINED, "epoll", RAW, "libcurl"]):
        for tls in KINDS:
            for in_flight in (1, 64):
                core = bench.pin(bench.server, two_cores=False)
                once, twice = (count_calls(bench, bench.command(client, tls, n, in_flight), core, by)
                               for n in (count, 2 * count))
                each = {name: significant((twice[name] - once[name]) / count) for name in twice}
                rows.append({"client": client, "tls": tls, "in_flight": in_flight,
                             "calls": significant(sum(each.values())),
                             "by_name": {name: n for name, n in each.items() if n >= 0.005}})
    return {"by": by, "rows": rows}


def count_calls(bench, command, core, by):
    report = bench.file("calls")
    if by == "strace":
        run(["strace", "-f", "-c", "-o", report, *command], core)
        lines = re.findall(r"^ *[\d.]+ +[\d.]+ +\d+ +(\d+) +(?:\d+ +)?(\w+)$", report.read_text(), re.M)
        return collections.Counter({name: int(n) for n, name in lines if name != "total"})
    env = os.environ | {"LD_PRELOAD": str(bench.build / "libcount_calls.so"), "COUNT_CALLS": str(report)}
    run(command, core, env)
    return collections.Counter(json.loads(report.read_text()))


def measure_in_turns(bench, cells, rounds):
    """`cells`: {key: a function that measures once}. Gives {key: [one measurement of each round]}."""
    samples = {key: [] for key in cells}
    for _ in range(rounds):
        for key, measure in cells.items():
            samples[key].append(measure())
    return samples


def describe(samples):
    """Of one client in one situation."""
    out = {"cpu_us": spread([s["cpu_ns"] / 1000 for s in samples]),
           "user_us": spread([s["user_ns"] / 1000 for s in samples])["median"],
           "system_us": spread([s["system_ns"] / 1000 for s in samples])["median"],
           "per_second": round(1e9 / statistics.median(s["wall_ns"] for s in samples))}
    if "max_rss_kb" in samples[0]:
        out["max_rss_mb"] = significant(statistics.median(s["max_rss_kb"] for s in samples) / 1024)
    for name in ("allocations", "openssl_allocations"):
        if name in samples[0]:
            out[name] = round(statistics.median(s[name] for s in samples), 2)
    return out


def ratio(ours, theirs, what="cpu_ns"):
    """Of each round against its neighbour: the machine's mood cancels out."""
    return spread([a[what] / b[what] for a, b in zip(ours, theirs)])


def one_core(bench):
    """Client and server on one core, 64 in flight: nothing waits for another core to wake up, so this is the steadiest."""
    count, rounds = (5000, 3) if bench.quick else (10000, 11)
    clients = bench.present([OURS, PIPELINED, "epoll", RAW])
    cells = {(client, tls): lambda client=client, tls=tls: bench.measure(client, tls, count, 64)
             for client in clients for tls in KINDS}
    samples = measure_in_turns(bench, cells, rounds)
    rows = [{"client": client, "tls": tls, "in_flight": 64, **describe(samples[client, tls]),
             "over_raw": ratio(samples[client, tls], samples[RAW, tls])} for client, tls in cells]
    return {"rounds": rounds, "rows": rows}


# How many messages a run has, beside what a fast client sends in less than half a second.
FEWER = {"beast_connecting": {False: 10, True: 40}, NODE: {False: 25, True: 25}, "libcurl": {False: 2, True: 2}}


def contenders(bench):
    """Everybody, server and client on a core of their own; 1, 8 and 64 in flight."""
    rounds = 1 if bench.quick else 5
    rows = []
    for in_flight in ((1, 64) if bench.quick else (1, 8, 64)):
        full = (2000 if bench.quick else 4000) if in_flight == 1 else (5000 if bench.quick else 12000)
        cells = {}
        for client in bench.present(CLIENTS):
            if bench.quick and client == "beast_connecting":
                continue
            for tls in KINDS:
                count = full // FEWER.get(client, {}).get(tls, 1)
                cells[client, tls] = (lambda client=client, tls=tls, count=count:
                                      bench.measure(client, tls, count, in_flight, two_cores=True))
        samples = measure_in_turns(bench, cells, rounds)
        for client, tls in cells:
            row = {"client": client, "tls": tls, "in_flight": in_flight, **describe(samples[client, tls])}
            if OURS in bench.present(CLIENTS):
                row["ours_over"] = ratio(samples[OURS, tls], samples[client, tls])
                # Messages a second are the inverse of the time of one.
                row["our_rate_over"] = ratio(samples[client, tls], samples[OURS, tls], "wall_ns")
            rows.append(row)
    return {"rounds": rounds, "rows": rows}


def growth(bench):
    """Thousands in flight over 64 connections, client and server on one core. Beast by hand has a connection for each."""
    rounds = 1 if bench.quick else 3
    cells = {}
    for tls in ((False,) if bench.quick else KINDS):
        for in_flight in (64, 1000, 10000):
            count = max(8000 if bench.quick else 30000, 2 * in_flight)
            for client in bench.present([OURS] if bench.quick else [OURS, RAW, "libcurl"]):
                more = ["--connections", 64] if client != RAW else []
                if client == RAW and tls and in_flight > 1000:
                    continue # ten thousand handshakes
                cells[client, tls, in_flight] = (
                    lambda client=client, tls=tls, in_flight=in_flight, count=count, more=more:
                    bench.measure(client, tls, count if client == OURS else max(count // 3, in_flight), in_flight, *more))
    return rows_of_growth(cells, measure_in_turns(bench, cells, rounds), rounds)


def rows_of_growth(cells, samples, rounds):
    rows = []
    for key in cells:
        client, tls, in_flight = key
        rows.append({"client": client, "tls": tls, "in_flight": in_flight, **describe(samples[key]),
                     "over_64": ratio(samples[key], samples[client, tls, 64])})
    return {"rounds": rounds, "rows": rows}


PEOPLE = {"one person, 1,500 a second": ["--each-person", 1500],
          "300 people, 5 a second each": ["--people", 300, "--each-person", 5]}


def people(bench):
    """Sends wait for the limit of a person, client and server on one core, 64 connections, plain."""
    rounds = 1 if bench.quick else 3
    count = 1500 if bench.quick else 6000
    cells = {}
    for in_flight in ((64, 4000) if bench.quick else (64, 1000, 4000)):
        for to, options in PEOPLE.items():
            cells[to, in_flight] = (lambda options=options, in_flight=in_flight:
                                    bench.measure(OURS, False, count, in_flight, "--connections", 64, *options))
    samples = measure_in_turns(bench, cells, rounds)
    return {"rounds": rounds, "rows": [{"to": to, "in_flight": in_flight, **describe(samples[to, in_flight]),
                                        "over_64": ratio(samples[to, in_flight], samples[to, 64])}
                                       for to, in_flight in cells]}


def send_each(bench):
    """Many people by `send_each`, 64 at a time, beside single sends to the same server; one core, plain."""
    rounds = 2 if bench.quick else 5
    many = 200_000 if bench.quick else 1_000_000
    ways = {"send": ["send"], "send_each": ["send_each"], "batches": ["send_each", "--batch"]}

    def measure(way, count, server=bench.people_server):
        core = bench.pin(server, two_cores=False)
        program, *options = ways[way]
        return json.loads(run([bench.build / program, "--port", server.ports[0], "--count", count, "--in-flight", 64,
                               *options], core).output)

    few = 10_000
    cells = {way: lambda way=way: measure(way, few) for way in ways}
    samples = measure_in_turns(bench, cells, rounds)
    rows = [{"way": way, "people": few, **describe(samples[way]), "over_send": ratio(samples[way], samples["send"])}
            for way in ways]
    for way in ("send_each", "batches"):
        samples[way, many] = [measure(way, many)]
        row = {"way": way, "people": many, **describe(samples[way, many])}
        before = next(row for row in rows if row["way"] == way)["max_rss_mb"]
        row["memory_over_few_mb"] = significant(row["max_rss_mb"] - before)
        rows.append(row)
    for row in rows[1:3]:
        with bench.new_people_server() as server:
            measure(row["way"], few, server)
            asked = json.loads(server.stop())
        row["requests"] = sum(asked.values())
    return {"rounds": rounds, "rows": rows}


def authorities(bench):
    """{how: (options of the program, its environment)}: a file, the system's hashed directory, the system's bundle."""
    system = pathlib.Path("/etc/ssl/certs")
    bundle = bench.file("bundle.pem")
    whole = system / "ca-certificates.crt"
    bundle.write_text((whole.read_text() if whole.exists() else "") + bench.people_ca.read_text())
    folder = bench.file("authorities")
    folder.mkdir(exist_ok=True)
    # `openssl rehash` names the files of a directory after the hash of their subject.
    for certificate in system.glob("*.0"):
        target = folder / certificate.name
        if not target.exists():
            target.symlink_to(certificate.resolve())
    name = run(["openssl", "x509", "-noout", "-subject_hash", "-in", bench.people_ca]).output.strip() + ".0"
    if not (folder / name).exists():
        (folder / name).symlink_to(bench.people_ca)
    plain = {key: value for key, value in os.environ.items() if not key.startswith("SSL_CERT_")}
    absent = str(bench.file("absent"))
    return {"ca_file": (["--ca", bench.people_ca], plain),
            "hashed directory": (["--system"], plain | {"SSL_CERT_DIR": str(folder), "SSL_CERT_FILE": absent}),
            "SSL_CERT_FILE": (["--system"], plain | {"SSL_CERT_FILE": str(bundle), "SSL_CERT_DIR": absent})}


def cold(bench):
    """From fork to exit: a program that tells one person something, and ends. Server and client on a core of their own."""
    rounds = 3 if bench.quick else 15
    ways = authorities(bench)
    cells = {}
    for how, (options, env) in ways.items():
        for program in ("first", "first_beast"):
            def measure(program=program, options=options, env=env):
                core = bench.pin(bench.people_server, two_cores=True)
                more = ["--count", 1] if program == "first" else []
                ran = run([bench.build / program, "--port", bench.people_server.ports[1], *options, *more], core, env)
                return {"wall": ran.wall * 1000, "cpu": ran.cpu * 1000, **json.loads(ran.output)}
            cells[how, program] = measure
    samples = measure_in_turns(bench, cells, rounds)
    rows = []
    for how in ways:
        ours, bare = samples[how, "first"], samples[how, "first_beast"]
        rows.append({"authorities": how, "wall_ms": spread([s["wall"] for s in ours]),
                     "bare_wall_ms": spread([s["wall"] for s in bare]),
                     "cpu_ms": spread([s["cpu"] for s in ours]), "bare_cpu_ms": spread([s["cpu"] for s in bare]),
                     "constructor_ms": spread([s["constructed_ms"] for s in ours]),
                     "over_bare": ratio(ours, bare, "wall"), "cpu_over_bare": ratio(ours, bare, "cpu")})
    return {"rounds": rounds, "rows": rows}


def first(bench):
    """The first messages of a program, the platform a round trip of 50 ms away."""
    rounds = 2 if bench.quick else 7
    with Server(bench.build / "relay", "--to", bench.people_server.ports[1], "--round-trip", 50) as relay:
        bench.people_server.pin(bench.near)
        relay.pin(bench.near)

        def measure(program, *more):
            ran = run([bench.build / program, "--port", relay.ports[0], "--ca", bench.people_ca, *more], bench.far)
            return json.loads(ran.output)
        cells = {"bare": lambda: measure("first_beast"), "one": lambda: measure("first", "--count", 1),
                 "eight": lambda: measure("first", "--count", 8)}
        samples = measure_in_turns(bench, cells, rounds)
    return {"rounds": rounds,
            "rows": [{"messages": name, "last_ms": spread([s["last_ms"] for s in samples[name]]),
                      "over_one": ratio(samples[name], samples["one"], "last_ms")} for name in cells]}


def build(bench):
    """What a user's file costs to compile, beside the same by hand with Beast and Boost.JSON (benchmarks/first_beast.cpp)."""
    rounds = 1 if bench.quick else 2
    user, bare = ROOT / "examples/tell_ada.cpp", ROOT / "benchmarks/first_beast.cpp"
    units = {"bare Beast and Boost.JSON": [bare], "compiled mode": [user, "-DTIDINGS_SEPARATE_COMPILATION"],
             "header-only": [user]}
    if bench.quick:
        del units["header-only"]
    env = os.environ | {"CCACHE_DISABLE": "1"}

    def compile_one(unit, level):
        obj = bench.file(unit.replace(" ", "_") + level + ".o")
        ran = run(["g++", "-std=c++20", level, *(["-DNDEBUG"] if level == "-O2" else []), "-I", ROOT / "include",
                   *units[unit], "-c", "-o", obj], env=env)
        return {"seconds": ran.user, "mb": ran.max_rss_kb / 1024, "object": obj}
    cells = {unit: lambda unit=unit: compile_one(unit, "-O0") for unit in units}
    samples = measure_in_turns(bench, cells, rounds)
    rows = []
    for unit in units:
        of, reference = samples[unit], samples["bare Beast and Boost.JSON"]
        rows.append({"unit": unit, "seconds": spread([s["seconds"] for s in of]),
                     "peak_mb": round(max(s["mb"] for s in of)), "over_bare": ratio(of, reference, "seconds")})
    if not bench.quick:
        for row in rows:
            compiled = compile_one(row["unit"], "-O2")
            row["seconds_O2"] = significant(compiled["seconds"])
            row["stripped_kb"] = stripped_size(bench, row["unit"], compiled["object"], env)
    return {"rounds": rounds, "rows": rows}


def stripped_size(bench, unit, obj, env):
    """Of the linked program, in KB of 1,000 bytes; Boost and OpenSSL are shared libraries."""
    program = bench.file("stripped")

    def link(*objects):
        run(["g++", "-s", "-Wl,--gc-sections", obj, *objects, "-o", program, "-lboost_json", "-lboost_url", "-lssl",
             "-lcrypto", "-lpthread"])
        return round(program.stat().st_size / 1000)
    if unit != "compiled mode":
        return link()
    # The sources of the library that the program needs, which is what a linker takes out of an archive.
    sources = sorted((ROOT / "src").glob("*.cpp"), key=lambda source: source.stem != "tidings")
    objects = []
    for source in sources:
        objects.append(bench.file(source.stem + ".src.o"))
        run(["g++", "-std=c++20", "-O2", "-DNDEBUG", "-DTIDINGS_SEPARATE_COMPILATION", "-ffunction-sections",
             "-fdata-sections", "-I", ROOT / "include", "-c", source, "-o", objects[-1]], env=env)
        with contextlib.suppress(RuntimeError):
            return link(*objects)
    raise RuntimeError("the program does not link with the sources in src/")


SECTIONS = {"instructions": instructions, "calls": calls, "one_core": one_core, "contenders": contenders,
            "growth": growth, "people": people, "send_each": send_each, "cold": cold, "first": first, "build": build}
