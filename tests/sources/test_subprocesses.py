"""Child processes of sources: limits, errors, isolation; and sanitizing of text."""

import os
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from support.fake_programs import install_fake_program
from valuelog.model.entry import clean_text
from valuelog.sources import TIMEOUT_SECONDS, SourceFailed
from valuelog.sources.sanitize import sanitize_line
from valuelog.sources.subprocesses import (
    PROGRAM_TIMEOUT_SECONDS,
    digest,
    find_program,
    kill_processes_on_interrupt,
    run_program,
)


def failure(home: Path, script: str, patience: float = PROGRAM_TIMEOUT_SECONDS, name: str = "x") -> SourceFailed:
    environ = install_fake_program(home, "tool", script)
    with pytest.raises(SourceFailed) as failed:
        run_program(name, [find_program("tool", environ) or "", "a word"], environ, patience)
    return failed.value


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("exit 3", "x: tool failed: it exited with code 3."),
        ("echo 'no \x1b[31mway\x07' >&2; echo more >&2; exit 1", "x: tool failed: no ␛[31mway␇."),
        ("kill -9 $$", "x: tool failed: it exited with code -9."),
        ("echo 'It is broken.' >&2; exit 1", "x: tool failed: It is broken."),
        (
            "printf 'Traceback (most recent call last):\\n  x\\nKeyError: 3\\n' >&2; exit 1",
            "x: tool failed: KeyError: 3.",
        ),
        ("yes", "x: tool printed more than 8 MB."),
        ("yes >&2", "x: tool printed more than 8 MB."),
    ],
)
def test_failing_program_is_reported_in_one_line(tmp_path: Path, script: str, message: str) -> None:
    assert failure(tmp_path, script).message == message


def test_program_named_like_its_source_is_named_once(tmp_path: Path) -> None:
    failed = failure(tmp_path, "exit 3", name="tool")
    assert failed.message == "tool: it failed: it exited with code 3."
    assert failed.hint == "Try: tool 'a word'"
    assert failure(tmp_path, "sleep 9", 0.1, "tool").message == "tool: it did not finish in time."


def test_program_that_cannot_be_run_is_reported(tmp_path: Path) -> None:
    with pytest.raises(SourceFailed, match=r"^tool: x could not be run: No such file or directory\.$"):
        run_program("tool", [str(tmp_path / "x")], {})


def is_gone(group: int) -> bool:
    """Wait until a process group is gone."""
    for _ in range(100):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize(
    "script", ["sleep 30", "sleep 30 & exit 0", "exec >&- 2>&-; sleep 30", "trap '' TERM; sleep 30"]
)
def test_slow_program_is_killed_with_its_children(tmp_path: Path, script: str) -> None:
    before = time.monotonic()
    failed = failure(tmp_path, f"echo $$ >{tmp_path}/pid; {script}", 0.5)
    assert failed.message == "x: tool did not finish in time."
    assert failed.hint == "Try: tool 'a word'; or turn it off: valuelog config set sources.x.enabled no"
    assert time.monotonic() - before < 5
    assert is_gone(int((tmp_path / "pid").read_text()))


def test_program_timeout_is_below_the_source_timeout() -> None:
    assert 5 < PROGRAM_TIMEOUT_SECONDS < TIMEOUT_SECONDS


def test_program_has_no_input_and_no_terminal(tmp_path: Path) -> None:
    environ = install_fake_program(
        tmp_path, "tool", 'read answer; echo "[$answer]"; pwd; (: </dev/tty) 2>/dev/null || echo none'
    )
    assert run_program("tool", [find_program("tool", environ) or ""], environ).split() == ["[]", "/", "none"]


def test_invalid_utf8_output_is_decoded_with_replacement(tmp_path: Path) -> None:
    environ = install_fake_program(tmp_path, "tool", "printf 'caf\\351'")
    assert run_program("tool", [find_program("tool", environ) or ""], environ) == "caf\ufffd"


def test_relative_path_entries_are_not_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install_fake_program(tmp_path, "tool", "exit 0")
    monkeypatch.chdir(tmp_path / "bin")
    assert [find_program("tool", {"PATH": path}) for path in ("", ".", ":", ":.:bin")] == [None] * 4
    assert find_program("tool", {"PATH": f".:{tmp_path}/bin"}) == f"{tmp_path}/bin/tool"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  plain  text ", "plain text"),
        ("first\nsecond", "first"),
        ("\x1b[31mred\x1b[0m", "␛[31mred␛[0m"),
        ("a\u202eb\u2066c\u200fd\u061ce", "a�b�c�d�e"),
        ("a\ud800b\x00c\x9bd\ufefff\x7f", "a�b␀c�d f␡"),
        ("\u200b\u2060\n", ""),
        ("👩‍💻 naïve कि", "👩‍💻 naïve कि"),
        ("x" * 300, "x" * 199 + "…"),
    ],
)
def test_sanitized_line_has_no_control_characters(text: str, expected: str) -> None:
    assert sanitize_line(text) == expected
    assert not expected or clean_text(expected) == expected


def test_digest_is_stable_and_separates_words() -> None:
    assert digest("a", "bc") == digest("a", "bc") != digest("ab", "c")
    assert digest("\ud800")


def test_interrupt_kills_running_programs_and_starts_no_more(tmp_path: Path) -> None:
    environ = install_fake_program(tmp_path, "tool", f"echo $$ >>{tmp_path}/pids; sleep 30 & sleep 30")
    (tmp_path / "pids").touch()
    threads = [threading.Thread(target=lambda: _ended(environ)) for _ in range(2)]
    with suppress(KeyboardInterrupt), kill_processes_on_interrupt():
        for thread in threads:
            thread.start()
        while len((tmp_path / "pids").read_text().split()) < 2:
            time.sleep(0.01)
        raise KeyboardInterrupt
    for thread in threads:
        thread.join(5)
    _ended(environ)
    pids = (tmp_path / "pids").read_text().split()
    assert len(pids) == 2
    assert all(is_gone(int(pid)) for pid in pids)
    with kill_processes_on_interrupt():
        assert run_program("tool", ["/bin/echo", "again"], environ) == "again\n"


def _ended(environ: dict[str, str]) -> None:
    with pytest.raises(SourceFailed):
        run_program("tool", [find_program("tool", environ) or ""], environ)
