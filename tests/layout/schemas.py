#!/usr/bin/env python3
"""Checks docs/schemas/ with python3-jsonschema: the schemas themselves, the documents of docs/, and a table of documents.

Usage: schemas.py ROOT. That the library reads and refuses the same documents is tested in tests/config/schema.cpp and
tests/subscription/schemas.cpp, which read the same files.
"""
import json
import re
import sys
from pathlib import Path

from jsonschema import Draft202012Validator

root = Path(sys.argv[1])
problems = []


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


validators = {}
for path in sorted((root / "docs/schemas").glob("*.schema.json")):
    schema = read(path)
    Draft202012Validator.check_schema(schema)
    if schema["$schema"] != Draft202012Validator.META_SCHEMA["$schema"]:
        problems.append(f"{path.name}: is of another draft")
    validators[path.name.removesuffix(".schema.json")] = Draft202012Validator(schema)

# The documents of the pages: each block of JSON that has a schema, and at least one for each schema.
shown = set()
for page in ["docs/channels.md", "docs/subscriptions.md"]:
    text = (root / page).read_text(encoding="utf-8")
    marked = re.findall(r"<!-- schema (\w+) -->\n```json\n(.*?)\n```", text, re.S)
    if len(marked) != text.count("```json"):
        problems.append(f"{page}: a block of JSON has no comment <!-- schema NAME --> before it")
    for name, block in marked:
        shown.add(name)
        problems += [f"{page}: {error.json_path}: {error.message}" for error in validators[name].iter_errors(json.loads(block))]
problems += [f"docs/: no page shows a document of {name}.schema.json" for name in sorted(set(validators) - shown)]

count = 0
for entry in read(root / "tests/data/documents.json"):
    count += 1
    expected = entry["valid"] or entry.get("only_the_library_refuses", False)
    if validators[entry["schema"]].is_valid(entry["document"]) != expected:
        verb = "refuses" if expected else "permits"
        problems.append(f"{entry['schema']}.schema.json {verb} {entry['what']}: {json.dumps(entry['document'])}")

print("\n".join(problems), file=sys.stderr)
print(f"schemas: {len(validators)} schemas and {count} documents, {len(problems)} problems")
sys.exit(1 if problems or len(validators) != 4 else 0)
