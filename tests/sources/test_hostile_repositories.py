"""Hostile repositories: a canary file shows whether reading one ran a program."""

import os
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from support.git_repositories import MY_EMAIL, make_commit, make_environ, make_repository, make_span, run_git
from valuelog.model.entry import clean_text
from valuelog.sources import SourceFailed
from valuelog.sources.git import _ENVIRONMENT, _SAFE_OPTIONS, SOURCE


@dataclass(frozen=True)
class Trap:
    """A hostile repository, and the canary file that its program creates."""

    folder: Path
    program: Path
    canary: Path

    def config(self, name: str, value: str) -> None:
        """Add a setting to the repository's own config."""
        run_git(self.folder, "config", "--add", name, value)

    def hook(self, name: str) -> None:
        """Install the canary program as a hook."""
        path = self.folder / ".git" / "hooks" / name
        path.parent.mkdir(exist_ok=True)
        path.unlink(missing_ok=True)
        path.symlink_to(self.program)

    def read(self) -> list[str]:
        """Return the texts of drafts and of a failure, as the evening reads them."""
        texts: list[str] = []
        try:
            for draft in SOURCE.drafts(make_span(), {"paths": (self.folder,)}, make_environ(self.folder.parent)):
                texts.append(draft.text)  # noqa: PERF401  keeps the drafts before a failure
        except SourceFailed as error:
            texts.append(error.message)
        return texts


@pytest.fixture
def trap(tmp_path: Path) -> Trap:
    """Create a repository with a commit, and a program beside it that creates the canary."""
    canary, program = tmp_path / "canary", tmp_path / "program"
    program.write_text(f'#!/bin/sh\ntouch "{canary}"\nexit 0\n')
    program.chmod(0o755)
    return Trap(folder=make_repository(tmp_path / "demo", "Mine is here"), program=program, canary=canary)


def _signed(trap: Trap) -> None:
    """Pretend that the last commit is signed, and configure programs that verify it."""
    signature = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n iQ==\n -----END PGP SIGNATURE-----\n"
    head, _, message = run_git(trap.folder, "cat-file", "commit", "HEAD").partition("\n\n")
    raw = f"{head}\n{signature}\n{message}\n".encode()
    made = run_git(trap.folder, "hash-object", "-t", "commit", "-w", "--stdin", stdin=raw)
    run_git(trap.folder, "update-ref", "refs/heads/main", made)
    for name in ("gpg.program", "gpg.openpgp.program", "gpg.ssh.program", "gpg.x509.program"):
        trap.config(name, str(trap.program))
    trap.config("log.showSignature", "true")


def _fsmonitor(trap: Trap) -> None:
    trap.config("core.fsmonitor", str(trap.program))
    trap.config("core.untrackedCache", "true")
    (trap.folder / "file").write_text("text")


def _hooks(trap: Trap) -> None:
    for name in ("post-index-change", "reference-transaction", "post-checkout", "fsmonitor-watchman", "pre-auto-gc"):
        trap.hook(name)
    trap.config("core.hooksPath", str(trap.folder / ".git" / "hooks"))


def _filters(trap: Trap) -> None:
    for name in ("filter.x.clean", "filter.x.smudge", "filter.x.process", "diff.x.textconv", "diff.x.command"):
        trap.config(name, str(trap.program))
    trap.config("diff.external", str(trap.program))
    trap.config("merge.x.driver", str(trap.program))
    trap.config("filter.x.required", "true")
    for place in (trap.folder / ".gitattributes", trap.folder / ".git" / "info" / "attributes"):
        place.parent.mkdir(exist_ok=True)
        place.write_text("* filter=x diff=x merge=x\n")


def _pagers(trap: Trap) -> None:
    for name in ("core.pager", "pager.rev-list", "pager.log", "pager.config", "core.editor", "sequence.editor"):
        trap.config(name, str(trap.program))
    for name in ("core.askPass", "core.sshCommand", "core.gitProxy", "credential.helper", "core.alternateRefsCommand"):
        trap.config(name, str(trap.program))


