"""How git is run for a remote: which settings and variables count, and what its messages mean.

The user's own git config counts, because it says how to reach a host: ssh, proxies, credential helpers. Hooks, signing,
and everything that could run another program are off, and the mirror's own config is written by valuelog alone.
"""

import re
from collections.abc import Mapping
from itertools import chain
from pathlib import Path
from typing import Final

from valuelog.sync.errors import BadRemote, CacheFailed, RemoteFull, RemoteUnreachable, SyncError
from valuelog.sync.programs import Finished, Programs, clean_environment, one_line

_SETTINGS: Final = tuple(
    chain.from_iterable(
        ("-c", setting)
        for setting in (
            "core.alternateRefsCommand=",
            "core.fsmonitor=false",
            "core.hooksPath=/dev/null",
            "core.logAllRefUpdates=false",  # a reflog would keep what a rebuild removes
            "core.pager=cat",
            "fetch.recurseSubmodules=false",
            "fetch.writeCommitGraph=false",
            "gc.auto=0",  # valuelog decides when
            "maintenance.auto=false",
            "push.followTags=false",
            "push.gpgSign=false",
            "push.pushOption=",
            "push.recurseSubmodules=no",
        )
    )
)

LOCAL_SERVER: Final = (
    "GIT_ALLOW_PROTOCOL=none GIT_NO_LAZY_FETCH=1 git -c core.hooksPath=/dev/null -c core.alternateRefsCommand="
    " -c core.fsmonitor=false -c receive.autogc=false"
)
"""How the other side is started if the remote is a repository on this machine: its config may be that of a stranger.

A partial clone fetches missing objects by a command of its config; collecting garbage runs one, too.
"""

_ALLOWED_VARIABLES: Final = frozenset(
    {
        "GIT_ASKPASS",
        "GIT_CONFIG_GLOBAL",
        "GIT_CONFIG_NOSYSTEM",
        "GIT_CONFIG_SYSTEM",
        "GIT_HTTP_PROXY_AUTHMETHOD",
        "GIT_HTTP_USER_AGENT",
        "GIT_PROXY_COMMAND",
        "GIT_PROXY_SSL_CAINFO",
        "GIT_PROXY_SSL_CERT",
        "GIT_PROXY_SSL_KEY",
        "GIT_SSH",
        "GIT_SSH_COMMAND",
        "GIT_SSH_VARIANT",
        "GIT_SSL_CAINFO",
        "GIT_SSL_CAPATH",
        "GIT_SSL_CERT",
        "GIT_SSL_CIPHER_LIST",
        "GIT_SSL_KEY",
        "GIT_SSL_NO_VERIFY",
        "GIT_SSL_VERSION",
    }
)
_OWN_VARIABLES: Final = {"GIT_ALLOW_PROTOCOL": "file:ssh:git:https:http", "GIT_OPTIONAL_LOCKS": "0"}
_QUIET_VARIABLES: Final = {
    "GCM_INTERACTIVE": "never",
    "GIT_ASKPASS": "",
    "GIT_TERMINAL_PROMPT": "0",
    "SSH_ASKPASS_REQUIRE": "never",
}

_FULL = re.compile(
    r"no space left on device|out of diskspace|disk quota exceeded|quota.{0,40}exceeded|disk is full", re.IGNORECASE
)
_NO_ACCESS = (
    r"permission denied|authentication failed|could not read (?:username|password)|terminal prompts disabled"
    r"|the requested url returned error: 40[13]|access denied|too many authentication failures"
)
_UNREACHABLE = (
    r"could not resolve|name resolution|unable to look up|couldn't connect|failed to connect|unable to connect"
    r"|connection (?:refused|timed out|reset|closed)|operation timed out|network is unreachable|no route to host"
    r"|host is down|hung up unexpectedly|early eof|returned error: 5\d\d|unexpected disconnect"
)
_NO_REPOSITORY = (
    r"does not appear to be a git repository|repository .*not found|returned error: 404|no such repository"
    r"|not exported|not a git repository|repository does not exist"
)
_TELLING = re.compile(f"{_UNREACHABLE}|{_NO_ACCESS}", re.IGNORECASE)
_FAILURES: Final = (
    (
        r"host key verification failed",
        "ssh doesn't know the host of {address} yet, or its key has changed.",
        "Connect to it once with ssh, check its key, then: valuelog sync",
    ),
    (
        r"dubious ownership|unsafe repository",
        "{address} belongs to another user, so git refuses it.",
        "If you trust it: git config --global --add safe.directory PATH",
    ),
    (r"transport '.*' not allowed", "{address} uses a transport that valuelog doesn't allow.", "Use ssh or https."),
    (
        _NO_REPOSITORY,
        "There is no git repository at {address}, or you have no access to it.",
        "Create an empty one there, or check the address and your access.",
    ),
    (_NO_ACCESS, "{address} denied you access: {reason}.", "Check your ssh key or your password for it."),
)
"""What messages of git mean, the first that fits: a pattern, the message and the hint."""


