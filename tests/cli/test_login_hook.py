"""The login hook in real shells on a pseudo-terminal."""

import os
import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from support.login_shells import WITHOUT_ROOT_ACCESS, LoginShell, make_login_shell
from valuelog.cli.candidates import SHELLS
from valuelog.cli.init import render_hook

NOW = int(time.time())  # never part of a test's name: pytest-xdist compares those
LAST_WEEK, YESTERDAY, TODAY, TOMORROW = NOW - 604_800, NOW - 86_400, NOW - 60, NOW + 86_400
MESSAGE = "Nothing written today. Next: valuelog today → 2 minutes"
PROC = Path("/proc/self/status")


@pytest.fixture(params=SHELLS)
def login(request: pytest.FixtureRequest, tmp_path: Path) -> LoginShell:
    return make_login_shell(request.param, tmp_path)


# Output


def test_hook_prints_the_due_reminder(login: LoginShell) -> None:
    login.write_reminders((TODAY, MESSAGE))
    assert login(login.eval_line()) == [MESSAGE]
    assert login.last_reminded.read_text() == f"{TODAY}\n"


def test_hook_prints_to_stderr_only(login: LoginShell) -> None:
    login.write_reminders((TODAY, MESSAGE))
    assert login(f"{login.eval_line()} >{login.home}/stdout") == [MESSAGE]
    assert (login.home / "stdout").read_text() == ""


def test_hook_prints_only_the_latest_due_reminder(login: LoginShell) -> None:
    login.write_reminders((LAST_WEEK, "last week"), (YESTERDAY, "yesterday"), (TODAY, MESSAGE), (TOMORROW, "tomorrow"))
    assert login(login.eval_line()) == [MESSAGE]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param([(TOMORROW, MESSAGE)], id="nothing is due yet"),
        pytest.param([(YESTERDAY, MESSAGE), (TODAY, "")], id="the line that is due is empty"),
        pytest.param(
            [(YESTERDAY, MESSAGE), (TODAY, "\r\x1b\a")], id="the line that is due only has control characters"
        ),
    ],
)
def test_hook_is_silent_if_no_reminder_is_due(login: LoginShell, lines: Sequence[tuple[int, str]]) -> None:
    login.write_reminders(*lines)
    assert login(login.eval_line()) == []
    assert not login.last_reminded.exists()


@pytest.mark.parametrize("before", ["", "set -e; ! true; "], ids=["", "set -e"])
def test_hook_works_at_an_interactive_prompt(login: LoginShell, before: str) -> None:
    login.write_reminders((TODAY, MESSAGE))
    login.write_hook()
    login.rc_file.touch()
    with login.spawn(*login.command()) as child:
        child.sendline(login.eval_line() if login.shell == "fish" else f"{before}. {login.hook_file}")
        child.expect_exact(MESSAGE)
        child.sendline("echo still" + "''alive")
        child.expect_exact("stillalive")


@pytest.mark.parametrize(
    "message", ["-n -e \\n %s $HOME `id` !! \\", "* ~ 'a' \"b\" [x] {a,b}", "  two  spaces  ", "grüße 日本"]
)
def test_hook_prints_special_characters_literally(login: LoginShell, message: str) -> None:
    login.write_reminders((TODAY, message))
    assert login(login.eval_line()) == [message]


def test_hook_removes_control_characters(login: LoginShell) -> None:
    login.write_reminders((TODAY, "red \x1b[31m and \a bell \x7f\x9b"))
    assert login(login.eval_line()) == ["red [31m and  bell "]


# Each reminder once


def test_hook_prints_a_reminder_once_per_shell(login: LoginShell) -> None:
    login.write_reminders((TODAY, MESSAGE))
    assert login(login.eval_line(), login.eval_line(), f"source {login.hook_file}") == [MESSAGE]


def test_hook_does_not_repeat_a_reminder_in_the_next_shell(login: LoginShell) -> None:
    login.write_reminders((TODAY, MESSAGE))
    assert [login(login.eval_line()), login(login.eval_line())] == [[MESSAGE], []]


