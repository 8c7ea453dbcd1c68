#!/usr/bin/env python3
"""Checks that an include of include/tidings only ever points down the floors of docs/design.md, or along one.

Usage: include_direction.py DIRECTORY, which has the folder tidings/.
"""
import re
import sys
from pathlib import Path

# From the ground up. A folder's own detail/ and impl/ are on its floor.
floors = [
    ["detail/config.hpp", "error.hpp", "impl/error.ipp", "result.hpp", "version.hpp", "lookup_kind.hpp",
        "capabilities.hpp", "platform_capabilities.hpp", "printable_text.hpp"],
    ["detail"],
    ["message", "send_options.hpp", "send_each.hpp", "receipt.hpp", "recipient.hpp", "secret.hpp", "webhook_address.hpp",
     "event.hpp", "diagnosis.hpp"],
    ["wire"],
    ["concepts.hpp", "access_token.hpp"],
    ["callback", "directory", "match", "observer", "pacing", "policy", "token_cache", "transport"],
    ["provider", "impl"],
    ["", "impl/any_client.hpp", "impl/any_notifier.ipp", "impl/any_webhook.ipp", "impl/usual_notifiers.hpp",
        "impl/usual_notifiers.ipp"],  # what users compose
    ["config"],  # the administrator's side
    ["subscription"],  # who gets which message
]
# Nothing else includes these: they bring a library that not everybody has, or the whole sandbox.
alone = ["format.hpp", "fmt.hpp", "observer/spdlog.hpp", "observer/prometheus.hpp", "src.hpp", "any_src.hpp", "config/src.hpp",
         "subscription/email.hpp", "subscription/src.hpp", "subscription/time_zone.hpp", "tidings.hpp", "sandbox"]


def stands_in(header, place):
    return place in ("", header) or header.startswith(place + "/")


def floor(header):
    """The floor of the longest place that the header is in."""
    return max((len(place), i) for i, places in enumerate(floors) for place in places if stands_in(header, place))[1]


def check(root):
    for path in sorted(root.rglob("*.?pp")):
        header = path.relative_to(root).as_posix()
        for included in re.findall(r"^#include <tidings/([^>]+)>", path.read_text(encoding="utf-8"), re.M):
            if stands_in(header, "sandbox"):
                if not stands_in(included, "sandbox"):
                    yield f"{header} includes {included}: the sandbox shares nothing with the library"
            elif any(stands_in(included, place) and not stands_in(header, place) for place in alone):
                yield f"{header} includes {included}, which only a user includes"
            elif floor(included) > floor(header):
                yield f"{header} includes {included}, which is above it"


problems = list(check(Path(sys.argv[1]) / "tidings"))
print("\n".join(problems))
sys.exit(1 if problems else 0)
