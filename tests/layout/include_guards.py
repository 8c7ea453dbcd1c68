#!/usr/bin/env python3
"""Checks that every header has an include guard that is named after its path: TIDINGS_WIRE_REQUEST_HPP for
include/tidings/wire/request.hpp, TIDINGS_TESTS_SUPPORT_RUN_HPP for tests/support/run.hpp.

Usage: include_guards.py DIRECTORY, which has include/ and tests/. With --write, it corrects them.
"""
import re
import sys
from pathlib import Path


def guard_of(path):
    name = path.as_posix().removeprefix("include/")
    name = name if name.startswith("tidings/") else "tidings/" + name
    return re.sub(r"[^A-Z0-9]", "_", name.upper())


root = Path(sys.argv[1])
problems = []
for header in sorted([*root.glob("include/**/*.?pp"), *root.glob("tests/**/*.hpp")]):
    if "node_modules" in header.parts:
        continue
    guard = guard_of(header.relative_to(root))
    text = header.read_text(encoding="utf-8")
    if f"#ifndef {guard}\n#define {guard}\n" in text and text.endswith("\n#endif\n") and "#pragma once" not in text:
        continue
    problems.append(f"{header.relative_to(root)}: the include guard is not {guard}")
    if "--write" in sys.argv:
        if "#pragma once" in text:
            text = text.replace("#pragma once\n", f"#ifndef {guard}\n#define {guard}\n") + "\n#endif\n"
        else:
            text = re.sub(r"^#ifndef (\w+)\n#define \1\n", f"#ifndef {guard}\n#define {guard}\n", text, count=1, flags=re.M)
        header.write_text(text, encoding="utf-8")
print("\n".join(problems))
sys.exit(1 if problems else 0)
