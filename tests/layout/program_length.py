#!/usr/bin/env python3
"""Checks that the main file of each program in examples/ has at most 200 lines. What is longer has parts, in a folder of
the program's name or in examples/tools/.

Usage: program_length.py DIRECTORY, which has the main files.
"""
import re
import sys
from pathlib import Path

max_lines = 200
programs = [path for path in sorted(Path(sys.argv[1]).glob("*.cpp"))
            if re.search(r"^int main\(", path.read_text(encoding="utf-8"), re.M)]
problems = [] if programs else [f"{sys.argv[1]} has no programs"]
for path in programs:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    if lines > max_lines:
        problems.append(f"{path.name} has {lines} lines, more than {max_lines}: move parts of it into {path.stem}/")
print("\n".join(problems))
sys.exit(1 if problems else 0)
