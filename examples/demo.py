#!/usr/bin/env python3
"""demo.py PROGRAMS: the main job against the sandbox, what a notice becomes, then failures that a newcomer meets.

PROGRAMS is the folder of tidings-sandbox and tidings-send.
"""
import json
import os
import ssl
import subprocess
import sys
import tempfile
import urllib.request

programs = sys.argv[1]
platforms = ("lark", "feishu", "dingtalk", "wecom")
fields = {"login-name": "login_name", "phone-number": "phone_number", "email": "email"}
surprises = 0


def title(text):
    print(f"\n== {text}", flush=True)


def surprise(text):
    global surprises
    surprises += 1
    print(text)


def environment(platform, app):
    names = {
        "TIDINGS_APP_ID": ("app_id", "app_key", "corp_id"),
        "TIDINGS_APP_SECRET": ("app_secret", "secret"),
        "TIDINGS_ROBOT_CODE": ("robot_code",),
        "TIDINGS_AGENT_ID": ("agent_id",),
    }
    of_app = {name: str(app[key]) for name, keys in names.items() for key in keys if key in app}
    return dict(os.environ, **of_app)


def command_for(platform, match, to, *options):
    scan = ["--directory-scan"] if platform == "dingtalk" and "email" in match else []
    return ["tidings-send", "--provider", platform, "--match", match, *scan, "--to", to, *options]


def run(command, platform, app, **how):
    where = ["--base-url", world[platform]["url"], "--ca-file", world["ca_file"]]
    return subprocess.run([f"{programs}/{command[0]}", *command[1:], *where], env=environment(platform, app), **how)


def show(command):
    print("\n$ " + " ".join(f"'{word}'" if " " in word else word for word in command), flush=True)


def fail(platform, match, to, app=None, expected=1):
    """Runs tidings-send as a person would, and shows the command line."""
    command = command_for(platform, match, to, "--test")
    show(command)
    done = run(command, platform, dict(world[platform], **(app or {})))
    if done.returncode != expected:
        surprise(f"exit code {done.returncode}, expected {expected}")


def ledger():
    trusted = ssl.create_default_context(cafile=world["ca_file"])
    with urllib.request.urlopen(f"{world['url']}/_sandbox/ledger", context=trusted) as answer:
        return json.load(answer)["messages"]


notice = {
    "title": {"default": "Disk almost full", "zh": "磁盘将满"},
    "severity": "warning",
    "facts": [{"label": "Host", "value": "db-01"}, {"label": "Used", "value": "91%"}],
    "markdown": "Run **cleanup** first.",
    "buttons": [{"label": "Runbook", "url": "https://wiki.example/disk"}],
    "footer": "monitor-7",
}

sandbox = subprocess.Popen(
    [f"{programs}/tidings-sandbox", "--tls", "--json"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
)
try:
    world = json.loads(sandbox.stdout.readline())
    title("Lark, Feishu, DingTalk and WeCom are up, on this machine, with TLS")
    print(", ".join(f"{platform} {world[platform]['url']}" for platform in platforms))
    print("Each command below also has --base-url and --ca-file for them; without these it talks to the real platform.")

    title("One message by each field, on each platform")
    person = world["people"][1]
    show(command_for("wecom", "email", person["email"], "--text", "Hello by email"))
    print("and so on:\n")
    print(f"{'':9}" + "".join(f"{match:14}" for match in fields))
    for platform in platforms:
        cells = []
        for match, field in fields.items():
            command = command_for(platform, match, person[field], "--text", f"Hello by {match}", "--json")
            done = run(command, platform, world[platform], stdout=subprocess.PIPE, text=True)
            said = json.loads(done.stdout) if done.stdout else {}
            cells.append(said.get("outcome", "no answer"))
            if done.returncode != 0:
                surprise(f"{platform} by {match}: {done.stdout}")
        print(f"{platform:9}" + "".join(f"{cell:14}" for cell in cells), flush=True)

    title("What the platforms delivered")
    rows = ledger()
    for row in rows:
        content = json.loads(row["content"])
        print(f"{row['provider']:9} {row['to']:5} {row['msg_type']:10} {content.get('text') or content.get('content')}")
    if len(rows) != len(platforms) * len(fields):
        surprise(f"{len(rows)} messages, expected {len(platforms) * len(fields)}")

    title("One notice, as each platform shows it")
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(notice, file)
        file.flush()
        for platform in platforms:
            command = command_for(platform, "phone-number,email", person["email"], "--notice", file.name, "--json")
            done = run(command, platform, world[platform], stdout=subprocess.PIPE, text=True)
            if done.returncode != 0:
                surprise(f"{platform}: {done.stdout}")
                continue
            row = ledger()[-1]
            print(f"\n{platform}: {row['msg_type']}\n  {json.dumps(json.loads(row['content']), ensure_ascii=False)}")

    title("What a newcomer meets, 1: nobody has this phone number")
    fail("lark", "phone-number", "+6590000000")

    known = json.loads(
        subprocess.run([f"{programs}/tidings-sandbox", "--print-world"], capture_output=True, check=True).stdout
    )
    apps = {app["app_id"]: app for app in known["apps"]}
    title("What a newcomer meets, 2: the application lacks a permission")
    fail("lark", "email", person["email"], apps["cli_a1b2c3d4e5f60e01"])

    title("What a newcomer meets, 3: the bot was added, but no version with it was released")
    fail("lark", "login-name", person["login_name"], apps["cli_a1b2c3d4e5f60e02"])

    title("What a newcomer meets, 4: WeCom does not trust the address of this machine")
    untrusting = next(app for app in known["wecom"]["apps"] if app["trusted_ips"])
    fail("wecom", "login-name", person["login_name"], untrusting)
finally:
    sandbox.stdin.close()
    sandbox.wait(10)

title("Done" if not surprises else f"{surprises} of these went otherwise than expected")
sys.exit(surprises != 0)
