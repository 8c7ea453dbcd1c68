"""What the tests of tidings-callback share: the program as a child process, and requests as the platforms make them."""
import base64
import ctypes
import ctypes.util
import hashlib
import http.client
import json
import os
import subprocess
import time
import urllib.parse

crypto = ctypes.CDLL(ctypes.util.find_library("crypto") or "libcrypto.so.3")
for name in ("EVP_aes_256_cbc", "EVP_CIPHER_CTX_new"):
    getattr(crypto, name).restype = ctypes.c_void_p


def aes_256_cbc(key, iv, text):
    """`text` encrypted; its length is a multiple of 16."""
    context = ctypes.c_void_p(crypto.EVP_CIPHER_CTX_new())
    out = ctypes.create_string_buffer(len(text) + 16)
    size = ctypes.c_int()
    assert crypto.EVP_EncryptInit_ex(context, ctypes.c_void_p(crypto.EVP_aes_256_cbc()), None, key, iv) == 1
    crypto.EVP_CIPHER_CTX_set_padding(context, 0)
    assert crypto.EVP_EncryptUpdate(context, out, ctypes.byref(size), text, len(text)) == 1
    crypto.EVP_CIPHER_CTX_free(context)
    return out.raw[: size.value]


def padded(text, block):
    missing = block - len(text) % block
    return text + bytes([missing]) * missing


def lark_ciphertext(encrypt_key, text):
    iv = os.urandom(16)
    return iv + aes_256_cbc(hashlib.sha256(encrypt_key.encode()).digest(), iv, padded(text, 16))


def lark_body(ciphertext):
    return json.dumps({"encrypt": base64.b64encode(ciphertext).decode()}).encode()


def lark_headers(encrypt_key, body, timestamp=None, nonce="7391822"):
    timestamp = timestamp or str(int(time.time()))
    signature = hashlib.sha256((timestamp + nonce + encrypt_key).encode() + body).hexdigest()
    return {"X-Lark-Request-Timestamp": timestamp, "X-Lark-Request-Nonce": nonce, "X-Lark-Signature": signature}


def wecom_request(token, aes_key, corp, text, timestamp=None, nonce="1372623149"):
    """The query and the body of an event."""
    timestamp = timestamp or str(int(time.time()))
    key = base64.b64decode(aes_key + "=")
    plain = os.urandom(16) + len(text).to_bytes(4, "big") + text + corp.encode()
    encrypted = base64.b64encode(aes_256_cbc(key, key[:16], padded(plain, 32))).decode()
    signature = hashlib.sha1("".join(sorted([token, timestamp, nonce, encrypted])).encode()).hexdigest()
    query = {"msg_signature": signature, "timestamp": timestamp, "nonce": nonce}
    return query, f"<xml><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"


class Server:
    """tidings-callback, started; its port is free. Standard output is bytes."""

    def __init__(self, programs, environment, *arguments, stdout=subprocess.PIPE, **more):
        base = {name: value for name, value in os.environ.items() if not name.startswith("TIDINGS_")}
        self.process = subprocess.Popen(
            [f"{programs}/tidings-callback", *arguments],
            env=base | environment,
            stdin=subprocess.PIPE,
            stdout=stdout,
            stderr=subprocess.PIPE,
            **more,
        )
        if stdout == subprocess.PIPE:
            self.port = urllib.parse.urlsplit(json.loads(self.process.stdout.readline())["url"]).port

    def ask(self, method, path, body=None, headers={}, query=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            target = path + ("?" + urllib.parse.urlencode(query) if query else "")
            connection.request(method, target, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def stop(self):
        """The lines it printed and not yet read, and what it said on standard error. It ends well."""
        self.process.stdin.close()
        out = self.process.stdout.read() if self.process.stdout else b""
        err = self.process.stderr.read()
        self.process.wait(20)
        self.close()
        assert self.process.returncode == 0, (self.process.returncode, err)
        return out.splitlines(), err.decode()

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            if pipe:
                pipe.close()
