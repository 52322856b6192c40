"""The login hook, in real shells on a real terminal."""

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


# What it says


def test_it_says_the_line_that_is_due(login: LoginShell) -> None:
    login.write_reminders((TODAY, MESSAGE))
    assert login(login.eval_line()) == [MESSAGE]
    assert login.last_reminded.read_text() == f"{TODAY}\n"


def test_it_says_it_to_stderr_only(login: LoginShell) -> None:
    login.write_reminders((TODAY, MESSAGE))
    assert login(f"{login.eval_line()} >{login.home}/stdout") == [MESSAGE]
    assert (login.home / "stdout").read_text() == ""


def test_the_last_line_whose_time_has_come_wins(login: LoginShell) -> None:
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
def test_it_is_silent_while_nothing_is_to_be_said(login: LoginShell, lines: Sequence[tuple[int, str]]) -> None:
    login.write_reminders(*lines)
    assert login(login.eval_line()) == []
    assert not login.last_reminded.exists()


@pytest.mark.parametrize("before", ["", "set -e; ! true; "], ids=["", "set -e"])
def test_it_may_be_typed_at_a_prompt(login: LoginShell, before: str) -> None:
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
def test_it_says_the_message_as_it_is(login: LoginShell, message: str) -> None:
    login.write_reminders((TODAY, message))
    assert login(login.eval_line()) == [message]


def test_control_characters_do_not_act(login: LoginShell) -> None:
    login.write_reminders((TODAY, "red \x1b[31m and \a bell \x7f\x9b"))
    assert login(login.eval_line()) == ["red [31m and  bell "]


# Once


def test_it_says_nothing_twice_in_one_shell(login: LoginShell) -> None:
    login.write_reminders((TODAY, MESSAGE))
    assert login(login.eval_line(), login.eval_line(), f"source {login.hook_file}") == [MESSAGE]


def test_it_says_nothing_in_the_next_shell(login: LoginShell) -> None:
    login.write_reminders((TODAY, MESSAGE))
    assert [login(login.eval_line()), login(login.eval_line())] == [[MESSAGE], []]


def test_it_speaks_again_when_another_line_is_due(login: LoginShell) -> None:
    login.write_reminders((YESTERDAY, "yesterday"))
    login(login.eval_line())
    login.write_reminders((YESTERDAY, "yesterday"), (TODAY, MESSAGE))
    assert login(login.eval_line()) == [MESSAGE]
    assert login.last_reminded.read_text() == f"{TODAY}\n"


@pytest.mark.parametrize("said", ["", "\n", "once\n", "\0\xff\n", "1700000000\n", "longer than a number\n"])
def test_it_speaks_when_what_was_said_cannot_be_told(login: LoginShell, said: str) -> None:
    login.write_reminders((TODAY, MESSAGE))
    login.last_reminded.write_bytes(said.encode("latin-1"))
    assert login(login.eval_line()) == [MESSAGE]
    assert login(login.eval_line()) == []


# Files that are not what they should be


def a_folder(path: Path) -> None:
    path.mkdir()


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


def nothing(path: Path) -> None:
    path.unlink(missing_ok=True)


def no_folder(path: Path) -> None:
    shutil.rmtree(path.parent)


def locked(path: Path) -> None:
    path.touch(0)


@pytest.mark.parametrize("make", [nothing, a_folder, a_pipe, no_folder, locked])
def test_it_is_silent_without_reminders(login: LoginShell, make: Callable[[Path], None]) -> None:
    make(login.reminders)
    assert login(login.eval_line(), through=WITHOUT_ROOT_ACCESS) == []


