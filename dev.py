#!/usr/bin/env python3
"""What a developer types: python3 dev.py run | test | bench | docs.

Knows how to make .venv beside itself and what to run in it; knows nothing of the journal. It needs nothing but
Python 3.11. An older Python 3 must still be able to read the whole file, to say so: no match, no walrus.
"""

import contextlib
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from urllib.parse import urljoin

if sys.platform != "win32":
    import fcntl

NEEDS = (3, 11)
if sys.version_info[:2] < NEEDS:
    sys.exit(f"dev.py needs Python 3.11 or newer; this is Python {sys.version.split()[0]} at {sys.executable}.")

HELP = """\
usage: python3 dev.py COMMAND [ARGS...]

  run ARGS...      run valuelog with all that it can use (the first time, this makes .venv)
  test [ARGS...]   run every check; with ARGS only pytest, which gets them
  bench [ARGS...]  run the benchmarks
  docs             write what comes from the code, and build the site: docs/_build/html/index.html
"""
NO_PIP = "Install python3-venv (Debian, Ubuntu) or uv, then run the same command again."
NO_INSTALL = "Setting up .venv failed, as said above. Look at network and disk space, then run the same command again."

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if sys.platform == "win32" else "bin")
PYTHON = BIN / ("python.exe" if sys.platform == "win32" else "python")
STAMP = VENV / "set-up-for"

# The extras: whoever runs it here shall miss nothing.
ALL, DEV = "calendar,explore", "dev"

# Each of these would send packages somewhere else than to .venv, the system's Python included.
ASTRAY = ("PIP_PREFIX", "PIP_PYTHON", "PIP_ROOT", "PIP_TARGET", "UV_PREFIX", "UV_SYSTEM_PYTHON", "UV_TARGET")

CHECKS = {
    "ruff format --check": ["ruff", "format", "--check"],
    "ruff check": ["ruff", "check"],
    "mypy": ["mypy"],
    "lint-imports": ["lint-imports"],
    "pytest": ["pytest", "-n", "auto", "--cov", "--cov-report=term"],
    "docs up to date": ["python", "docs/generate.py", "--check"],
    "docs build": ["python", "docs/generate.py", "--build"],
}


def main(words: list[str]) -> int:
    """Run the command that the words name and return its exit code: 130 after Ctrl-C, as a shell would."""
    name, *args = words or ["--help"]
    if name in {"-h", "--help", "help"}:
        print(HELP, end="")
        return 0
    if name not in COMMANDS:
        say(f"dev.py: there is no command {name!r}. See python3 dev.py --help.")
        return 2
    try:
        return COMMANDS[name](args)
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        sys.exit(f"dev.py: {error}. Remove .venv, then run the same command again.")


def say(line: str) -> None:
    """Write to stderr: stdout belongs to the program that is run."""
    print(line, file=sys.stderr, flush=True)


# The commands


def run(args: list[str]) -> int:
    """Become valuelog, so that the terminal, the signals and the exit code are its own."""
    set_up(ALL)
    return become(["valuelog", *args], dict(os.environ))


def script(path: str, args: list[str]) -> int:
    """Become a script of this project, with bytecode written: else every start that bench times would compile."""
    set_up(DEV)
    outside = inside_venv()
    outside.pop("PYTHONDONTWRITEBYTECODE", None)
    return become(["python", str(ROOT / path), *args], outside)


def test(args: list[str]) -> int:
    """Run every check, or with arguments pytest alone, as it is: a debugger and xdist do not go together."""
    set_up(DEV)
    os.chdir(ROOT)
    if args:
        return become(["pytest", *args], inside_venv())
    failed = [name for name, words in CHECKS.items() if not passes(name, words)]
    print(f"Failed: {', '.join(failed)}." if failed else "Every check passed.")
    return 1 if failed else 0


BENCH, DOCS = partial(script, "benchmarks/bench.py"), partial(script, "docs/generate.py")
COMMANDS: "dict[str, Callable[[list[str]], int]]" = {"run": run, "test": test, "bench": BENCH, "docs": DOCS}


