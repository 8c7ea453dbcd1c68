#!/usr/bin/env python3
"""Checks that examples/meson.build names every program of examples/ that is installed, every source of one, and the
definitions that they are linked with: Meson has no patterns for files, CMake has.

Usage: meson_sources.py DIRECTORY, which has the programs and meson.build; beside it are the definitions, in src/.
"""
import re
import sys
from pathlib import Path

root = Path(sys.argv[1])
text = (root / "meson.build").read_text(encoding="utf-8")
named = set(re.findall(r"'([\w./-]+\.cpp)'", text))
programs = {path.stem for path in root.glob("tidings-*.cpp")}
parts = {path.relative_to(root).as_posix() for folder in [*programs, "tools"] for path in (root / folder).glob("*.cpp")}
parts |= {f"../src/{path.name}" for path in (root / "../src").glob("*.cpp")}

problems = [f"meson.build does not name the program {name}" for name in sorted(programs)
            if not re.search(rf"^  '{name}': \{{$", text, re.M)]
problems += [f"meson.build does not name {part}" for part in sorted(parts - named)]
problems += [f"meson.build names {name}, which does not exist" for name in sorted(named)
             if not (root / name).exists()]
print("\n".join(problems))
sys.exit(1 if problems or not programs else 0)
