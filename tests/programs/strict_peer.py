"""A platform that checks every request: path, query, headers, body, the members of the body and their types.

Written from the platforms' documents, not from the library or from tidings-sandbox; `strict_platforms` has the platforms.
What the documents do not describe is in `complaints`.
"""
import hashlib
import http.server
import json
import threading
import urllib.parse

PEOPLE = {"ada": ("+6591234567", "ada@example.com"), "ben": ("13800000003", "ben@example.com")}


class Refusal(Exception):
    """A failure that the documents describe: status and body."""


class StrictPeer:
    app_id = ""
    token_begins = ""
    json_type = "application/json"

    def __init__(self):
        self.secret = hashlib.sha256(self.app_id.encode()).hexdigest()[:32]
        self.agent_id = 1000002
        self.scopes = {"im:message:send_as_bot", "contact:user.id:readonly", "contact:user.employee_id:readonly",
                       "contact:contact.base:readonly", "qyapi_robot_sendmsg", "qyapi_get_member_by_mobile",
                       "qyapi_get_member", "qyapi_get_department_list", "qyapi_get_department_member"}
        self.bot = self.published = self.trusted = True
        self.visible = set(PEOPLE)  # whom the application may write to
        self.complaints, self.messages, self.paths = [], [], []
        self.fault = None  # function of the path: None, "stall", "close", or a status to answer with
        self.released = threading.Event()
        self.answered = {}  # by idempotency key
        peer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            do_GET = do_POST = do_PUT = do_DELETE = lambda self: peer.serve(self)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self):
        self.released.set()
        self.server.shutdown()
        self.server.server_close()

    @property
    def token(self):  # another secret has other tokens
        return self.token_begins + hashlib.sha256(self.secret.encode()).hexdigest()[:32]

    def serve(self, request):
        size = request.headers.get("Content-Length")
        raw = request.rfile.read(int(size or 0))
        url = urllib.parse.urlsplit(request.path)
        self.paths.append(url.path)
        fault = self.fault and self.fault(url.path)
        if fault == "stall":
            self.released.wait()
        if fault in ("stall", "close"):
            request.close_connection = True
            return
        if fault:
            return self.write(request, fault, b"<html>upstream</html>", "text/html")
        try:
            self.expect(request.request_version == "HTTP/1.1", "the version is HTTP/1.1")
            self.expect(request.headers.get("Host") == self.url.removeprefix("http://"), "Host is the peer's")
            self.expect((size is not None) == (request.command == "POST"), "a body has its length, and GET has none")
            query = urllib.parse.parse_qs(url.query, keep_blank_values=True, strict_parsing=bool(url.query))
            self.expect(all(len(values) == 1 for values in query.values()), "each parameter once")
            query = {name: values[0] for name, values in query.items()}
            body = self.json_body(request, raw) if request.command == "POST" else None
            answer = self.answer(f"{request.command} {url.path}", query, request.headers, body, raw)
            self.write(request, 200, json.dumps(answer, ensure_ascii=False).encode())
        except Refusal as refusal:
            self.write(request, refusal.args[0], json.dumps(refusal.args[1], ensure_ascii=False).encode())
        except Exception as error:  # not described, or a test's own mistake: seen in `complaints`
            self.complaints.append(f"{request.command} {url.path}: {error!r}")
            self.write(request, 400, b'{"code":9499,"msg":"Bad Request","data":{}}')

    @staticmethod
    def write(request, status, body, content_type="application/json; charset=utf-8"):
        head = f"HTTP/1.1 {status} Status\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
        request.wfile.write(head.encode() + body)

    def json_body(self, request, raw):
        content_type = request.headers.get("Content-Type", "")
        self.expect(content_type.lower().startswith(self.json_type), f"Content-Type is {self.json_type}: {content_type!r}")
        body = json.loads(raw.decode("utf-8"))
        self.expect(isinstance(body, dict), "the body is an object")
        return body

    def answer(self, call, query, headers, body, raw):
        """The answer to a request, or a Refusal. Everything else that is raised is a complaint."""
        raise NotImplementedError

    @staticmethod
    def expect(holds, what):
        if not holds:
            raise ValueError(what)

    def members(self, given, required, optional=()):
        """required, optional: names and types."""
        optional = dict(optional)
        self.expect(set(required) <= set(given) <= set(required) | set(optional), f"members {sorted(given)}")
        for name, value in given.items():
            kind = required.get(name) or optional[name]
            self.expect(type(value) is kind, f"{name} is {kind.__name__}, not {value!r}")

    def store(self, to, kind, content, key=None, answer=None):
        """Keeps a message; one with a known key is not kept again, and gets the first one's answer."""
        if key is not None and key in self.answered:
            return self.answered[key]
        self.messages.append({"to": to, "kind": kind, "content": content, "key": key})
        answer = answer(len(self.messages))
        if key is not None:
            self.answered[key] = answer
        return answer