def become(words: list[str], outside: dict[str, str]) -> int:
    """Turn this process into a program of .venv; Windows can only start it and wait."""
    program = str(BIN / words[0])
    if sys.platform == "win32":
        return subprocess.call([program, *words[1:]], env=outside)
    return os.execve(program, [program, *words[1:]], outside)


def inside_venv() -> dict[str, str]:
    """Return the environment in which .venv's programs come first."""
    path = os.pathsep.join([str(BIN), os.environ.get("PATH", os.defpath)])
    return {**os.environ, "PATH": path, "VIRTUAL_ENV": str(VENV)}


def passes(name: str, words: list[str]) -> bool:
    """Run one check and report it on one line; what it said is shown where it failed, pytest's words always."""
    start = time.monotonic()
    command = [str(BIN / words[0]), *words[1:]]
    heard = None if name == "pytest" else subprocess.PIPE
    done = subprocess.run(command, env=inside_venv(), stdout=heard, stderr=heard and subprocess.STDOUT, check=False)
    failed = done.returncode != 0
    print(f"{'FAILED' if failed else 'ok':<6} {time.monotonic() - start:6.1f} s  {name}", flush=True)
    if failed and done.stdout:
        print(done.stdout.decode(errors="replace"), flush=True)
    return not failed


# Setting up


def set_up(extra: str) -> None:
    """Make .venv fit for running (ALL) or for developing (DEV); one that already is costs a few milliseconds."""
    if is_ready(stamped(), wanted(extra)):
        return
    with alone():
        # Whoever was waited for may have done it.
        if not is_ready(stamped(), wanted(extra)):
            make(extra)


def wanted(extra: str) -> list[str]:
    """Return the stamp of a finished .venv: where it is, for which Python, from which pyproject.toml, which extra."""
    project = hashlib.sha256((ROOT / "pyproject.toml").read_bytes())
    return [ascii(str(VENV)), "{}.{}".format(*sys.version_info), project.hexdigest(), extra]


def stamped() -> list[str]:
    """Return the stamp that .venv bears; an unfinished one bears none."""
    with contextlib.suppress(OSError):
        return STAMP.read_text(encoding="utf-8", errors="replace").split("\n")
    return []


def is_ready(stamp: list[str], want: list[str]) -> bool:
    """Tell whether .venv can be used as it is; one for developing does for running, too."""
    return is_sound(stamp, want) and stamp[2] == want[2] and stamp[3] in {DEV, want[3]}