def test_hook_prints_the_next_reminder_when_it_is_due(login: LoginShell) -> None:
    login.write_reminders((YESTERDAY, "yesterday"))
    login(login.eval_line())
    login.write_reminders((YESTERDAY, "yesterday"), (TODAY, MESSAGE))
    assert login(login.eval_line()) == [MESSAGE]
    assert login.last_reminded.read_text() == f"{TODAY}\n"


@pytest.mark.parametrize("content", ["", "\n", "once\n", "\0\xff\n", "1700000000\n", "longer than a number\n"])
def test_hook_prints_the_reminder_if_its_state_file_is_invalid(login: LoginShell, content: str) -> None:
    login.write_reminders((TODAY, MESSAGE))
    login.last_reminded.write_bytes(content.encode("latin-1"))
    assert login(login.eval_line()) == [MESSAGE]
    assert login(login.eval_line()) == []


# Missing or invalid files


def make_directory(path: Path) -> None:
    path.mkdir()


def make_fifo(path: Path) -> None:
    os.mkfifo(path)


def remove_file(path: Path) -> None:
    path.unlink(missing_ok=True)


def remove_directory(path: Path) -> None:
    shutil.rmtree(path.parent)


def make_unreadable(path: Path) -> None:
    path.touch(0)


@pytest.mark.parametrize("make", [remove_file, make_directory, make_fifo, remove_directory, make_unreadable])
def test_hook_is_silent_without_a_reminder_file(login: LoginShell, make: Callable[[Path], None]) -> None:
    make(login.reminders)
    assert login(login.eval_line(), through=WITHOUT_ROOT_ACCESS) == []


@pytest.mark.parametrize(
    "content_bytes",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\n\n\r\n", id="empty lines"),
        pytest.param(b"soon\tmessage\n", id="no number"),
        pytest.param(b"1.5e3\tmessage\n -1\tmessage\n+1\tmessage\n0x10\tmessage\n", id="odd numbers"),
        pytest.param(b"1700000000 message\n1700000000\n", id="no tab"),
        pytest.param(b"\tmessage\n", id="nothing before the tab"),
        pytest.param(b"9" * 40 + b"\tmessage\n", id="a number too long to count"),
        pytest.param(b"18446744073709551617\tmessage\n", id="a number that wraps around to 1"),
        pytest.param(b"1700000000\t" + b"x" * 501 + b"\n", id="a message too long for a line"),
        pytest.param(b"x" * 1_000_000, id="a megabyte"),
        pytest.param(bytes(range(256)) * 40, id="bytes"),
        pytest.param(b"a[$(echo oops >&2)]\tmessage\n$(echo oops >&2)\tmessage\n", id="a command"),
    ],
)
def test_hook_is_silent_if_the_reminder_file_is_invalid(login: LoginShell, content_bytes: bytes) -> None:
    login.reminders.write_bytes(content_bytes)
    assert login(login.eval_line()) == []
    assert not login.last_reminded.exists()


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param("{at}\t{message}", id="no newline at the end"),
        pytest.param("{at}\t{message}\r\n", id="a carriage return"),
        pytest.param("\nsoon\tx\n{at}\t{message}\nx\n", id="garbage around it"),
        pytest.param("1700000000\t\n" * 60 + "{at}\t{message}\n" + "3000000000\tx\n" * 60, id="many lines"),
    ],
)
def test_hook_finds_the_reminder_among_odd_lines(login: LoginShell, lines: str) -> None:
    login.reminders.write_text(lines.format(at=TODAY, message=MESSAGE), newline="")
    assert login(login.eval_line()) == [MESSAGE]


def make_read_only(path: Path) -> None:
    path.touch(0o400)


def make_directory_read_only(path: Path) -> None:
    path.parent.chmod(0o500)


def make_dangling_link(path: Path) -> None:
    path.symlink_to(path.parent / "no" / "where")


@pytest.mark.parametrize(
    "make", [make_directory, make_fifo, make_dangling_link, make_unreadable, make_read_only, make_directory_read_only]
)
def test_hook_is_silent_if_its_state_file_cannot_be_written(login: LoginShell, make: Callable[[Path], None]) -> None:
    login.write_reminders((TODAY, MESSAGE))
    make(login.last_reminded)
    assert login(login.eval_line(), through=WITHOUT_ROOT_ACCESS) == []


