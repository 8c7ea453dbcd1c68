"""tls_anonymous.py PROGRAMS: a server without any certificate, by a cipher that needs none.

Whatever OpenSSL's configuration permits to all programs, tidings-send offers no such cipher, and the secret stays here.
PROGRAMS is the folder of tidings-send.
"""
import json
import os
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import unittest

programs = sys.argv.pop(1)


class Anonymous(unittest.TestCase):
    def test_no_configuration_has_it_talk_to_a_server_without_a_certificate(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers("aNULL:@SECLEVEL=0")
        listener = socket.create_server(("127.0.0.1", 0))
        seen = []

        def serve():
            while True:
                try:
                    client, _ = listener.accept()
                except OSError:
                    return
                try:
                    with context.wrap_socket(client, server_side=True) as secure:
                        seen.append(secure.recv(4096))
                except OSError:
                    client.close()

        threading.Thread(target=serve, daemon=True).start()
        for permitted in ("ALL:@SECLEVEL=0", "ALL:eNULL:@SECLEVEL=0", "DEFAULT", None):
            with self.subTest(permitted=permitted), tempfile.TemporaryDirectory() as folder:
                environment = {"TIDINGS_APP_ID": "app", "TIDINGS_APP_SECRET": "SECRETSECRET", "TIDINGS_AGENT_ID": "1"}
                if permitted:
                    configuration = os.path.join(folder, "openssl.cnf")
                    with open(configuration, "w", encoding="ascii") as out:
                        out.write(f"openssl_conf=a\n[a]\nssl_conf=b\n[b]\nsystem_default=c\n[c]\nCipherString={permitted}\n")
                    environment["OPENSSL_CONF"] = configuration
                done = subprocess.run(
                    [f"{programs}/tidings-send", "--provider", "wecom", "--match", "login-name", "--to", "ada", "--text", "x",
                     "--base-url", f"https://localhost:{listener.getsockname()[1]}", "--retries", "0", "--json"],
                    env=environment, capture_output=True, timeout=60)
                self.assertEqual(json.loads(done.stdout)["error"], "connect_failed", done)
                self.assertEqual(seen, [])
        listener.close()


if __name__ == "__main__":
    unittest.main()
