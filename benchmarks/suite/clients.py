"""The contenders: programs that send the same message, and how each is started."""
import ast
import json
import os
import re
import shutil
import subprocess
import tempfile

from .machine import ROOT, Server, Skipped, cores, run

OURS = "tidings"
PIPELINED = "tidings_pipelined"
RAW = "beast_reused"

# Those that take the options of measurement.hpp.
PROGRAMS = {
    OURS: ["send"],
    PIPELINED: ["send", "--pipelined"],
    "epoll": ["send_epoll"],
    RAW: ["send_beast"],
    "beast_textbook": ["send_beast", "--fresh"],
    "beast_connecting": ["send_beast_once"],
    "libcurl": ["send_curl"],
}
NODE = "node_sdk"
WRK = "wrk"
CLIENTS = [*PROGRAMS, NODE, WRK]

TITLES = {
    OURS: "tidings",
    PIPELINED: "tidings, pipelined",
    "epoll": "epoll floor",
    RAW: "Beast, raw",
    "beast_textbook": "Beast, textbook",
    "beast_connecting": "Beast, a connection each",
    "libcurl": "libcurl",
    NODE: "official Node SDK",
    WRK: "wrk",
}


def message():
    """The text of every message, from measurement.hpp."""
    source = (ROOT / "benchmarks/measurement.hpp").read_text(encoding="utf-8")
    literals = re.search(r"string_view message =\n(.*?);\n", source, re.S).group(1)
    return ast.literal_eval("(" + literals + ")")


def body():
    """The request's body as all clients send it."""
    def compact(value):
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    out = compact({"receive_id": "7be5fg9a", "msg_type": "text", "content": compact({"text": message()}),
                   "uuid": "00000000-0000-4000-8000-000000000000"})
    assert len(out) == 606, len(out)
    return out


class Bench:
    """The programs, two servers, and the authority that signed for both."""

    def __init__(self, build, quick):
        self.build = build
        self.quick = quick
        self.scratch = tempfile.TemporaryDirectory(prefix="tidings-bench-")
        self.near, self.far = cores()
        self.ca = self.file("ca.pem")
        self.server = Server(build / "server", "--ca", self.ca)
        self.people_ca = self.file("people_ca.pem")
        self.make_certificates()
        self.people_server = self.new_people_server()
        self.file("body").write_text(body())
        self.missing = {}
        self.find_missing()

    def file(self, name):
        return ROOT.joinpath(self.scratch.name, name)

    def close(self):
        self.server.stop()
        self.people_server.stop()
        self.scratch.cleanup()

    def make_certificates(self):
        def openssl(*options):
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                            "-days", "2", *map(str, options)], check=True, stderr=subprocess.DEVNULL)
        openssl("-subj", "/CN=benchmark authority", "-keyout", self.file("people_ca.key"), "-out", self.people_ca,
                "-addext", "basicConstraints=critical,CA:TRUE")
        openssl("-CA", self.people_ca, "-CAkey", self.file("people_ca.key"), "-subj", "/CN=localhost",
                "-keyout", self.file("people.key"), "-out", self.file("people.pem"),
                "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-addext", "basicConstraints=critical,CA:FALSE")

    def new_people_server(self):
        return Server(self.build / "people_server", "--certificate", self.file("people.pem"), "--key",
                      self.file("people.key"))

    def find_missing(self):
        """What cannot take part, and why."""
        for client, (program, *options) in PROGRAMS.items():
            if not (self.build / program).exists():
                self.missing[client] = f"benchmarks/{program} was not built"
            elif options == ["--pipelined"]:
                try:
                    run([self.build / program, *options, "--port", self.server.ports[0], "--count", "1"])
                except RuntimeError as error:
                    self.missing[client] = str(error).splitlines()[-1].split(": ", 1)[-1]
        if not shutil.which("wrk"):
            self.missing[WRK] = "wrk is not installed"
        try:
            self.install_node_sdk()
        except Skipped as why:
            self.missing[NODE] = str(why)

    def install_node_sdk(self):
        """The version that tests/foreign names, into the build directory."""
        if not shutil.which("node") or not shutil.which("npm"):
            raise Skipped("node and npm are not installed")
        self.node = self.build / "node"
        self.node.mkdir(exist_ok=True)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(ROOT / "tests/foreign" / name, self.node)
        shutil.copy(ROOT / "benchmarks/send_node.mjs", self.node)
        ran = subprocess.run(["cmake", "-D", "NPM=npm", "-P", ROOT / "tests/foreign/install.cmake"], cwd=self.node,
                             text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if ran.returncode:
            raise Skipped("npm could not install the SDK: " + ran.stdout.strip().splitlines()[-1])

    def present(self, clients):
        return [client for client in clients if client not in self.missing]

    def command(self, client, tls, count, in_flight, *more):
        program, *options = PROGRAMS[client]
        out = [self.build / program, *options, "--port", self.server.ports[tls], "--count", count, "--in-flight", in_flight]
        return [*out, *(["--tls", "--ca", self.ca] if tls else []), *more]

    def pin(self, server, two_cores):
        """The client's core."""
        server.pin(self.near if two_cores else self.far)
        return self.far

    def measure(self, client, tls, count, in_flight, *more, two_cores=False):
        """What one message costs the client: {cpu_ns, wall_ns, user_ns, system_ns, max_rss_kb, messages, …}."""
        core = self.pin(self.server, two_cores)
        if client == WRK:
            return self.measure_wrk(tls, in_flight, core)
        if client == NODE:
            env = os.environ | {"NODE_EXTRA_CA_CERTS": str(self.ca), "TIDINGS_TEXT": message()}
            command = ["node", "send_node.mjs", self.server.ports[tls], "tls" if tls else "plain", count, in_flight]
            return json.loads(run(command, core, env, self.node).output)
        return json.loads(run(self.command(client, tls, count, in_flight, *more), core).output)

    def measure_wrk(self, tls, in_flight, core):
        env = os.environ | {"TIDINGS_BODY": str(self.file("body"))}
        where = ("https" if tls else "http") + "://localhost:" + self.server.ports[tls]
        seconds = 1 if self.quick else 2
        ran = run(["wrk", "-t1", f"-c{in_flight}", f"-d{seconds}s", "-s", ROOT / "benchmarks/wrk.lua", where], core, env)
        said = json.loads(ran.output.strip().splitlines()[-1])
        if said["errors"]:
            raise RuntimeError(f"wrk: {said['errors']} errors")
        n = said["messages"]
        return {"cpu_ns": ran.cpu * 1e9 / n, "user_ns": ran.user * 1e9 / n, "system_ns": ran.system * 1e9 / n,
                "wall_ns": said["wall_us"] * 1000 / n, "messages": n}
