#!/usr/bin/env python3
"""Checks the guides to the platforms against the library's tables.

* Each code in a table of errors is a row of the platform's codes.hpp, or a case of its `classify` (codes.ipp), with the kind
  of error that the guide says.
* Each scope in a guide is one that the headers of the platform name: those of the provider, or the sandbox, which demands them.
* Each guide has both tables, except WeCom's: WeCom has no scopes.

Usage: guides.py DIRECTORY, which has docs/guides/ and include/.
"""
import re
import sys
from pathlib import Path

root = Path(sys.argv[1])
guides = {"lark": "lark", "feishu": "lark", "dingtalk": "dingtalk", "wecom": "wecom"}
scope = r"\b(?:im|contact):[\w.]+(?::[\w.]+)*|\bqyapi_\w+"
problems = []


def kinds_of(headers):
    """{code: the kinds of error that it may be}"""
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(headers.rglob("codes.?pp")))
    found = {}
    for code, kind in re.findall(r'code_row\{"?([\w.-]+)"?, errc::(\w+)', text):
        found.setdefault(code, set()).add(kind)
    for code, kind in re.findall(r'code == "?([\w.-]+)"?[^;]*?return \{code, errc::(\w+)', text):
        found.setdefault(code, set()).add(kind)
    return found


def tables(text):
    """{the first cell of the heading: the rows, as lists of cells}"""
    found = {}
    for block in re.findall(r"(?:^\|.*\n)+", text, re.M):
        rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in block.splitlines()]
        found[rows[0][0]] = rows[2:]
    return found


for name, platform in guides.items():
    page = root / "docs/guides" / f"{name}.md"
    if not page.exists():
        problems.append(f"docs/guides/{name}.md is missing")
        continue
    text = page.read_text(encoding="utf-8")
    folders = [root / "include/tidings/provider" / platform, root / "include/tidings/sandbox/impl" / platform]
    known = kinds_of(folders[0])
    rows = tables(text)
    if not rows.get("code"):
        problems.append(f"{name}.md has no table of errors")
    if not rows.get("scope") and name != "wecom":
        problems.append(f"{name}.md has no table of scopes")
    for codes, kind, *_ in rows.get("code", []):
        for code in re.findall(r"[\w.-]+", codes):
            if code not in known:
                problems.append(f"{name}.md: {code} is not in {platform}/codes.hpp")
            elif kind.strip("`") not in known[code]:
                problems.append(f"{name}.md: {code} is {kind} in the guide and {' or '.join(sorted(known[code]))} in the library")
    headers = [header for folder in folders for header in folder.rglob("*.?pp")]
    named = set(re.findall(scope, "".join(header.read_text(encoding="utf-8") for header in headers)))
    for word in sorted(set(re.findall(scope, text)) - named):
        problems.append(f"{name}.md: the library does not name the scope {word} of {platform}")
print("\n".join(problems))
sys.exit(1 if problems else 0)
