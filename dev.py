#!/usr/bin/env python3
"""The project's commands: python3 dev.py run | test | pythons | matrix | bench | faults | interleavings | docs.

Creates .venv next to itself and runs everything in it. Needs only Python 3.11. An older Python 3 must still be able to
parse this file, to say what's missing: no match statement, no walrus.
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

  run ARGS...      run valuelog with all its extras (creates .venv the first time)
  test [ARGS...]   run every check; with ARGS, only pytest with these arguments
  pythons          run the fast tests on every other supported Python that is installed
  matrix           the same, and with the lowest and the newest dependencies
  bench [ARGS...]  run the benchmarks
  faults           cut the power, kill, fill the disk, flip bits; --release for hours, --seed N for other cases;
                   --replay NAME for one case that failed
  interleavings    let machines exchange changes in 2,000 random ways; --count N and --seed N for others; a failure
                   prints its seed and the few steps that suffice
  docs             generate what comes from the code and build the site: docs/_build/html/index.html

To use another folder than .venv, set DEV_VENV. To install other versions than those in .ci/constraints.txt, set
DEV_DEPENDENCIES to lowest or newest.
"""
NO_PIP = "Install python3-venv (Debian, Ubuntu) or uv, then run the same command again."
NO_INSTALL = "Setting up .venv failed, see above. Check network and disk space, then run the same command again."

ROOT = Path(__file__).resolve().parent
VENV = ROOT / os.environ.get("DEV_VENV", ".venv")
BIN = VENV / ("Scripts" if sys.platform == "win32" else "bin")
PYTHON = BIN / ("python.exe" if sys.platform == "win32" else "python")
DEPENDENCIES = os.environ.get("DEV_DEPENDENCIES", "pinned")
SUPPORTED = ("3.11", "3.12", "3.13", "3.14")
FAST_TESTS = ("-q", "-n", "auto", "-m", "not slow")
STAMP = VENV / "set-up-for"

# The extras to install: `run` needs all features, the other commands the development tools too.
ALL, DEV = "calendar,explore,sync", "dev"

# These would make pip or uv install outside .venv, for example into the system's Python.
REDIRECTS = ("PIP_PREFIX", "PIP_PYTHON", "PIP_ROOT", "PIP_TARGET", "UV_PREFIX", "UV_SYSTEM_PYTHON", "UV_TARGET")

CHECKS = {
    "ruff format --check": ["ruff", "format", "--check"],
    "ruff check": ["ruff", "check"],
    "mypy": ["mypy"],
    "lint-imports": ["lint-imports"],
    "pytest": ["pytest", "-n", "auto", "--dist", "worksteal"],
    "docs up to date": ["python", "docs/generate.py", "--check"],
    "docs build": ["python", "docs/generate.py", "--build"],
}


def main(words: list[str]) -> int:
    """Run one command and return its exit code: 130 after Ctrl-C, as in a shell."""
    name, *args = words or ["--help"]
    if name in {"-h", "--help", "help"}:
        print(HELP, end="")
        return 0
    if name not in COMMANDS:
        say(f"dev.py: unknown command {name!r}. See python3 dev.py --help.")
        return 2
    try:
        return COMMANDS[name](args)
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        sys.exit(f"dev.py: {error}. Remove .venv, then run the same command again.")


def say(line: str) -> None:
    """Write a line to stderr: stdout belongs to the program that is run."""
    print(line, file=sys.stderr, flush=True)


# The commands


def run(args: list[str]) -> int:
    """Replace this process with valuelog, so that terminal, signals and exit code are its own."""
    set_up(ALL)
    return become(["valuelog", *args], dict(os.environ))


def script(path: str, args: list[str]) -> int:
    """Replace this process with a script. Python writes bytecode, or each timed start would compile again."""
    set_up(DEV)
    outside = inside_venv()
    outside.pop("PYTHONDONTWRITEBYTECODE", None)
    return become(["python", str(ROOT / path), *args], outside)


def test(args: list[str]) -> int:
    """Run every check, or with arguments only pytest, without xdist: a debugger needs the terminal."""
    set_up(DEV)
    os.chdir(ROOT)
    if args:
        return become(["pytest", *args], inside_venv())
    failed = [name for name, words in CHECKS.items() if not passes(name, words)]
    print(f"Failed: {', '.join(failed)}." if failed else "Every check passed.")
    return 1 if failed else 0


def faults(args: list[str]) -> int:
    """Run the fault harness, or replay one of its cases."""
    set_up(DEV)
    os.chdir(ROOT)
    outside = inside_venv()
    outside["PYTHONPATH"] = str(ROOT / "tests")
    if args[:1] == ["--replay"]:
        return become(["python", "-m", "faults.replay", *args[1:]], outside)
    if "--release" in args:
        outside["FAULTS_SIZE"] = "release"
        args.remove("--release")
    if args[:1] == ["--seed"]:
        outside["FAULTS_SEED"] = args[1]
        args = args[2:]
    return become(["pytest", "tests/faults", "-n", "auto", "-q", *args], outside)