def _aliases(trap: Trap) -> None:
    for name in ("rev-list", "config", "log", "rev-parse"):
        trap.config(f"alias.{name}", f"!{trap.program}")


def _promisor(trap: Trap, url: str) -> None:
    """Configure a promisor remote and delete the parent of the last commit, so that git wants to fetch it."""
    make_commit(trap.folder, "The child of what is missing")
    parent = run_git(trap.folder, "rev-parse", "HEAD^")
    (trap.folder / ".git" / "objects" / parent[:2] / parent[2:]).unlink()
    for name, value in (
        ("core.repositoryFormatVersion", "1"), ("extensions.partialClone", "origin"),
        ("remote.origin.promisor", "true"), ("remote.origin.url", url), ("remote.origin.uploadpack", str(trap.program)),
        ("protocol.ext.allow", "always"),
        ("protocol.allow", "always"), ("core.sshCommand", str(trap.program)),
    ):  # fmt: skip
        trap.config(name, value)


def _ext(trap: Trap) -> None:
    _promisor(trap, f"ext::{trap.program} %S")


def _ssh(trap: Trap) -> None:
    _promisor(trap, "ssh://example.org/x")


def _file(trap: Trap) -> None:
    _promisor(trap, f"file://{trap.folder}")


def _vcs(trap: Trap) -> None:
    _promisor(trap, "x")
    trap.config("remote.origin.vcs", "ext")
    trap.config("remote.origin.url", f"{trap.program} %S")


def _included(trap: Trap) -> None:
    more = trap.folder.parent / "more"
    more.write_text(f"[core]\n\tfsmonitor = {trap.program}\n\tpager = {trap.program}\n[log]\n\tshowSignature = true\n")
    _signed(trap)
    trap.config("include.path", str(more))


TRAPS: list[Callable[[Trap], None]] = [
    _signed, _fsmonitor, _hooks, _filters, _pagers, _aliases, _ext, _ssh, _file, _vcs, _included,
]  # fmt: skip


@pytest.mark.parametrize("spring", TRAPS)
def test_reading_a_hostile_repository_runs_nothing(trap: Trap, spring: Callable[[Trap], None]) -> None:
    spring(trap)
    trap.canary.unlink(missing_ok=True)
    said = trap.read()
    assert not trap.canary.exists()
    assert said
    assert all(text == clean_text(text) for text in said)


CARELESS: list[tuple[Callable[[Trap], None], tuple[str, ...]]] = [
    (_signed, ("log", "--all")),
    (_fsmonitor, ("status",)),
    (_included, ("log", "--all")),
    (_aliases, ("l",)),
    (_ext, ("log", "--all")),
    (_ext, ("rev-list", "--all")),
    (_ssh, ("rev-list", "--all")),
    (_file, ("rev-list", "--all")),
]


@pytest.mark.parametrize(("spring", "words"), CARELESS)
def test_plain_git_runs_programs_of_the_same_repository(
    trap: Trap, spring: Callable[[Trap], None], words: tuple[str, ...]
) -> None:
    """Prove that the traps work: without our options each of these commands runs the canary program."""
    spring(trap)
    trap.config("alias.l", f"!{trap.program}")
    _run_git_command(trap, words, {})
    assert trap.canary.exists()


@pytest.mark.parametrize(("spring", "words"), [pair for pair in CARELESS if pair[0] is not _aliases])
def test_safe_options_disarm_even_unused_git_commands(
    trap: Trap, spring: Callable[[Trap], None], words: tuple[str, ...]
) -> None:
    """Check the options themselves, aliases aside: those cannot be disabled, and cannot replace rev-list."""
    spring(trap)
    _run_git_command(trap, (*_SAFE_OPTIONS, *words), _ENVIRONMENT)
    assert not trap.canary.exists()


