"""Where programs run, what they cost, and what is installed."""
import contextlib
import dataclasses
import datetime
import json
import os
import pathlib
import platform
import re
import resource
import shutil
import statistics
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Skipped(Exception):
    """Something that is not here; the text says what."""


def cores():
    """The core of the server and that of the client."""
    allowed = sorted(os.sched_getaffinity(0))
    return allowed[0], allowed[-1]


def output_of(*command, default=""):
    try:
        ran = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return ran.stdout
    except OSError:
        return default


@dataclasses.dataclass
class Run:
    """One process, from fork to exit."""
    output: str
    wall: float
    user: float
    system: float
    max_rss_kb: int

    @property
    def cpu(self):
        return self.user + self.system


def run(command, core=None, env=None, cwd=None, discard_errors=False):
    """Runs a program on one core, or where the system puts it."""
    def prepare():
        if core is not None:
            os.sched_setaffinity(0, {core})
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as errors:
        begin = time.monotonic()
        process = subprocess.Popen([str(part) for part in command], stdout=out, stderr=errors, env=env, cwd=cwd,
                                   preexec_fn=prepare)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.monotonic() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        errors.seek(0)
        if process.returncode:
            raise RuntimeError(f"{' '.join(map(str, command))}: exit status {process.returncode}\n{errors.read()[-2000:]}")
        return Run(out.read() if not discard_errors else out.read() + errors.read(), wall, used.ru_utime, used.ru_stime,
                   used.ru_maxrss)


class Server:
    """A program that prints its ports, serves until its standard input ends, and may report something then."""

    def __init__(self, *command):
        self.process = subprocess.Popen([str(part) for part in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True)
        self.ports = self.process.stdout.readline().split()
        if not self.ports:
            raise RuntimeError(f"{command[0]} did not start")

    def pin(self, core):
        os.sched_setaffinity(self.process.pid, {core})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        """What it printed at its end."""
        if self.process.stdin.closed:
            return ""
        self.process.stdin.close()
        rest = self.process.stdout.read()
        self.process.wait()
        self.process.stdout.close()
        return rest


def spread(values):
    """The median and the quartiles of several values."""
    values = sorted(values)
    low, high = values[0], values[-1]
    if len(values) >= 4:
        low, _, high = statistics.quantiles(values, n=4, method="inclusive")
    return {"median": significant(statistics.median(values)), "low": significant(low), "high": significant(high)}


def significant(value, digits=4):
    """A number without the digits that say nothing."""
    if value == 0:
        return 0
    return float(f"{value:.{digits}g}") if abs(value) < 10 ** digits else round(value)


def load():
    return round(os.getloadavg()[0], 1)


def more_files():
    """Ten thousand connections need as many descriptors."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def library_version():
    """The last commit that changed the library."""
    commit = output_of("git", "-C", str(ROOT), "log", "-1", "--format=%h", "--", "include", "src").strip()
    changed = output_of("git", "-C", str(ROOT), "status", "--porcelain", "--", "include", "src").strip()
    return (commit or "unknown") + ("+" if changed else "")


def stamp():
    return {"date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
            "library": library_version(), "load_before": load()}


def describe():
    """What the numbers depend on, beside the code."""
    def found(pattern, text):
        match = re.search(pattern, text, re.M)
        return match.group(1).strip() if match else "none"
    boost = ROOT.joinpath("/usr/include/boost/version.hpp")
    return {
        "processor": found(r"^model name\s*:\s*(.*)$", pathlib.Path("/proc/cpuinfo").read_text()),
        "cores": len(os.sched_getaffinity(0)),
        "kernel": platform.release(),
        "compiler": output_of("g++", "--version").splitlines()[0],
        "boost": found(r'BOOST_LIB_VERSION "(.*)"', boost.read_text()).replace("_", ".") if boost.exists() else "unknown",
        "openssl": found(r"^OpenSSL (\S+)", output_of("openssl", "version")),
        "libcurl": found(r"^libcurl (\S+)", output_of("curl-config", "--version")),
        "node": output_of("node", "--version").strip() or "none",
        "wrk": found(r"^wrk \S*?([\d.]+)", output_of("wrk", "--version")) if shutil.which("wrk") else "none",
        "valgrind": found(r"valgrind-(\S+)", output_of("valgrind", "--version")),
        "strace": found(r"version (\S+)", output_of("strace", "--version")),
    }
