"""What the library is to reach, and whether it does. A target compares within one run wherever times are in it."""
from .clients import NODE, OURS, PIPELINED, WRK
from .machine import significant


def row(data, section, **wanted):
    """The one row of a section that has these values."""
    for each in data[section]["rows"]:
        if all(each.get(name) == value for name, value in wanted.items()):
            return each
    raise LookupError(f"{section}: {wanted}")


def plain(number, digits=2):
    return f"{number:.{digits}f}"


def whole(number):
    return f"{round(number):,}"


def part(number):
    """A ratio far below one."""
    return f"1/{1 / number:.0f}"


class Target:
    def __init__(self, name, section, what, was, limit, value, show=plain, at_least=False, tolerance=0.0, must=False):
        self.name, self.section, self.what, self.was = name, section, what, was
        self.limit, self.value, self.show = limit, value, show
        self.at_least, self.tolerance, self.must = at_least, tolerance, must

    def judge(self, data):
        """None: not measured."""
        try:
            value = self.value(data)
        except LookupError: # not measured, or a contender that is not here
            value = None
        out = {"name": self.name, "what": self.what, "must": self.must, "before": self.was,
               "target": ("≥ " if self.at_least else "≤ ") + self.show(self.limit), "value": value,
               "shown": "—" if value is None else self.show(value), "met": None}
        if value is not None:
            out["met"] = value >= self.limit if self.at_least else value <= self.limit + self.tolerance
            missed = self.limit / value if self.at_least and value else value / self.limit
            out["missed_by_percent"] = 0 if out["met"] else significant(100 * (missed - 1), 2)
        return out


def worst_calls(in_flight):
    return lambda d: max(row(d, "calls", client=OURS, tls=tls, in_flight=in_flight)["calls"] for tls in (False, True))


def contender(client, tls, what):
    return lambda d: row(d, "contenders", client=client, tls=tls, in_flight=64)[what]["median"]


def allocations(in_flight):
    return lambda d: max(row(d, "contenders", client=OURS, tls=tls, in_flight=in_flight)["allocations"]
                         for tls in (False, True))


def over_raw(client, tls):
    return lambda d: row(d, "one_core", client=client, tls=tls)["over_raw"]["median"]


def many(data):
    rows = [row for row in data["send_each"]["rows"] if "memory_over_few_mb" in row and row["way"] == "send_each"]
    if not rows or rows[0]["people"] != 1_000_000:
        raise LookupError("1,000,000 people")
    return rows[0]


def unit(name, what):
    def value(d):
        found = row(d, "build", unit=name)[what]
        return found["median"] if isinstance(found, dict) else found
    return value


