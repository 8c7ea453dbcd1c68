"""Tables out of the measured data, for the terminal and for docs/performance.md.

In the page, `<!-- performance: NAME -->` … `<!-- end -->` is what `blocks` gives for NAME, and `<!-- value: NAME -->…<!-- end -->`
is one number of `values`. docs/check compares both with docs/performance.json, and `docs/check --write` renews them.
"""
import json
import re

from .clients import TITLES
from .machine import ROOT

JSON = ROOT / "docs/performance.json"
SVG = ROOT / "docs/performance.svg"
PAGE = ROOT / "docs/performance.md"


def number(value):
    if value is None:
        return ""
    if isinstance(value, dict):
        value = value["median"]
    if isinstance(value, int) or value == 0:
        return f"{round(value):,}"
    if abs(value) >= 1000:
        return f"{round(value):,}"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def with_spread(value):
    if value["low"] == value["high"]:
        return number(value)
    return f"{number(value)} ({number(value['low'])}–{number(value['high'])})"


def table(head, rows, left=1):
    """Markdown, the columns as wide as what is in them; the first `left` are text."""
    lines = [head, *[[str(cell) for cell in row] for row in rows]]
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    out = []
    for i, line in enumerate(lines):
        cells = [cell.ljust(width) if j < left else cell.rjust(width) for j, (cell, width) in enumerate(zip(line, widths))]
        out.append("| " + " | ".join(cells) + " |")
        if i == 0:
            out.append("| " + " | ".join("-" * w if j < left else "-" * (w - 1) + ":" for j, w in enumerate(widths)) + " |")
    return "\n".join(out)


def scheme(row):
    return "TLS" if row["tls"] else "plain"


def targets(data):
    rows = []
    for each in data["targets"]:
        verdict = {True: "met", False: f"missed by {each.get('missed_by_percent', 0):g} %", None: "not measured"}[each["met"]]
        rows.append([each["what"] + (" *" if each["must"] else ""), each["before"], each["target"], each["shown"], verdict])
    return table(["what", "before", "target", "now", ""], rows)


def instructions(data):
    rows = {}
    for row in data["sections"]["instructions"]["rows"]:
        rows.setdefault(row["client"], {})[row["tls"]] = number(row["instructions"])
    return table(["client", "plain", "TLS"], [[TITLES[c], r.get(False, ""), r.get(True, "")] for c, r in rows.items()])


def parts(data):
    rows = [row for row in data["sections"]["instructions"]["rows"] if "parts" in row]
    names = sorted({name for row in rows for name in row["parts"]}, key=lambda n: -max(r["parts"].get(n, 0) for r in rows))
    return table(["part", *[scheme(row) for row in rows]],
                 [[name, *[number(row["parts"].get(name, 0)) for row in rows]] for name in names])


def calls(data):
    rows = [[TITLES[row["client"]], scheme(row), row["in_flight"], number(row["calls"]),
             ", ".join(f"{name} {number(n)}" for name, n in sorted(row["by_name"].items(), key=lambda i: -i[1]))]
            for row in data["sections"]["calls"]["rows"] if row["client"] != "libcurl"]
    return table(["client", "", "in flight", "calls", "which"], rows, 2)


def one_core(data):
    return table(["client", "", "CPU µs", "÷ raw Beast", "messages/s"],
                 [[TITLES[row["client"]], scheme(row), with_spread(row["cpu_us"]), with_spread(row["over_raw"]),
                   number(row["per_second"])] for row in data["sections"]["one_core"]["rows"]], 2)


def contenders(data):
    rows = []
    section = data["sections"]["contenders"]["rows"]
    for in_flight in sorted({row["in_flight"] for row in section}):
        for row in section:
            if row["in_flight"] == in_flight:
                rows.append([TITLES[row["client"]], scheme(row), in_flight, with_spread(row["cpu_us"]), number(row["user_us"]),
                             number(row["system_us"]), number(row["ours_over"]), number(row["per_second"]),
                             number(row["our_rate_over"]), number(row.get("allocations")) if "allocations" in row else "",
                             number(row.get("openssl_allocations")) if row["tls"] and "allocations" in row else "",
                             number(row.get("max_rss_mb"))])
    return table(["client", "", "in flight", "CPU µs", "user", "system", "tidings' CPU ÷", "messages/s", "tidings' ÷",
                  "allocations", "OpenSSL's", "memory MB"], rows, 2)


def growth(data):
    return table(["client", "", "in flight", "CPU µs", "÷ at 64", "memory MB", "allocations"],
                 [[TITLES[row["client"]], scheme(row), number(row["in_flight"]), with_spread(row["cpu_us"]),
                   number(row["over_64"]), number(row["max_rss_mb"]), number(row["allocations"])]
                  for row in data["sections"]["growth"]["rows"]], 2)