@pytest.mark.parametrize(
    "garbage",
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
def test_it_is_silent_on_garbage(login: LoginShell, garbage: bytes) -> None:
    login.reminders.write_bytes(garbage)
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
def test_it_finds_the_line_all_the_same(login: LoginShell, lines: str) -> None:
    login.reminders.write_text(lines.format(at=TODAY, message=MESSAGE), newline="")
    assert login(login.eval_line()) == [MESSAGE]


def read_only(path: Path) -> None:
    path.touch(0o400)


def read_only_folder(path: Path) -> None:
    path.parent.chmod(0o500)


def a_link_to_nowhere(path: Path) -> None:
    path.symlink_to(path.parent / "no" / "where")


@pytest.mark.parametrize("make", [a_folder, a_pipe, a_link_to_nowhere, locked, read_only, read_only_folder])
def test_it_is_silent_when_it_cannot_remember_what_it_said(login: LoginShell, make: Callable[[Path], None]) -> None:
    login.write_reminders((TODAY, MESSAGE))
    make(login.last_reminded)
    assert login(login.eval_line(), through=WITHOUT_ROOT_ACCESS) == []


def test_it_is_silent_when_there_is_no_folder_to_remember_in(login: LoginShell) -> None:
    login.write_reminders((TODAY, MESSAGE))
    (login.home / "other").write_text(render_hook(login.shell, login.reminders, login.home / "none" / "said"))
    assert login(f"source {login.home}/other") == []


def test_what_it_remembers_is_for_its_owner_alone(login: LoginShell) -> None:
    if login.shell == "bash" and not PROC.exists():
        pytest.skip("only Linux tells bash its umask without a process")
    login.write_reminders((TODAY, MESSAGE))
    shown = login("umask 027" if login.shell == "fish" else "IFS=; umask 027", login.eval_line(), "umask")
    assert shown == [MESSAGE, "027" if login.shell == "zsh" else "0027"]
    assert login.last_reminded.stat().st_mode & 0o777 == 0o600


# Where it stays silent


SCRIPTS = [
    (shell, options) for shell in SHELLS for options in (("{script}",), ("-c", "{text}"), ("-i", "-c", "{text}"))
]
SCRIPTS.remove(("fish", ("-i", "-c", "{text}")))  # fish does not tell a script that it was started like this


@pytest.mark.parametrize(("shell", "options"), SCRIPTS)
def test_it_is_silent_in_a_script(tmp_path: Path, shell: str, options: Sequence[str]) -> None:
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


def test_it_is_silent_when_nobody_sees_stderr(login: LoginShell) -> None:
    login.write_reminders((TODAY, MESSAGE))
    stderr = login.home / "stderr"
    assert login(login.eval_line(), through=["sh", "-c", f'exec "$@" 2>{stderr}', "sh"]) == []
    assert MESSAGE not in stderr.read_text()
    assert not login.last_reminded.exists()


# A guest in somebody's shell


@pytest.mark.parametrize("lines", [[], [(TODAY, MESSAGE)], [(TOMORROW, MESSAGE)]])
def test_it_keeps_the_exit_status(login: LoginShell, lines: Sequence[tuple[int, str]]) -> None:
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
def test_it_works_under_odd_options(shell: str, options: str, tmp_path: Path) -> None:
    login = make_login_shell(shell, tmp_path)
    login.write_reminders((YESTERDAY, "yesterday"), (TODAY, MESSAGE), (TOMORROW, "tomorrow"))
    assert login(options, f". {login.hook_file}", f". {login.hook_file}") == [MESSAGE]
    login.last_reminded.write_text("")
    assert login(options, f". {login.hook_file}") == [MESSAGE]


LOOK_AROUND = {
    "bash": "{ declare -p; declare -f; shopt; set -o; umask; trap; alias; echo $* /proc/$$/fd/*; }",
    "zsh": "{ typeset; functions; unsetopt; zmodload -L; umask; trap; alias; echo $* /proc/$$/fd/*(N); }",
    "fish": "begin; set; functions --all --names; umask; alias; end",
}
# These change by themselves.
VOLATILE = {"_", "BASH_LINENO", "EPOCHREALTIME", "EPOCHSECONDS", "LINENO", "PIPESTATUS", "RANDOM", "SECONDS", "SRANDOM"}


def test_it_leaves_nothing_behind(login: LoginShell) -> None:
    login.write_reminders((TODAY, MESSAGE))
    look, before, after = LOOK_AROUND[login.shell], login.home / "before", login.home / "after"
    # The first look brings in what looking itself needs.
    login(f"{look} >{before}", f"{look} >{before}", f". {login.hook_file}", f". {login.hook_file}", f"{look} >{after}")
    assert lasting(after) == lasting(before)
    assert login.last_reminded.exists()


def lasting(seen: Path) -> list[str]:
    lines = seen.read_text(errors="replace").splitlines()
    return [line for line in lines if VOLATILE.isdisjoint(line.partition("=")[0].split()[-1:])]


CHILDREN = {
    "bash": "read -r line </proc/$$/stat; echo $line >>{file}",
    "zsh": "echo $(</proc/$$/stat) >>{file}",
    "fish": "read -g line </proc/$fish_pid/stat; echo $line >>{file}",
}


@pytest.mark.parametrize("at", [TODAY, TOMORROW], ids=["something is due", "nothing is due"])
def test_it_starts_no_process(login: LoginShell, at: int) -> None:
    login.write_reminders((YESTERDAY, ""), (at, MESSAGE))
    assert faults_of_children(login, f". {login.hook_file}", f". {login.hook_file}") == 0


def test_a_process_would_have_been_noticed(login: LoginShell) -> None:
    login.write_reminders((TODAY, MESSAGE))
    assert faults_of_children(login, "/bin/sh -c :") > 0


def faults_of_children(login: LoginShell, *rc: str) -> int:
    """How many pages the children of the shell touched meanwhile: the kernel adds them up, and each needs some."""
    if not PROC.exists():
        pytest.skip("only Linux keeps count")
    file = login.home / "children"
    count = CHILDREN[login.shell].format(file=file)
    login(count, *rc, count)
    before, after = (int(line.rpartition(")")[2].split()[8]) for line in file.read_text().splitlines())
    return after - before


@pytest.mark.parametrize(
    "name",
    ["two  words", "it's", "''", 'say "hi"', "$HOME ${HOME} $(id) `id`", "back\\", "\\'", "*?[a]{b,c}~", "#;&|<>!",
     "@LAST_REMINDED@", "grüße", "new\nline", "-n", "%s\\n"],
)  # fmt: skip
def test_paths_may_hold_anything(login: LoginShell, name: str, tmp_path: Path) -> None:
    odd = make_login_shell(login.shell, tmp_path, state=name)
    odd.write_reminders((TODAY, MESSAGE))
    assert odd(odd.eval_line(), odd.eval_line()) == [MESSAGE]
    assert odd.last_reminded.read_text() == f"{TODAY}\n"
