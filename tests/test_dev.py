"""dev.py in small checkouts: its output, the commands it runs, and when it sets up .venv. No test needs a network."""

import ast
import contextlib
import functools
import hashlib
import http.server
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

if sys.platform == "win32":
    pytest.skip("dev.py's tests use shell scripts and signals", allow_module_level=True)

import fcntl

DEV = Path(__file__).parent.parent / "dev.py"
EXTRAS = tomllib.loads(DEV.with_name("pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
ALL = ",".join(name for name in EXTRAS if name != "dev")
"""What `run` installs: all features."""

CHECKS = ["ruff format --check", "ruff check", "mypy", "lint-imports", "pytest", "docs up to date", "docs build"]

# A build backend that needs nothing installed: pip's part of setting up is real, without a network.
PROJECT = """\
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
"""
BACKEND = """
import zipfile

def build_editable(directory, config_settings=None, metadata_directory=None):
    name = "valuelog-1-py3-none-any.whl"
    with zipfile.ZipFile(f"{directory}/{name}", "w") as wheel:
        info = "valuelog-1.dist-info"
        wheel.writestr("valuelog.py", "import sys\\ndef main(): sys.exit(len(sys.argv))\\n")
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\\nName: valuelog\\nVersion: 1\\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(f"{info}/entry_points.txt", "[console_scripts]\\nvaluelog = valuelog:main\\n")
        wheel.writestr(f"{info}/RECORD", "")
    return name
"""


@dataclass(frozen=True, kw_only=True)
class Checkout:
    """A checkout with nothing but dev.py and a pyproject.toml."""

    root: Path
    dev: ModuleType

    def finish(self, extra: str = "dev") -> None:
        """Pretend that .venv was set up: write its stamp and a Python that prints its arguments."""
        self.program("python", 'echo "python $* bytecode=${PYTHONDONTWRITEBYTECODE-kept}"')
        (self.root / ".venv" / "set-up-for").write_text("\n".join(self.dev.expected_stamp(extra)))

    def program(self, name: str, script: str) -> None:
        """Put a shell script among .venv's programs."""
        path = self.root / ".venv" / "bin" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def command(self, *words: str) -> list[str]:
        """Return the words that run dev.py."""
        return [sys.executable, str(self.root / "dev.py"), *words]

    def run(self, *words: str, **outside: str) -> subprocess.CompletedProcess[str]:
        """Run dev.py to its end."""
        environment = {**os.environ, **outside}
        return subprocess.run(self.command(*words), capture_output=True, text=True, env=environment, check=False)


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    """Make a checkout whose path has spaces and whose .venv was never set up."""
    monkeypatch.delenv("DEV_VENV", raising=False)  # set where dev.py itself runs these tests
    monkeypatch.delenv("DEV_DEPENDENCIES", raising=False)
    root = tmp_path / "my own checkout"
    root.mkdir()
    shutil.copy(DEV, root)
    (root / "pyproject.toml").write_text(PROJECT)
    (root / "backend.py").write_text(BACKEND)
    return Checkout(root=root, dev=load_module(root / "dev.py"))


def load_module(path: Path) -> ModuleType:
    """Import a dev.py from where it is."""
    spec = importlib.util.spec_from_file_location("dev", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# Output


@pytest.mark.parametrize("words", [[], ["-h"], ["--help"]])
def test_help_names_every_command(checkout: Checkout, words: list[str]) -> None:
    """It needs no .venv."""
    done = checkout.run(*words)
    assert done.returncode == 0
    assert all(f"  {name} " in done.stdout for name in checkout.dev.COMMANDS)
    assert not (checkout.root / ".venv").exists()


def test_unknown_command_is_a_usage_error(checkout: Checkout) -> None:
    """The error is on stderr and mentions --help."""
    done = checkout.run("tets")
    assert (done.returncode, done.stdout) == (2, "")
    assert "'tets'" in done.stderr
    assert "--help" in done.stderr


def test_old_python_gets_a_one_line_error(checkout: Checkout) -> None:
    """It knows neither the syntax nor the modules that dev.py uses."""
    pretend = "import runpy, sys; sys.version_info = (3, 9, 2); runpy.run_path(sys.argv[1])"
    command = [sys.executable, "-c", pretend, str(checkout.root / "dev.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("dev.py needs Python 3.11 or newer")
    assert done.stderr.count("\n") == 1


def test_dev_py_parses_on_old_python() -> None:
    """Otherwise the error would be a SyntaxError."""
    ast.parse(DEV.read_text(encoding="utf-8"), feature_version=(3, 6))


# Commands


def test_run_passes_arguments_output_and_exit_code(checkout: Checkout) -> None:
    """The program replaces dev.py."""
    checkout.finish(ALL)
    checkout.program("valuelog", 'for word; do echo "<$word>"; done; exit 7')
    done = checkout.run("run", "add", "two words", "--help")
    assert (done.returncode, done.stdout, done.stderr) == (7, "<add>\n<two words>\n<--help>\n", "")


def test_bench_keeps_bytecode(checkout: Checkout) -> None:
    """Otherwise every timed start would compile the program again."""
    checkout.finish()
    done = checkout.run("bench", "--fast", PYTHONDONTWRITEBYTECODE="1")
    assert done.stdout == f"python {checkout.root}/benchmarks/bench.py --fast bytecode=kept\n"


def test_docs_runs_the_generator(checkout: Checkout) -> None:
    """It writes the generated pages and builds the site."""
    checkout.finish()
    assert f"{checkout.root}/docs/generate.py" in checkout.run("docs").stdout


def test_test_runs_every_check_in_order(checkout: Checkout) -> None:
    """The output of checks that pass is not shown."""
    done = checkout_with_checks(checkout).run("test")
    assert done.returncode == 0
    assert [line.split("s  ")[1] for line in done.stdout.splitlines() if line.startswith("ok")] == CHECKS
    assert "mypy said" not in done.stdout
    assert done.stdout.endswith("Every check passed.\n")


def test_test_continues_after_a_failure_and_reports_it(checkout: Checkout) -> None:
    """The output of the failed check is shown."""
    checkout_with_checks(checkout).program("mypy", "echo mypy said; exit 3")
    done = checkout.run("test")
    assert done.returncode == 1
    assert "mypy said" in done.stdout
    assert "s  pytest" in done.stdout
    assert done.stdout.endswith("Failed: mypy.\n")


def test_test_with_arguments_runs_only_pytest(checkout: Checkout) -> None:
    """A debugger works neither under xdist nor with coverage."""
    done = checkout_with_checks(checkout).run("test", "-k", "one")
    assert done.stdout == "pytest said -k one\n"


def checkout_with_checks(checkout: Checkout) -> Checkout:
    """Return the checkout with checks that all pass."""
    checkout.finish()
    for name in ("ruff", "mypy", "lint-imports", "pytest"):
        checkout.program(name, f'echo "{name} said $*"')
    return checkout


# Setup


def test_venv_without_a_stamp_is_not_ready(checkout: Checkout) -> None:
    """Its setup was interrupted."""
    checkout.program("python", "")
    assert not checkout.dev.is_ready(checkout.dev.read_stamp(), checkout.dev.expected_stamp(ALL))


@pytest.mark.parametrize(("made_for", "asked_for"), [(ALL, ALL), ("dev", "dev"), ("dev", ALL)])
def test_venv_for_development_is_ready_for_running(checkout: Checkout, made_for: str, asked_for: str) -> None:
    """Each venv is ready for its own purpose, too."""
    checkout.finish(made_for)
    assert checkout.dev.is_ready(checkout.dev.read_stamp(), checkout.dev.expected_stamp(asked_for))


def test_venv_for_running_is_extended_for_development(checkout: Checkout) -> None:
    """It is not recreated."""
    checkout.finish(ALL)
    stamp, expected = checkout.dev.read_stamp(), checkout.dev.expected_stamp("dev")
    assert not checkout.dev.is_ready(stamp, expected)
    assert checkout.dev.is_sound(stamp, expected)


def test_changed_project_is_reinstalled_into_the_same_venv(checkout: Checkout) -> None:
    """This takes seconds; a new .venv takes half a minute."""
    checkout.finish()
    (checkout.root / "pyproject.toml").write_text("[project]\nname = 'changed'\n")
    stamp, expected = checkout.dev.read_stamp(), checkout.dev.expected_stamp("dev")
    assert not checkout.dev.is_ready(stamp, expected)
    assert checkout.dev.is_sound(stamp, expected)


@pytest.mark.parametrize("line", [0, 1], ids=["another place", "another Python"])
def test_venv_of_another_path_or_python_is_recreated(checkout: Checkout, line: int) -> None:
    """Its paths are absolute, and its packages belong to one Python."""
    checkout.finish()
    stamp = checkout.dev.read_stamp()
    stamp[line] = "elsewhere"
    assert not checkout.dev.is_sound(stamp, checkout.dev.expected_stamp("dev"))


def test_venv_without_its_python_is_recreated(checkout: Checkout) -> None:
    """This happens when the system is upgraded."""
    checkout.finish()
    (checkout.root / ".venv" / "bin" / "python").unlink()
    assert not checkout.dev.is_sound(checkout.dev.read_stamp(), checkout.dev.expected_stamp("dev"))


def test_failed_venv_creation_is_explained(checkout: Checkout) -> None:
    """There is no traceback."""
    (checkout.root / ".venv").write_text("in the way")
    done = checkout.run("run")
    assert done.returncode == 1
    assert "Not a directory" in done.stderr
    assert done.stderr.endswith("run the same command again.\n")
    assert "Traceback" not in done.stderr


def test_pip_settings_are_limited_to_the_venv(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings of the user have no effect."""
    monkeypatch.setenv("PIP_TARGET", "/usr")
    monkeypatch.setenv("PIP_USER", "1")
    line = checkout.dev.quietly(["env"]).stdout.decode().splitlines()
    assert not [line for line in line if line.startswith("PIP_TARGET=")]
    assert {"PIP_USER=0", "PIP_REQUIRE_VIRTUALENV=1"} <= set(line)


@pytest.mark.slow
def test_incomplete_venv_is_repaired_by_the_next_run(checkout: Checkout, tmp_path: Path) -> None:
    """With a real venv and pip, the Python of the system if it is new enough, and an almost empty environment."""
    (checkout.root / ".venv" / "bin").mkdir(parents=True)
    (checkout.root / ".venv" / "bin" / "python").symlink_to("/nowhere")
    command = [
        "env",
        "-i",
        "PATH=/usr/bin:/bin",
        f"HOME={tmp_path}",
        find_python(),
        *checkout.command("run", "two")[1:],
    ]
    for line in ["Setting up .venv", ""]:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (2, ""), done.stderr
        assert done.stderr.startswith(line)
        assert done.stderr.count("\n") == (1 if line else 0)


def find_python() -> str:
    """Return the Python to create .venv with: if possible that of the system, which forbids installing into it."""
    question = "import sys; sys.exit(sys.version_info < (3, 11))"
    system = "/usr/bin/python3"
    is_new_enough = Path(system).exists() and subprocess.run([system, "-c", question], check=False).returncode == 0
    return system if is_new_enough else sys.executable


# Two at once, and Ctrl-C


def test_second_dev_py_waits_for_the_first(checkout: Checkout) -> None:
    """It does not set up .venv again."""
    with hold_lock(checkout):
        second = start_waiting(checkout)
        checkout.finish(ALL)
        checkout.program("valuelog", "echo hello")
    assert second.communicate(timeout=60) == ("hello\n", "")


def test_ctrl_c_during_setup_shows_no_traceback(checkout: Checkout) -> None:
    """The exit code is that of shells."""
    with hold_lock(checkout):
        process = start_waiting(checkout)
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=60) == ("", "")
    assert process.returncode == 130


@contextlib.contextmanager
def hold_lock(checkout: Checkout) -> Iterator[None]:
    """Hold the lock that dev.py holds during its setup."""
    with (checkout.root / "dev.py").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def start_waiting(checkout: Checkout) -> subprocess.Popen[str]:
    """Start dev.py and return once it reports that it is waiting."""
    pipe = subprocess.PIPE
    process = subprocess.Popen(checkout.command("run"), stdout=pipe, stderr=pipe, text=True)
    assert process.stderr is not None
    assert process.stderr.readline().startswith("Waiting for another dev.py")
    return process


# Fetching pip if it is missing


@pytest.mark.parametrize("needs", ["&gt;=3.8", ">=3.9,!=3.10.1"])
def test_newest_pip_for_this_python_is_chosen(checkout: Checkout, needs: str) -> None:
    """Versions are compared by number; pre-releases, other files than wheels, and later Pythons are ignored."""
    names = ["pip-9.1-py3-none-any.whl", "pip-26.10-py3-none-any.whl", "pip-26.4b1-py3-none-any.whl", "pip-28.0.tar.gz"]
    page = "".join(anchor(name, needs) for name in names) + anchor("pip-27.0-py3-none-any.whl", "&gt;=3.99")
    assert checkout.dev.newest_pip(page) == ("../files/pip-26.10-py3-none-any.whl", "a" * 64)


def test_pip_without_a_hash_is_refused(checkout: Checkout) -> None:
    """An index may lack the SHA-256."""
    with pytest.raises(SystemExit, match="Install python3-venv"):
        checkout.dev.newest_pip('<a href="pip-26.3-py3-none-any.whl">')


def test_fetched_pip_is_stored_in_the_venv(checkout: Checkout, index: Path) -> None:
    """It comes from the index that pip would use."""
    (checkout.root / ".venv").mkdir()
    publish_pip(index, hashlib.sha256(b"pip").hexdigest())
    assert checkout.dev.fetched_pip().read_bytes() == b"pip"


def test_pip_with_a_wrong_hash_is_refused(checkout: Checkout, index: Path) -> None:
    """It is never written to disk."""
    publish_pip(index, hashlib.sha256(b"another pip").hexdigest())
    with pytest.raises(SystemExit, match="not what the package index says"):
        checkout.dev.fetched_pip()


def test_unreachable_index_is_named(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says what to do instead."""
    monkeypatch.setenv("PIP_INDEX_URL", "nowhere://simple")
    with pytest.raises(SystemExit, match=r"nowhere://simple/pip/ did not answer .* Install python3-venv"):
        checkout.dev.fetched_pip()


def anchor(wheel: str, needs: str, digest: str = "a" * 64) -> str:
    """Return a line of an index page."""
    return f'<a href="../files/{wheel}#sha256={digest}" data-requires-python="{needs}">{wheel}</a><br/>\n'


def publish_pip(index: Path, digest: str) -> None:
    """Add a pip wheel with this SHA-256 to the index."""
    (index / "pip").mkdir()
    (index / "files").mkdir()
    (index / "pip" / "index.html").write_text(anchor("pip-26.3-py3-none-any.whl", "&gt;=3.9", digest))
    (index / "files" / "pip-26.3-py3-none-any.whl").write_bytes(b"pip")


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Serve an empty local package index."""
    folder = tmp_path / "index"
    folder.mkdir()
    handler = functools.partial(QuietHandler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{server.server_port}/")
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        yield folder
        server.shutdown()


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """A web server that writes no log."""

    def log_message(self, *_: object) -> None:
        """Log nothing."""


def test_pythons_reports_missing_versions(checkout: Checkout, tmp_path: Path) -> None:
    """Nothing runs if there is no other Python."""
    done = checkout.run("pythons", PATH=str(tmp_path), PYENV_ROOT=str(tmp_path))
    others = [version for version in checkout.dev.SUPPORTED if version != "{}.{}".format(*sys.version_info)]
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        *(f"not run: Python {version} isn't installed here" for version in others),
        "The fast tests passed: none were run.",
    ]


def test_lowest_dependencies_are_the_lower_bounds(checkout: Checkout) -> None:
    """Those of the extras are included, the development tools are not."""
    project = '[project]\ndependencies = ["typer>=0.28,<0.29"]\n[project.optional-dependencies]\n'
    (checkout.root / "pyproject.toml").write_text(f'{project}calendar = ["icalendar>=6.1"]\ndev = ["ruff>=0.17"]\n')
    code = "import dev; print(dev.pins(), dev.names_of_dependencies())"
    env = {**os.environ, "DEV_DEPENDENCIES": "lowest"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=checkout.root, env=env, capture_output=True, text=True, check=True
    )
    assert done.stdout == "['typer==0.28', 'icalendar==6.1'] ['typer', 'icalendar']\n"
