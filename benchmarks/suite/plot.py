"""docs/performance.svg: what a message costs by each contender, and how that grows with those in flight."""
import math
from xml.sax.saxutils import escape

from .clients import CLIENTS, OURS, RAW, TITLES

STYLE = """
    text { font: 13px system-ui, sans-serif; fill: #24292f; }
    .title { font-weight: 600; font-size: 15px; }
    .small { font-size: 11px; fill: #57606a; }
    .ours { font-weight: 600; }
    .grid { stroke: #8c959f; stroke-opacity: .35; }
    .range { stroke: #8c959f; stroke-width: 2; stroke-opacity: .8; }
    .plain { fill: #0969da; stroke: #0969da; }
    .tls { fill: #bc4c00; stroke: #bc4c00; }
    .line { fill: none; stroke-width: 2; }
    .other { stroke-dasharray: 5 4; }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3; }
      .small { fill: #9198a1; }
      .plain { fill: #58a6ff; stroke: #58a6ff; }
      .tls { fill: #ffa657; stroke: #ffa657; }
    }
"""


class Scale:
    """A logarithmic axis."""

    def __init__(self, low, high, begin, end):
        self.low, self.high, self.begin, self.end = math.log10(low), math.log10(high), begin, end

    def __call__(self, value):
        return round(self.begin + (math.log10(value) - self.low) / (self.high - self.low) * (self.end - self.begin), 1)


def text(x, y, what, kind="", anchor="start"):
    return f'<text x="{x}" y="{y}" class="{kind}" text-anchor="{anchor}">{escape(str(what))}</text>'


def ticks(low, high):
    return [base * 10 ** power for power in range(-1, 6) for base in (1, 2, 5) if low <= base * 10 ** power <= high]


def legend(x, y):
    return [f'<circle cx="{x}" cy="{y - 4}" r="5" class="plain"/>', text(x + 10, y, "plain", "small"),
            f'<circle cx="{x + 60}" cy="{y - 4}" r="5" class="tls"/>', text(x + 70, y, "TLS", "small")]


def dots(rows, top):
    """A row for each contender: processor time of one message, 64 in flight."""
    rows = [row for row in rows if row["in_flight"] == 64]
    clients = [client for client in CLIENTS if any(row["client"] == client for row in rows)]
    def cost(client):
        return min(row["cpu_us"]["median"] for row in rows if row["client"] == client)
    clients.sort(key=cost)
    low = min(row["cpu_us"]["low"] for row in rows) * .8
    high = max(row["cpu_us"]["high"] for row in rows) * 1.2
    x = Scale(low, high, 200, 780)
    bottom = top + 40 + 26 * len(clients)
    out = [text(20, top, "Processor time of one message, 64 in flight, µs", "title"), *legend(680, top)]
    for tick in ticks(low, high):
        out += [f'<line x1="{x(tick)}" x2="{x(tick)}" y1="{top + 16}" y2="{bottom - 12}" class="grid"/>',
                text(x(tick), bottom + 4, f"{tick:g}", "small", "middle")]
    for i, client in enumerate(clients):
        y = top + 34 + 26 * i
        out.append(text(190, y + 4, TITLES[client], "ours" if client.startswith(OURS) else "", "end"))
        for row in rows:
            if row["client"] == client:
                c = row["cpu_us"]
                out.append(f'<line x1="{x(c["low"])}" x2="{x(c["high"])}" y1="{y}" y2="{y}" class="range"/>')
                out.append(f'<circle cx="{x(c["median"])}" cy="{y}" r="5.5" class="{"tls" if row["tls"] else "plain"}">'
                           f'<title>{escape(TITLES[client])}: {c["median"]:g} µs</title></circle>')
    return out, bottom + 20


def lines(rows, top):
    """Processor time of one message against those in flight."""
    low = min(row["cpu_us"]["median"] for row in rows) * .7
    high = max(row["cpu_us"]["median"] for row in rows) * 1.4
    x = Scale(min(row["in_flight"] for row in rows), max(row["in_flight"] for row in rows), 80, 660)
    y = Scale(low, high, top + 220, top + 20)
    out = [text(20, top, "Processor time of one message as more are in flight, µs, one core", "title"), *legend(680, top)]
    for tick in ticks(low, high):
        out += [f'<line x1="80" x2="660" y1="{y(tick)}" y2="{y(tick)}" class="grid"/>',
                text(70, y(tick) + 4, f"{tick:g}", "small", "end")]
    for n in sorted({row["in_flight"] for row in rows}):
        out.append(text(x(n), top + 242, f"{n:,}", "small", "middle"))
    taken = []
    for client in dict.fromkeys(row["client"] for row in rows):
        for tls in (False, True):
            points = sorted((row["in_flight"], row["cpu_us"]["median"]) for row in rows
                            if row["client"] == client and row["tls"] == tls)
            if not points:
                continue
            kind = ("tls" if tls else "plain") + ("" if client == OURS else " other")
            path = " ".join(f"{x(n)},{y(cost)}" for n, cost in points)
            out.append(f'<polyline points="{path}" class="line {kind}" style="fill:none"/>')
            out += [f'<circle cx="{x(n)}" cy="{y(cost)}" r="3.5" class="{"tls" if tls else "plain"}"/>' for n, cost in points]
            at = y(points[-1][1]) + 4
            while any(abs(at - other) < 13 and abs(x(points[-1][0]) - where) < 60 for where, other in taken):
                at += 13
            taken.append((x(points[-1][0]), at))
            out.append(text(x(points[-1][0]) + 9, at, TITLES[client] + (", TLS" if tls else ""), "small"))
    return out, top + 262


def draw(sections):
    body, y = [], 30
    if "contenders" in sections:
        part, y = dots(sections["contenders"]["rows"], y)
        body += part
    if "growth" in sections:
        part, y = lines(sections["growth"]["rows"], y + 30)
        body += part
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 820 {y}" role="img" '
            'aria-label="What a message costs, by contender and by the number in flight">\n'
            f"  <style>{STYLE}  </style>\n" + "\n".join("  " + line for line in body) + "\n</svg>\n")