TARGETS = [
    Target("instructions_plain", "instructions", "instructions a warm send, plain", "32.4k", 21000,
           lambda d: row(d, "instructions", client=OURS, tls=False)["instructions"], whole, must=True),
    Target("instructions_tls", "instructions", "instructions a warm send, TLS", "60.8k", 40000,
           lambda d: row(d, "instructions", client=OURS, tls=True)["instructions"], whole, must=True),
    # A key for each 64th send is a call more.
    Target("calls_1", "calls", "system calls a send, 1 in flight", "7.0", 3.0, worst_calls(1), tolerance=0.05, must=True),
    Target("calls_64", "calls", "system calls a send, 64 in flight", "4.03", 2.15, worst_calls(64), must=True),
    Target("raw_plain", "one_core", "CPU ÷ raw Beast, 64 in flight, one core, plain", "0.98", 0.72, over_raw(OURS, False),
           must=True),
    Target("raw_tls", "one_core", "CPU ÷ raw Beast, 64 in flight, one core, TLS", "1.15", 0.75, over_raw(OURS, True),
           must=True),
    Target("curl_plain", "contenders", "CPU ÷ libcurl multi, two cores, plain", "0.51", 0.40,
           contender("libcurl", False, "ours_over")),
    Target("curl_tls", "contenders", "CPU ÷ libcurl multi, two cores, TLS", "0.38", 0.27,
           contender("libcurl", True, "ours_over")),
    Target("node", "contenders", "CPU ÷ Node SDK, two cores, the larger of plain and TLS", "1/47", 1 / 60,
           lambda d: max(contender(NODE, tls, "ours_over")(d) for tls in (False, True)), part),
    Target("wrk_plain", "contenders", "messages/s ÷ wrk, two cores, plain", "0.66", 0.85,
           contender(WRK, False, "our_rate_over"), at_least=True),
    Target("wrk_tls", "contenders", "messages/s ÷ wrk, two cores, TLS", "0.76", 1.1,
           contender(WRK, True, "our_rate_over"), at_least=True),
    Target("pipelined", "one_core", "pipelined: CPU ÷ raw Beast without, the larger of plain and TLS", "—", 0.50,
           lambda d: max(over_raw(PIPELINED, tls)(d) for tls in (False, True))),
    Target("allocations_1", "contenders", "allocations a send, 1 in flight", "1", 1, allocations(1), tolerance=0.01),
    Target("allocations_8", "contenders", "allocations a send, 8 in flight", "1.63", 1, allocations(8), tolerance=0.01),
    Target("growth_cpu", "growth", "CPU a send, 10,000 in flight ÷ 64", "11.4", 1.6,
           lambda d: row(d, "growth", client=OURS, tls=False, in_flight=10000)["over_64"]["median"], must=True),
    Target("growth_memory", "growth", "memory at 10,000 in flight, MB", "398", 70,
           lambda d: row(d, "growth", client=OURS, tls=False, in_flight=10000)["max_rss_mb"], whole, must=True),
    Target("one_person", "people", "all to one person, CPU a send, 4,000 in flight ÷ 64", "8.8", 2,
           lambda d: row(d, "people", to="one person, 1,500 a second", in_flight=4000)["over_64"]["median"], must=True),
    Target("many_people", "people", "to 300 people, CPU a send, 4,000 in flight ÷ 64", "11.6", 2,
           lambda d: row(d, "people", to="300 people, 5 a second each", in_flight=4000)["over_64"]["median"], must=True),
    Target("each_memory", "send_each", "1,000,000 people by send_each, memory over 10,000's, MiB", "28", 8,
           lambda d: many(d)["memory_over_few_mb"], lambda n: plain(n, 1)),
    Target("each_cpu", "send_each", "send_each, CPU a person ÷ a warm send's", "1.4", 1.1,
           lambda d: row(d, "send_each", way="send_each", people=10_000)["over_send"]["median"]),
    Target("first", "first", "eight first messages under 50 ms of round trip ÷ one", "1.42", 1.1,
           lambda d: row(d, "first", messages="eight")["over_one"]["median"]),
    Target("cold", "cold", "cold start ÷ bare Beast, a file of authorities", "1.09–1.19", 1.1,
           lambda d: row(d, "cold", authorities="ca_file")["over_bare"]["median"]),
    Target("cold_bundle", "cold", "cold start ÷ bare Beast, SSL_CERT_FILE set", "—", 1.1,
           lambda d: row(d, "cold", authorities="SSL_CERT_FILE")["over_bare"]["median"]),
    Target("constructor", "cold", "the notifier's constructor, SSL_CERT_FILE set, ms", "25", 1,
           lambda d: row(d, "cold", authorities="SSL_CERT_FILE")["constructor_ms"]["median"]),
    Target("build_compiled", "build", "a user's file, -O0, compiled mode ÷ bare Beast and JSON", "1.54", 0.65,
           unit("compiled mode", "over_bare"), must=True),
    Target("build_compiled_mb", "build", "the same, memory, MB", "1,133", 600, unit("compiled mode", "peak_mb"), whole,
           must=True),
    Target("stripped", "build", "stripped -O2 program, KB", "813", 500, unit("compiled mode", "stripped_kb"), whole),
    Target("build_header_only", "build", "a user's file, -O0, header-only ÷ bare Beast and JSON", "1.54", 1.2,
           unit("header-only", "over_bare")),
    Target("build_header_only_mb", "build", "the same, memory, MB", "1,133", 900, unit("header-only", "peak_mb"), whole),
]


def judge_all(data):
    return [target.judge(data) for target in TARGETS]