def test_hook_is_silent_without_a_state_directory(login: LoginShell) -> None:
    login.write_reminders((TODAY, MESSAGE))
    (login.home / "other").write_text(render_hook(login.shell, login.reminders, login.home / "none" / "said"))
    assert login(f"source {login.home}/other") == []


def test_hook_state_file_is_private(login: LoginShell) -> None:
    if login.shell == "bash" and not PROC.exists():
        pytest.skip("only Linux tells bash its umask without a process")
    login.write_reminders((TODAY, MESSAGE))
    shown = login("umask 027" if login.shell == "fish" else "IFS=; umask 027", login.eval_line(), "umask")
    assert shown == [MESSAGE, "027" if login.shell == "zsh" else "0027"]
    assert login.last_reminded.stat().st_mode & 0o777 == 0o600


# Without a terminal


SCRIPTS = [
    (shell, options) for shell in SHELLS for options in (("{script}",), ("-c", "{text}"), ("-i", "-c", "{text}"))
]
SCRIPTS.remove(("fish", ("-i", "-c", "{text}")))  # fish does not tell a script that it was started like this


@pytest.mark.parametrize(("shell", "options"), SCRIPTS)
def test_hook_is_silent_in_a_script(tmp_path: Path, shell: str, options: Sequence[str]) -> None:
    login = make_login_shell(shell, tmp_path)
    login.write_reminders((TODAY, MESSAGE))
    login.write_hook()
    login.rc_file.touch()  # else zsh offers to make one
    script, text = login.home / "script", f"{login.eval_line()}\necho END"
    script.write_text(text)
    shown = login.run_in_terminal(login.shell, *(option.format(script=script, text=text) for option in options))
    assert shown.splitlines()[-1:] == ["END"]
    assert MESSAGE not in shown
    assert not login.last_reminded.exists()


def test_hook_is_silent_if_stderr_is_not_a_terminal(login: LoginShell) -> None:
    login.write_reminders((TODAY, MESSAGE))
    stderr = login.home / "stderr"
    assert login(login.eval_line(), through=["sh", "-c", f'exec "$@" 2>{stderr}', "sh"]) == []
    assert MESSAGE not in stderr.read_text()
    assert not login.last_reminded.exists()


# Side effects on the shell


@pytest.mark.parametrize("lines", [[], [(TODAY, MESSAGE)], [(TOMORROW, MESSAGE)]])
def test_hook_keeps_the_exit_status(login: LoginShell, lines: Sequence[tuple[int, str]]) -> None:
    login.write_reminders(*lines)
    status = "$status" if login.shell == "fish" else "$?"
    shown = login("sh -c 'exit 3'", f"source {login.hook_file}", f"echo {status}")
    assert shown == [*(message for at, message in lines if at == TODAY), "3"]


ODD_OPTIONS = {
    "bash": [
        "set -u",
        "set -e",
        "set -e; ! true",
        "set -o noclobber",
        "set -f",
        "set -o posix",
        "set -k",
        "IFS=0123456789",
        "IFS=; set -u",
        "shopt -s nocasematch; set -C",
        "shopt -s nullglob failglob extglob",
        "shopt -s localvar_inherit localvar_unset",
        "alias local=false read=false printf=false return=false umask=false unset=false mapfile=false",
        "LC_ALL=C",
        "set -E; trap 'echo trapped' ERR",
        "set one two",
    ],
    "zsh": [
        "setopt noclobber",
        "setopt ksh_arrays",
        "setopt sh_word_split glob_subst",
        "setopt no_unset",
        "setopt err_exit",
        "setopt err_exit; ! true",
        "setopt err_return",
        "setopt warn_create_global warn_nested_var",
        "setopt rc_quotes ignore_braces no_nomatch null_glob",
        "setopt posix_builtins posix_identifiers posix_argzero",
        "setopt no_interactive_comments no_short_loops sh_glob ksh_glob",
        "setopt no_function_argzero no_multios typeset_silent all_export",
        "emulate ksh",
        "emulate sh",
        "IFS=0123456789",
        "LC_ALL=C",
        "alias local=false read=false print=false return=false",
        "alias -g local=false print=false zsh=sh -o=-x -c=-x",
        "TRAPZERR() { echo trapped; }",
        "set one two",
    ],
    "fish": [
        "function math; echo 0; end",
        "function path; echo 0; end",
        "function printf; end; function functions; end",
        "set -g lines a b; set -g due a; set -g text a; set -gx now 0; set -gx said x",
        "set -g IFS 0",
        "set -gx LC_ALL C",
    ],
}


