#!/usr/bin/env python3
"""demo.py PROGRAMS: the main job against the sandbox, then three failures that a newcomer meets.

PROGRAMS is the folder of tidings-sandbox and tidings-send.
"""
import json
import os
import ssl
import subprocess
import sys
import urllib.request

programs = sys.argv[1]
fields = {"login-name": "login_name", "phone-number": "phone_number", "email": "email"}
surprises = 0


def title(text):
    print(f"\n== {text}", flush=True)


def send(platform, match, to, *options, app_id=None, app_secret=None, expected=0):
    """Runs tidings-send as a person would, and shows the command line."""
    global surprises
    command = ["tidings-send", "--provider", platform, "--match", match, "--to", to, *options]
    print("\n$ " + " ".join(f"'{word}'" if " " in word else word for word in command), flush=True)
    app = world[platform]
    environment = dict(
        os.environ, TIDINGS_APP_ID=app_id or app["app_id"], TIDINGS_APP_SECRET=app_secret or app["app_secret"]
    )
    where = ["--base-url", app["url"], "--ca-file", world["ca_file"]]
    done = subprocess.run([f"{programs}/{command[0]}", *command[1:], *where], env=environment)
    if done.returncode != expected:
        print(f"exit code {done.returncode}, expected {expected}")
        surprises += 1


sandbox = subprocess.Popen(
    [f"{programs}/tidings-sandbox", "--tls", "--json"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
)
try:
    world = json.loads(sandbox.stdout.readline())
    title("Lark and Feishu are up, on this machine, with TLS")
    print(f"lark {world['lark']['url']}, feishu {world['feishu']['url']}")
    print("Each command below also has --base-url and --ca-file for them; without these it talks to the real platform.")

    title("One message by each field, on both platforms")
    person = world["people"][1]
    for platform in ("lark", "feishu"):
        for match, field in fields.items():
            send(platform, match, person[field], "--text", f"Hello by {match}")

    title("What the platforms delivered")
    trusted = ssl.create_default_context(cafile=world["ca_file"])
    with urllib.request.urlopen(f"{world['url']}/_sandbox/ledger", context=trusted) as answer:
        ledger = json.load(answer)["messages"]
    for row in ledger:
        print(f"{row['provider']:7} {row['to']:5} {row['msg_type']:5} {json.loads(row['content'])['text']:21} {row['message_id']}")
    if len(ledger) != 6:
        print(f"{len(ledger)} messages, expected 6")
        surprises += 1

    title("What a newcomer meets, 1: nobody has this phone number")
    send("lark", "phone-number", "+6590000000", expected=1)

    apps = {app["app_id"]: app["app_secret"] for app in json.loads(
        subprocess.run([f"{programs}/tidings-sandbox", "--print-world"], capture_output=True, check=True).stdout
    )["apps"]}
    title("What a newcomer meets, 2: the application lacks a permission")
    without_scope = "cli_a1b2c3d4e5f60e01"
    send("lark", "email", person["email"], app_id=without_scope, app_secret=apps[without_scope], expected=1)

    title("What a newcomer meets, 3: the bot was added, but no version with it was released")
    unpublished = "cli_a1b2c3d4e5f60e02"
    send("lark", "login-name", person["login_name"], app_id=unpublished, app_secret=apps[unpublished], expected=1)
finally:
    sandbox.stdin.close()
    sandbox.wait(10)

title("Done" if not surprises else f"{surprises} of these went otherwise than expected")
sys.exit(surprises != 0)