class Git:
    """The git program with a bare repository, in an environment that runs no program but those to reach the remote."""

    def __init__(self, programs: Programs, mirror: Path) -> None:
        """Find git. Raises BadRemote if it isn't installed."""
        self._programs = programs
        self._command = (programs.find("git"), *_SETTINGS, f"--git-dir={mirror}")
        self._environ = {**clean_environment(programs.environ, "GIT_", _ALLOWED_VARIABLES), **_OWN_VARIABLES}
        self._remote_environ: Mapping[str, str] | None = None

    def run(self, *words: str, stdin: bytes = b"") -> Finished:
        """Run a command that stays on this machine."""
        return self._programs.run(self.command(*words), self._environ, stdin)

    def run_remote(self, *words: str) -> Finished:
        """Run a command that talks to the remote."""
        if self._remote_environ is None:
            self._remote_environ = self._environ if self._programs.interactive else self._forbid_questions()
        return self._programs.run(self.command(*words), self._remote_environ)

    def command(self, *words: str) -> tuple[str, ...]:
        """Return a whole command line."""
        return *self._command, *words

    @property
    def environ(self) -> Mapping[str, str]:
        """The environment of commands that stay on this machine."""
        return self._environ

    def _forbid_questions(self) -> Mapping[str, str]:
        """Return an environment in which neither git nor ssh asks; the user's own way to call ssh stays."""
        has_own_ssh = {"GIT_SSH", "GIT_SSH_COMMAND"} & self._environ.keys() or self.run(
            "config", "core.sshCommand"
        ).stdout
        ssh = {} if has_own_ssh else {"GIT_SSH_COMMAND": "ssh -o BatchMode=yes"}
        return {**self._environ, **_QUIET_VARIABLES, **ssh}


def translate_failure(address: str, finished: Finished, *, is_push: bool = False) -> SyncError | None:
    """Return the error that messages of git mean; None if they could also be about the mirror."""
    text = f"{finished.stderr}\n{finished.stdout.decode(errors='replace')}" if is_push else finished.stderr
    if _FULL.search(text):
        return RemoteFull(address) if is_push else full_cache_error()
    reason = _main_message(text)
    for pattern, message, hint in _FAILURES:
        if re.search(pattern, text, re.IGNORECASE):
            return BadRemote(message.format(address=address, reason=one_line(reason)), hint)
    return unreachable_error(address, reason) if re.search(_UNREACHABLE, text, re.IGNORECASE) else None


def unreachable_error(address: str, reason: str) -> RemoteUnreachable:
    """Return an error with a reason in git's words."""
    return RemoteUnreachable(
        f"{address} can't be reached: {one_line(reason)}.", "Your entries are safe here. Try again later: valuelog sync"
    )


def full_cache_error() -> CacheFailed:
    """Return the error for a full disk on this machine."""
    return CacheFailed(
        "The disk of this machine is full, so nothing was synced.", "Free some space, then: valuelog sync"
    )


def unknown_error(address: str, finished: Finished) -> BadRemote:
    """Return an error with git's own words."""
    reason = one_line(_main_message(finished.stderr)) or f"git exited with code {finished.code}"
    return BadRemote(f"git can't sync with {address}: {reason}.", f"Try: git ls-remote {address}")


def _main_message(stderr: str) -> str:
    """Return the line of git's messages that says what is wrong, without its prefix.

    The first is often about a host that was added, the last advice.
    """
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    telling = [line for line in lines if re.match(r"(fatal|error|remote: fatal|remote: error|ssh):", line)] or lines
    first = next(filter(_TELLING.search, lines), "")
    return re.sub(r"^(?:remote: )?(?:fatal|error): ", "", first or next(iter(telling), ""))