def is_sound(stamp: list[str], want: list[str]) -> bool:
    """Tell whether packages can be added to .venv: finished once, here (its paths are absolute), for this Python."""
    return len(stamp) == len(want) and stamp[:2] == want[:2] and PYTHON.exists()


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Let one process at a time set up. This very file is the lock, which leaves no litter."""
    with Path(__file__).open("rb") as lock:
        # A file system without locks is not worth failing for.
        with contextlib.suppress(OSError):
            wait_for(lock.fileno())
        yield


def wait_for(lock: int) -> None:
    """Take the lock, saying so where that takes time; Windows goes without."""
    if sys.platform != "win32":
        # pip inherits the lock: should this process be killed, the next one waits for the pip it left behind.
        fcntl.fcntl(lock, fcntl.F_SETFD, 0)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another dev.py, which is setting up .venv …")
            fcntl.flock(lock, fcntl.LOCK_EX)


def make(extra: str) -> None:
    """Install the project into .venv, which is made anew unless it is sound; the stamp comes last."""
    stamp, want = stamped(), wanted(extra)
    sound = is_sound(stamp, want)
    if sound:
        want[3] = DEV if DEV in {extra, stamp[3]} else ALL
        STAMP.unlink()
        say("Bringing .venv up to date …")
    else:
        say("Setting up .venv (once, about half a minute) …")
        insist([sys.executable, "-m", "venv", "--without-pip", "--clear", str(VENV)])
    insist([*installer(), "install", "--editable", f".[{want[3]}]"])
    STAMP.write_text("\n".join(want), encoding="utf-8")


def insist(command: list[str]) -> None:
    """Run one step of setting up; what it says is shown only where it fails."""
    done = quietly(command)
    if done.returncode:
        say(done.stdout.decode(errors="replace"))
        sys.exit(NO_INSTALL)


def quietly(command: list[str]) -> "subprocess.CompletedProcess[bytes]":
    """Run a command unseen, at the root, in an environment that keeps pip and uv to .venv."""
    outside = {name: value for name, value in os.environ.items() if name not in ASTRAY}
    outside.update(PIP_USER="0", PIP_REQUIRE_VIRTUALENV="1", PIP_DISABLE_PIP_VERSION_CHECK="1", UV_PYTHON=str(PYTHON))
    if "PIP_INDEX_URL" in outside:
        outside.setdefault("UV_DEFAULT_INDEX", outside["PIP_INDEX_URL"])
    into, both = subprocess.PIPE, subprocess.STDOUT
    return subprocess.run(command, cwd=ROOT, env=outside, stdout=into, stderr=both, close_fds=False, check=False)


def installer() -> list[str]:
    """Return the beginning of a pip command that works on .venv; that it can list what is there is the proof."""
    for command in installers():
        if quietly([*command, "list"]).returncode == 0:
            return command
    sys.exit(f"There is no pip here that works on .venv. {NO_PIP}")


def installers() -> Iterator[list[str]]:
    """Yield pip commands, the nearest first. Debian has Pythons without ensurepip, and Pythons without pip."""
    own = [str(PYTHON), "-m", "pip"]
    yield own
    if quietly([str(PYTHON), "-m", "ensurepip"]).returncode == 0:
        yield own
    yield [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    uv = shutil.which("uv")
    if uv:
        yield [uv, "pip"]
    yield [str(PYTHON), str(fetched_pip() / "pip")]


def fetched_pip() -> Path:
    """Return pip's own wheel, which Python can run as it is, fetched from the package index and checked."""
    index = os.environ.get("PIP_INDEX_URL") or "https://pypi.org/simple"
    address, page = fetch(index.rstrip("/") + "/pip/")
    link, digest = newest_pip(page.decode(errors="replace"))
    where, content = fetch(urljoin(address, link))
    if hashlib.sha256(content).hexdigest() != digest:
        sys.exit(f"There is no pip here, and {where} is not what the package index says it is. {NO_PIP}")
    wheel = VENV / link.rsplit("/", 1)[-1]
    wheel.write_bytes(content)
    return wheel


def fetch(address: str) -> tuple[str, bytes]:
    """Return what is at an address, and the address where it really was."""
    # Slow to import, and nearly nobody comes here.
    from urllib.request import Request, urlopen

    try:
        with urlopen(Request(address, headers={"Accept": "text/html"}), timeout=60) as answer:
            return answer.url, answer.read()
    except (OSError, ValueError) as error:
        sys.exit(f"There is no pip here, and {address} did not answer ({error}). {NO_PIP}")


def newest_pip(page: str) -> tuple[str, str]:
    """Return the link to, and the SHA-256 of, the newest pip that an index page has for this Python."""
    found = []
    for tag in re.findall(r"<a\s[^>]*>", page):
        wheel = re.search(r'href="((?:[^"#]*/)?pip-([0-9.]+)-py3-none-any\.whl)#sha256=([0-9a-f]{64})"', tag)
        least = re.search(r'requires-python="(?:&gt;|>)=3\.([0-9]+)', tag)
        if wheel and int(least[1] if least else 0) <= sys.version_info.minor:
            found.append(([int(part) for part in wheel[2].split(".")], wheel[1], wheel[3]))
    if not found:
        sys.exit(f"There is no pip here, and the package index has none with a SHA-256. {NO_PIP}")
    return max(found)[1:]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