def people(data):
    return table(["to", "in flight", "CPU µs", "÷ at 64", "memory MB"],
                 [[row["to"], number(row["in_flight"]), with_spread(row["cpu_us"]), number(row["over_64"]),
                   number(row["max_rss_mb"])] for row in data["sections"]["people"]["rows"]])


def send_each(data):
    return table(["by", "people", "requests", "CPU µs a person", "÷ send", "memory MB", "over 10,000's"],
                 [[row["way"], number(row["people"]), number(row["requests"]) if "requests" in row else "",
                   with_spread(row["cpu_us"]), number(row.get("over_send")), number(row["max_rss_mb"]),
                   number(row.get("memory_over_few_mb"))] for row in data["sections"]["send_each"]["rows"]])


def cold(data):
    return table(["authorities", "ms", "bare Beast's", "÷", "CPU ms", "bare Beast's", "÷", "constructor ms"],
                 [[row["authorities"], with_spread(row["wall_ms"]), number(row["bare_wall_ms"]), number(row["over_bare"]),
                   number(row["cpu_ms"]), number(row["bare_cpu_ms"]), number(row["cpu_over_bare"]),
                   number(row["constructor_ms"])] for row in data["sections"]["cold"]["rows"]])


def first(data):
    names = {"bare": "one, bare Beast", "one": "one", "eight": "eight at once"}
    return table(["messages", "the last after ms", "÷ one"],
                 [[names[row["messages"]], with_spread(row["last_ms"]), number(row["over_one"])]
                  for row in data["sections"]["first"]["rows"]])


def build(data):
    return table(["unit", "-O0, CPU s", "÷ bare", "memory MB", "-O2, CPU s", "stripped KB"],
                 [[row["unit"], number(row["seconds"]), number(row["over_bare"]), number(row["peak_mb"]),
                   number(row.get("seconds_O2")), number(row.get("stripped_kb"))]
                  for row in data["sections"]["build"]["rows"]])


def machine(data):
    m = data["machine"]
    lines = [f"{m['processor']}, {m['cores']} cores, Linux {m['kernel']}; {m['compiler']} -O2; Boost {m['boost']}, OpenSSL "
             f"{m['openssl']}, libcurl {m['libcurl']}, Node {m['node']}, wrk {m['wrk']}, Valgrind {m['valgrind']}.", ""]
    if data["quick"]:
        lines += ["A quick run: few rounds and few messages.", ""]
    rows = [[name, section["date"], section["library"], section.get("rounds", ""), section["load_before"],
             section["load_after"]] for name, section in data["sections"].items()]
    return "\n".join(lines) + "\n" + table(["section", "measured", "library at", "rounds", "load before", "after"], rows, 3)


def skipped(data):
    return "\n".join(f"- {name}: {why}" for name, why in data["skipped"].items()) or "Nothing was left out."


blocks = {f.__name__: f for f in (targets, instructions, parts, calls, one_core, contenders, growth, people, send_each, cold,
                                  first, build, machine, skipped)}


SECTION_OF = {"parts": "instructions"}
WITHOUT_SECTION = ("targets", "machine", "skipped")


def values(data):
    """{name: text}: what the prose of the page may quote."""
    out = {}
    for each in data["targets"]:
        out[each["name"]] = each["shown"]
        out[each["name"] + ".target"] = each["target"]
        out[each["name"] + ".missed"] = f"{each.get('missed_by_percent', 0):g} %"
        out[each["name"] + ".verdict"] = {True: "met", False: "missed", None: "not measured"}[each["met"]]
    judged = [each for each in data["targets"] if each["met"] is not None]
    out["met"] = str(sum(each["met"] for each in judged))
    out["judged"] = str(len(judged))
    for row in data["sections"].get("instructions", {}).get("rows", []):
        for name, n in row.get("parts", {}).items():
            out[f"part.{scheme(row)}.{name}"] = number(n)
        out[f"instructions.{row['client']}.{scheme(row)}"] = number(row["instructions"])
    return out


def renew(text, data):
    """The page with what the data say.

    @throws LookupError  The data have nothing of the name.
    """
    known = values(data)

    def block(match):
        name = match.group(2)
        measured = SECTION_OF.get(name, name) in data["sections"] or name in WITHOUT_SECTION
        return f"{match.group(1)}\n{blocks[name](data) if measured else 'Not measured.'}\n<!-- end -->"

    def value(match):
        return f"{match.group(1)}{known[match.group(2)]}<!-- end -->"
    text = re.sub(r"(<!-- performance: (\w+) -->)\n.*?<!-- end -->", block, text, flags=re.S)
    return re.sub(r"(<!-- value: ([^>]+?) -->)[^\n]*?<!-- end -->", value, text)


def read():
    return json.loads(JSON.read_text(encoding="utf-8"))