def _run_git_command(trap: Trap, words: tuple[str, ...], environ: Mapping[str, str]) -> None:
    trap.canary.unlink(missing_ok=True)
    environ = {"HOME": str(trap.folder.parent), "PATH": os.environ["PATH"], **environ}
    command = ["git", "-c", "safe.directory=*", *words]
    subprocess.run(command, cwd=trap.folder, env=environ, check=False, capture_output=True)


def test_controls_and_markup_in_a_message_become_plain_text(trap: Trap) -> None:
    make_commit(
        trap.folder, "\x1b]0;owned\x07\x1b[31m[red]Sub\u202eject\u2066 </script> \x9b2J[/]\u200b {{x}} \r\nbody"
    )
    (said,) = trap.read()
    assert said.startswith("demo: 2 commits: ")
    assert "␛]0;owned␇␛[31m[red]Sub�ject� </script> �2J[/] {{x}}" in said
    assert said.isprintable()
    assert clean_text(said) == said


@pytest.mark.parametrize(
    "encoding", [b"latin-1", b"utf-16", b"utf-7", b"no-such-encoding", b"../../../tmp/x", b"\xff\xfe"]
)
def test_odd_encoding_is_read_as_far_as_possible(trap: Trap, encoding: bytes) -> None:
    who = f"Me <{MY_EMAIL}> 1795165200 +0100".encode()
    tree = run_git(trap.folder, "rev-parse", "HEAD^{tree}").encode()
    raw = b"tree %b\nauthor %b\ncommitter %b\nencoding %b\n\nCaf\xe9 \x1b[1m \xff +AGA- now\n"
    made = run_git(
        trap.folder,
        "hash-object",
        "-t",
        "commit",
        "-w",
        "--literally",
        "--stdin",
        stdin=raw % (tree, who, who, encoding),
    )
    run_git(trap.folder, "update-ref", "refs/heads/main", made)
    said = trap.read()
    assert all(text.isprintable() and clean_text(text) == text for text in said)
    assert "Caf" in "".join(said) or encoding == b"utf-16"  # as UTF-16 not even its author can be read


def test_controls_in_a_folder_name_become_plain_text(tmp_path: Path) -> None:
    make_repository(tmp_path / "\x1b[31mred\u202e\n[bold]", "Mine is here")
    (draft,) = SOURCE.drafts(make_span(), {"paths": (tmp_path,)}, make_environ(tmp_path))
    assert draft.text == "␛[31mred�: Mine is here"


def test_controls_in_git_errors_become_plain_text(trap: Trap) -> None:
    (trap.folder / ".git" / "config").write_text(
        "[core]\n\trepositoryFormatVersion = 1\n[extensions]\n\t\x1b[31m = 1\n"
    )
    (said,) = trap.read()
    assert said.startswith("git: could not read everything: demo (")
    assert said.isprintable()


def test_git_environment_variables_are_not_inherited(trap: Trap, tmp_path: Path) -> None:
    extra = {
        "GIT_DIR": str(tmp_path), "GIT_EXTERNAL_DIFF": str(trap.program), "GIT_SSH_COMMAND": str(trap.program),
        "GIT_TRACE": str(trap.canary), "GIT_TRACE2": str(trap.canary), "GIT_PAGER": str(trap.program),
        "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "core.pager", "GIT_CONFIG_VALUE_0": str(trap.program),
    }  # fmt: skip
    (draft,) = SOURCE.drafts(make_span(), {"paths": (trap.folder,)}, {**make_environ(tmp_path), **extra})
    assert draft.text == "demo: Mine is here"
    assert not trap.canary.exists()


def test_git_is_not_run_from_the_current_directory(trap: Trap, monkeypatch: pytest.MonkeyPatch) -> None:
    (trap.folder / "git").symlink_to(trap.program)
    monkeypatch.chdir(trap.folder)
    home = make_environ(trap.folder.parent)
    (draft,) = SOURCE.drafts(make_span(), {"paths": (trap.folder,)}, {**home, "PATH": f".::{home['PATH']}"})
    assert draft.text == "demo: Mine is here"
    assert not trap.canary.exists()
