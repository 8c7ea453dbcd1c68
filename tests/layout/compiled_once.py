#!/usr/bin/env python3
"""Checks what a program with TIDINGS_SEPARATE_COMPILATION compiles.

Usage: compiled_once.py DIRECTORY COMPILER [FLAG...], where DIRECTORY has the folder tidings/.

A source that sends includes no header of Beast, Boost.JSON, Boost.URL or TLS: these are for the definitions, which are
compiled once. And tidings/src.hpp has all of the definitions.
"""
import re
import subprocess
import sys
from pathlib import Path

heavy = re.compile(r"boost/(beast|json|url)(/|\.hpp)|boost/asio/ssl(/|\.hpp)|openssl/ssl\.h")
# Definitions with a src.hpp of their own.
parts = ["config/", "sandbox/", "subscription/"]


def included(root, command):
    """What the compiler reads for tidings/tidings.hpp."""
    source = "#include <tidings/tidings.hpp>\n"
    flags = ["-std=c++20", "-DTIDINGS_SEPARATE_COMPILATION", f"-I{root}", "-M", "-MG", "-x", "c++", "-"]
    result = subprocess.run([*command, *flags], input=source, capture_output=True, text=True, check=True)
    return result.stdout.split(":", 1)[1].replace("\\\n", " ").split()


def check_weight(root, command):
    files = included(root, command)
    if not any(heavy.search(file) for file in files):
        return
    own = [Path(file) for file in files if file.startswith(f"{root}/tidings/")]
    for path in own:
        for name in re.findall(r"^#include <([^>]+)>", path.read_text(encoding="utf-8"), re.M):
            if heavy.search(name):
                header = path.relative_to(root / "tidings").as_posix()
                yield f"{header} includes {name}: a source that sends need not compile it"
    for file in files:
        if heavy.search(file):
            yield f"a source that sends includes {file}"


def check_definitions(root):
    for folder in ["", "config/", "subscription/"]:
        src = root / "tidings" / folder / "src.hpp"
        if not src.exists():
            continue
        text = src.read_text(encoding="utf-8")
        for path in sorted(src.parent.rglob("*.ipp")):
            name = path.relative_to(root).as_posix()
            inside = path.relative_to(src.parent).as_posix()
            if folder == "" and inside.startswith(tuple(parts)):
                continue
            if f"#include <{name}>" not in text:
                yield f"{folder}src.hpp does not include {name}"


root = Path(sys.argv[1]).resolve()
problems = [*check_definitions(root), *check_weight(root, sys.argv[2:])]
print("\n".join(problems))
sys.exit(1 if problems else 0)