def interleavings(args: list[str]) -> int:
    """Run many random interleavings of several machines, in memory if possible."""
    set_up(DEV)
    os.chdir(ROOT)
    outside = inside_venv()
    outside["PYTHONPATH"] = str(ROOT / "tests")
    memory = Path("/dev/shm")  # noqa: S108  the interleavings make folders of random names in it
    if memory.is_dir():
        outside.setdefault("TMPDIR", str(memory))
    return become(["python", "-m", "interleavings.run", *args], outside)


def matrix(args: list[str]) -> int:
    """Run the fast tests with the lowest and the newest dependencies, then on every other supported Python."""
    rows = {name: (sys.executable, name) for name in ("lowest", "newest")}
    return max(run_fast_tests(rows, args), pythons(args))


def pythons(args: list[str]) -> int:
    """Run the fast tests on every other supported Python found here, and name those that aren't installed."""
    found = {version: find_python(version) for version in SUPPORTED if version != "{}.{}".format(*sys.version_info)}
    for version, path in found.items():
        if not path:
            print(f"not run: Python {version} isn't installed here")
    return run_fast_tests({f"python{version}": (path, "pinned") for version, path in found.items() if path}, args)


def run_fast_tests(rows: "dict[str, tuple[str, str]]", args: list[str]) -> int:
    """Run the fast tests once per row. A row has a name, a Python and DEV_DEPENDENCIES."""
    failed = [name for name, row in rows.items() if not passes_fast_tests(name, *row, args)]
    print(
        f"Failed: {', '.join(failed)}." if failed else f"The fast tests passed: {', '.join(rows) or 'none were run'}."
    )
    return 1 if failed else 0


def find_python(version: str) -> "str | None":
    """Return the path of a working Python of this version, from PATH or pyenv."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    paths = [shutil.which(f"python{version}"), *sorted(map(str, pyenv.glob(f"{version}.*/bin/python")))]
    code = f"import sys, ensurepip; sys.exit('{{}}.{{}}'.format(*sys.version_info) != '{version}')"
    works = (path for path in paths if path and quietly([path, "-c", code]).returncode == 0)
    return next(works, None)


def passes_fast_tests(name: str, python: str, dependencies: str, args: list[str]) -> bool:
    """Run the fast tests in their own venv, and print the result in one line."""
    start = time.monotonic()
    outside = {**os.environ, "DEV_VENV": f".tools/{name}", "DEV_DEPENDENCIES": dependencies}
    command = [python, str(ROOT / "dev.py"), "test", *FAST_TESTS, *args]
    done = subprocess.run(command, env=outside, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    lines = done.stdout.decode(errors="replace").rstrip().splitlines()
    print(
        f"{'FAILED' if done.returncode else 'ok':<6} {time.monotonic() - start:6.1f} s  {name}: {(lines or [''])[-1]}"
    )
    if done.returncode:
        print("\n".join(lines[-200:]), flush=True)
    return done.returncode == 0


BENCH, DOCS = partial(script, "benchmarks/bench.py"), partial(script, "docs/generate.py")
COMMANDS: "dict[str, Callable[[list[str]], int]]" = {
    "run": run,
    "test": test,
    "pythons": pythons,
    "matrix": matrix,
    "bench": BENCH,
    "faults": faults,
    "interleavings": interleavings,
    "docs": DOCS,
}


def become(words: list[str], outside: dict[str, str]) -> int:
    """Replace this process with a program from .venv; on Windows, start it and wait."""
    program = str(BIN / words[0])
    if sys.platform == "win32":
        return subprocess.call([program, *words[1:]], env=outside)
    return os.execve(program, [program, *words[1:]], outside)


def inside_venv() -> dict[str, str]:
    """Return the environment with .venv's programs first on PATH."""
    path = os.pathsep.join([str(BIN), os.environ.get("PATH", os.defpath)])
    return {**os.environ, "PATH": path, "VIRTUAL_ENV": str(VENV)}


def passes(name: str, words: list[str]) -> bool:
    """Run one check and print the result in one line. Its output is shown only if it fails, but pytest's always."""
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
    """Bring .venv up to date for running (ALL) or developing (DEV). If it already is, this takes milliseconds."""
    if is_ready(read_stamp(), expected_stamp(extra)):
        return
    with exclusive():
        # Another process may have done it while this one waited for the lock.
        if not is_ready(read_stamp(), expected_stamp(extra)):
            make(extra)


def expected_stamp(extra: str) -> list[str]:
    """Return the stamp of a complete .venv: its path, its Python, a hash of its requirements, its extra."""
    asked = (ROOT / "pyproject.toml").read_bytes() + "\n".join(pins()).encode()
    return [ascii(str(VENV)), "{}.{}".format(*sys.version_info), hashlib.sha256(asked).hexdigest(), extra]


def read_stamp() -> list[str]:
    """Return the stamp of .venv, or an empty list if its setup never finished."""
    with contextlib.suppress(OSError):
        return STAMP.read_text(encoding="utf-8", errors="replace").split("\n")
    return []