@pytest.mark.parametrize(("shell", "options"), [(shell, each) for shell, odd in ODD_OPTIONS.items() for each in odd])
def test_hook_works_with_unusual_shell_options(shell: str, options: str, tmp_path: Path) -> None:
    login = make_login_shell(shell, tmp_path)
    login.write_reminders((YESTERDAY, "yesterday"), (TODAY, MESSAGE), (TOMORROW, "tomorrow"))
    assert login(options, f". {login.hook_file}", f". {login.hook_file}") == [MESSAGE]
    login.last_reminded.write_text("")
    assert login(options, f". {login.hook_file}") == [MESSAGE]


DUMP_STATE = {
    "bash": "{ declare -p; declare -f; shopt; set -o; umask; trap; alias; echo $* /proc/$$/fd/*; }",
    "zsh": "{ typeset; functions; unsetopt; zmodload -L; umask; trap; alias; echo $* /proc/$$/fd/*(N); }",
    "fish": "begin; set; functions --all --names; umask; alias; end",
}
# These change by themselves.
VOLATILE = {"_", "BASH_LINENO", "EPOCHREALTIME", "EPOCHSECONDS", "LINENO", "PIPESTATUS", "RANDOM", "SECONDS", "SRANDOM"}


def test_hook_does_not_change_the_shell(login: LoginShell) -> None:
    login.write_reminders((TODAY, MESSAGE))
    look, before, after = DUMP_STATE[login.shell], login.home / "before", login.home / "after"
    # The first dump loads what the dump itself needs.
    login(f"{look} >{before}", f"{look} >{before}", f". {login.hook_file}", f". {login.hook_file}", f"{look} >{after}")
    assert stable_lines(after) == stable_lines(before)
    assert login.last_reminded.exists()


def stable_lines(dump: Path) -> list[str]:
    lines = dump.read_text(errors="replace").splitlines()
    return [line for line in lines if VOLATILE.isdisjoint(line.partition("=")[0].split()[-1:])]


RECORD_CHILD_FAULTS = {
    "bash": "read -r line </proc/$$/stat; echo $line >>{file}",
    "zsh": "echo $(</proc/$$/stat) >>{file}",
    "fish": "read -g line </proc/$fish_pid/stat; echo $line >>{file}",
}


@pytest.mark.parametrize("at", [TODAY, TOMORROW], ids=["something is due", "nothing is due"])
def test_hook_starts_no_process(login: LoginShell, at: int) -> None:
    login.write_reminders((YESTERDAY, ""), (at, MESSAGE))
    assert count_child_page_faults(login, f". {login.hook_file}", f". {login.hook_file}") == 0


def test_page_fault_count_detects_a_process(login: LoginShell) -> None:
    login.write_reminders((TODAY, MESSAGE))
    assert count_child_page_faults(login, "/bin/sh -c :") > 0


def count_child_page_faults(login: LoginShell, *rc: str) -> int:
    """Return the page faults of child processes, summed up by the kernel; every process has some."""
    if not PROC.exists():
        pytest.skip("only Linux counts them")
    file = login.home / "children"
    count = RECORD_CHILD_FAULTS[login.shell].format(file=file)
    login(count, *rc, count)
    before, after = (int(line.rpartition(")")[2].split()[8]) for line in file.read_text().splitlines())
    return after - before


@pytest.mark.parametrize(
    "name",
    ["two  words", "it's", "''", 'say "hi"', "$HOME ${HOME} $(id) `id`", "back\\", "\\'", "*?[a]{b,c}~", "#;&|<>!",
     "@LAST_REMINDED@", "grüße", "new\nline", "-n", "%s\\n"],
)  # fmt: skip
def test_hook_works_with_any_path(login: LoginShell, name: str, tmp_path: Path) -> None:
    odd = make_login_shell(login.shell, tmp_path, state=name)
    odd.write_reminders((TODAY, MESSAGE))
    assert odd(odd.eval_line(), odd.eval_line()) == [MESSAGE]
    assert odd.last_reminded.read_text() == f"{TODAY}\n"
