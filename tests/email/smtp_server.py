#!/usr/bin/python3
"""An SMTP server on loopback, for the tests of e-mail: aiosmtpd, of Debian's python3-aiosmtpd.

Usage: smtp_server.py DIRECTORY starttls|tls|none [CERTIFICATE KEY]

Writes its port to DIRECTORY/port, and what each message is to a mail program to DIRECTORY/1.json, 2.json, …; the bytes are
in 1.eml. The login is "ada" with the password in DIRECTORY/password; without that file there is no login. It refuses the
address unknown@… and messages whose subject contains "refuse this".
"""
import asyncio
import email
import email.policy
import email.utils
import json
import os
import ssl
import sys
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult

directory = Path(sys.argv[1])
security = sys.argv[2]
password = (directory / "password").read_bytes() if (directory / "password").exists() else None
context = None
if security != "none":
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[3], sys.argv[4])


def write(name, content):
    (directory / (name + ".new")).write_bytes(content)
    os.rename(directory / (name + ".new"), directory / name)


def read(content):
    """What a mail program makes of the message."""
    message = email.message_from_bytes(content, policy=email.policy.default)
    parts = [part for part in message.walk() if not part.is_multipart()]
    return {
        "headers": [name for name, _ in message.items()],
        "subject": message["Subject"],
        "from": message["From"],
        "to": message["To"],
        "message_id": message["Message-ID"],
        "auto_submitted": message["Auto-Submitted"],
        "date": int(email.utils.parsedate_to_datetime(message["Date"]).timestamp()),
        "type": message.get_content_type(),
        "defects": [repr(d) for part in message.walk() for d in part.defects],
        "header_defects": [repr(d) for _, value in message.items() for d in getattr(value, "defects", [])],
        "parts": [{"type": p.get_content_type(), "charset": p.get_content_charset(), "text": p.get_content().replace("\r\n", "\n")} for p in parts],
        "longest_line": max(len(line) for line in content.split(b"\r\n")),
        "ascii": content.isascii(),
    }


class Handler:
    def __init__(self):
        self.count = 0
        self.now = 0
        self.most = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("unknown@"):
            return "550 5.1.1 No such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0.01)
        self.now -= 1
        said = read(envelope.content)
        if "refuse this" in said["subject"]:
            return "554 5.6.0 Content refused"
        said.update(mail_from=envelope.mail_from, rcpt_tos=envelope.rcpt_tos, login=session.authenticated,
            tls=session.ssl is not None or security == "tls", most_at_once=self.most)
        self.count += 1
        write(f"{self.count}.eml", envelope.content)
        write(f"{self.count}.json", json.dumps(said).encode())
        return "250 2.0.0 Queued"


def log_in(server, session, envelope, mechanism, data):
    return AuthResult(success=data.login == b"ada" and data.password == password, handled=False)


async def serve():
    handler = Handler()

    def connection():
        return SMTP(handler, hostname="mail.test", tls_context=context if security == "starttls" else None,
            require_starttls=security == "starttls", auth_required=password is not None, auth_require_tls=security == "starttls",
            authenticator=log_in)

    server = await asyncio.get_running_loop().create_server(connection, "127.0.0.1", 0,
        ssl=context if security == "tls" else None)
    write("port", str(server.sockets[0].getsockname()[1]).encode())
    await server.serve_forever()


asyncio.run(serve())