def is_ready(stamp: list[str], want: list[str]) -> bool:
    """Return True if .venv needs no change. A .venv for developing is also good for running."""
    return is_sound(stamp, want) and stamp[2] == want[2] and stamp[3] in {DEV, want[3]}


def is_sound(stamp: list[str], want: list[str]) -> bool:
    """Return True if packages can be added to .venv: its setup finished, at this path and with this Python."""
    return len(stamp) == len(want) and stamp[:2] == want[:2] and PYTHON.exists()


def pins() -> list[str]:
    """Return the pip arguments for the versions that DEV_DEPENDENCIES selects."""
    if DEPENDENCIES == "lowest":
        return [line.replace(">=", "==").partition(",")[0] for line in dependency_lines()]
    constraints = ROOT / ".ci" / "constraints.txt"
    return ["--constraint", str(constraints)] if DEPENDENCIES == "pinned" and constraints.exists() else []


def dependency_lines() -> list[str]:
    """Return the dependencies of valuelog and its extras from pyproject.toml, without the development tools."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8")).get("project", {})
    extras = project.get("optional-dependencies", {})
    return [
        *project.get("dependencies", []),
        *(line for name, lines in extras.items() if name != DEV for line in lines),
    ]


def names_of_dependencies() -> list[str]:
    """Return the names of the dependencies. Without bounds, pip installs the newest version of each."""
    return [re.split("[<>=!~ ;[]", line)[0] for line in dependency_lines()]


@contextlib.contextmanager
def exclusive() -> Iterator[None]:
    """Let only one process at a time set up .venv. The lock is on this file, so no lock file is left behind."""
    with Path(__file__).open("rb") as lock:
        # Continue without a lock if the file system has none.
        with contextlib.suppress(OSError):
            wait_for(lock.fileno())
        yield


def wait_for(lock: int) -> None:
    """Wait for the lock, with a message if another process holds it. There is no lock on Windows."""
    if sys.platform != "win32":
        # pip inherits the lock, so if this process is killed, the next one waits for that pip.
        fcntl.fcntl(lock, fcntl.F_SETFD, 0)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another dev.py, which is setting up .venv …")
            fcntl.flock(lock, fcntl.LOCK_EX)


def make(extra: str) -> None:
    """Install the project into .venv, and recreate .venv first unless it is sound. The stamp is written last."""
    stamp, want = read_stamp(), expected_stamp(extra)
    sound = is_sound(stamp, want)
    if sound:
        want[3] = DEV if DEV in {extra, stamp[3]} else ALL
        STAMP.unlink()
        say("Bringing .venv up to date …")
    else:
        say("Setting up .venv (once, about half a minute) …")
        require([sys.executable, "-m", "venv", "--without-pip", "--clear", str(VENV)])
    require([*installer(), "install", "--editable", f".[{want[3]}]", *pins()])
    if DEPENDENCIES == "newest":
        require([*installer(), "install", "--upgrade", *names_of_dependencies()])
    STAMP.write_text("\n".join(want), encoding="utf-8")


def require(command: list[str]) -> None:
    """Run one step of the setup. If it fails, show its output and exit."""
    done = quietly(command)
    if done.returncode:
        say(done.stdout.decode(errors="replace"))
        sys.exit(NO_INSTALL)


def quietly(command: list[str]) -> "subprocess.CompletedProcess[bytes]":
    """Run a command without output, at the root, in an environment that keeps pip and uv inside .venv."""
    outside = {name: value for name, value in os.environ.items() if name not in REDIRECTS}
    outside.update(PIP_USER="0", PIP_REQUIRE_VIRTUALENV="1", PIP_DISABLE_PIP_VERSION_CHECK="1", UV_PYTHON=str(PYTHON))
    if "PIP_INDEX_URL" in outside:
        outside.setdefault("UV_DEFAULT_INDEX", outside["PIP_INDEX_URL"])
    into, both = subprocess.PIPE, subprocess.STDOUT
    return subprocess.run(command, cwd=ROOT, env=outside, stdout=into, stderr=both, close_fds=False, check=False)


def installer() -> list[str]:
    """Return the start of a pip command that works on .venv, tested by listing its packages."""
    for command in installers():
        if quietly([*command, "list"]).returncode == 0:
            return command
    sys.exit(f"There is no pip here that works on .venv. {NO_PIP}")


def installers() -> Iterator[list[str]]:
    """Yield pip commands to try. On Debian, some Pythons have no ensurepip and others no pip."""
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
    """Download pip's wheel, which Python can run directly, from the package index, and verify its hash."""
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
    """Return the final URL of an address, after redirects, and its content."""
    # Slow to import and rarely needed.
    from urllib.request import Request, urlopen

    try:
        with urlopen(Request(address, headers={"Accept": "text/html"}), timeout=60) as answer:
            return answer.url, answer.read()
    except (OSError, ValueError) as error:
        sys.exit(f"There is no pip here, and {address} did not answer ({error}). {NO_PIP}")


def newest_pip(page: str) -> tuple[str, str]:
    """Return the link and SHA-256 of the newest pip for this Python from an index page."""
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
