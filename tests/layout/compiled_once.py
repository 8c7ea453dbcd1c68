#!/usr/bin/env python3
"""Checks what a program with TIDINGS_SEPARATE_COMPILATION compiles.

Usage: compiled_once.py DIRECTORY COMPILER [FLAG...], where DIRECTORY has the folder tidings/.

A source that sends includes no header of Beast, Boost.JSON, Boost.URL or TLS: these are for the definitions, which are
compiled once. And tidings/src.hpp has all of the definitions, but those that have a file of their own.
"""
import re
import subprocess
import sys
from pathlib import Path

heavy = re.compile(r"boost/(beast|json|url)(/|\.hpp)|boost/asio/ssl(/|\.hpp)|openssl/ssl\.h")
# Definitions with a file of their own.
files = {
    "any_src.hpp": ["impl/any_*.ipp"],
    "config/src.hpp": ["config/**/*.ipp"],
    "subscription/src.hpp": ["subscription/**/*.ipp"],
    "src.hpp": ["**/*.ipp"],
}


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
    elsewhere = set((root / "tidings/sandbox").rglob("*.ipp"))  # includes its parts itself
    for file, patterns in files.items():
        src = root / "tidings" / file
        parts = {path for pattern in patterns for path in (root / "tidings").glob(pattern)} - elsewhere
        elsewhere |= parts
        text = src.read_text(encoding="utf-8") if src.exists() else ""
        for path in sorted(parts):
            name = path.relative_to(root).as_posix()
            if f"#include <{name}>" not in text:
                yield f"{file} does not include {name}"


root = Path(sys.argv[1]).resolve()
problems = [*check_definitions(root), *check_weight(root, sys.argv[2:])]
print("\n".join(problems))
sys.exit(1 if problems else 0)
