"""Real remotes for tests: repositories behind git's daemon and sshd, folders, and rclone."""

import getpass
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from valuelog.sync.remote import Remote, open_remote

FILES = {
    "valuelog.age": b"marker",
    "laptop/0000000001-0000000002.age": b"first\0\xff" * 50,
    "desktop/0000000001-0000000010.age": b"",
}
"""The marker and two segments; a remote doesn't look into them."""

KINDS = ("folder", "path", "file", "daemon", "ssh", "rclone")
"""The kinds of remotes: a folder, a repository by path, as file://, from git's daemon and over ssh, and rclone."""

GIT_KINDS = KINDS[1:5]


@dataclass(frozen=True)
class Place:
    """Where a remote is, on this machine too, and the environment in which programs reach it."""

    address: str
    folder: Path
    home: Path
    more: Mapping[str, str] = field(default_factory=dict)

    @property
    def environ(self) -> dict[str, str]:
        """The environment of a user without any config."""
        return {"PATH": os.environ["PATH"], "HOME": str(self.home), "GIT_CONFIG_NOSYSTEM": "1", **self.more}

    def open(self, machine: str = "laptop", *, create: bool = False, timeout: float | None = 60) -> Remote:
        """Open the remote on a machine, which has its own cache."""
        cache = self.home / "cache" / machine
        return open_remote(self.address, cache, timeout=timeout, interactive=False, create=create, environ=self.environ)


def git(folder: Path, *words: str, stdin: bytes = b"") -> str:
    """Run git in a repository without any config."""
    environ = {"PATH": os.environ["PATH"], "HOME": "/", "GIT_CONFIG_NOSYSTEM": "1"}
    command = ["git", "-c", "user.name=Me", "-c", "user.email=me@example.org", *words]
    return subprocess.run(
        command, cwd=folder, env=environ, input=stdin, capture_output=True, check=True
    ).stdout.decode()


def make_bare_repository(folder: Path) -> Path:
    """Create a repository as a host does; it checks what it receives."""
    folder.mkdir(parents=True)
    git(folder, "init", "--bare", "--quiet", "-b", "main")
    git(folder, "config", "receive.fsckObjects", "true")
    return folder


@contextmanager
def open_place(kind: str, home: Path) -> Iterator[Place]:
    """Provide an empty remote of a kind while the block runs."""
    home.mkdir(exist_ok=True)
    folder = home / "remote"
    if kind in GIT_KINDS:
        make_bare_repository(folder)
    else:
        folder.mkdir()
    if kind == "daemon":
        with run_git_daemon(home) as port:
            yield Place(f"git://127.0.0.1:{port}/remote", folder, home)
    elif kind == "ssh":
        with run_sshd(home) as (port, ssh):
            yield Place(f"ssh://{getpass.getuser()}@127.0.0.1:{port}{folder}", folder, home, {"GIT_SSH_COMMAND": ssh})
    else:
        yield Place(
            {"file": "file://", "rclone": "rclone:stick:"}.get(kind, "") + str(folder),
            folder,
            home,
            _rclone(kind, home),
        )


def _rclone(kind: str, home: Path) -> Mapping[str, str]:
    if kind != "rclone":
        return {}
    (home / "rclone.conf").write_text("[stick]\ntype = local\n")
    return {"RCLONE_CONFIG": str(home / "rclone.conf")}


@contextmanager
def run_git_daemon(base: Path) -> Iterator[int]:
    """Serve all repositories of a folder with git's daemon, also for pushes; yield its port."""
    port = free_port()
    command = [
        "git", "daemon", "--reuseaddr", "--export-all", "--enable=receive-pack", "--listen=127.0.0.1", f"--port={port}",
        f"--base-path={base}", str(base),
    ]  # fmt: skip
    environ = {"PATH": os.environ["PATH"], "HOME": str(base), "GIT_CONFIG_NOSYSTEM": "1"}
    with _run_server(command, environ, port):
        yield port


@contextmanager
def run_sshd(home: Path) -> Iterator[tuple[int, str]]:
    """Run sshd as this user with new keys; yield its port and the command of ssh that knows them."""
    keys = home / "ssh"
    keys.mkdir(mode=0o700)
    for name in ("host", "user"):
        words = ("-q", "-t", "ed25519", "-N", "", "-f", str(keys / name))
        subprocess.run(["ssh-keygen", *words], check=True)  # noqa: S607  the real one, wherever it is
    port = free_port()
    (keys / "known").write_text(f"[127.0.0.1]:{port} {(keys / 'host.pub').read_text()}")
    settings = {
        "Port": port, "ListenAddress": "127.0.0.1", "HostKey": keys / "host", "AuthorizedKeysFile": keys / "user.pub",
        "StrictModes": "no", "UsePAM": "no", "PasswordAuthentication": "no", "PidFile": "none", "LogLevel": "QUIET",
    }  # fmt: skip
    (keys / "config").write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
    sshd = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin") or "sshd"
    Path("/run/sshd").mkdir(exist_ok=True) if os.geteuid() == 0 else None
    with _run_server([sshd, "-D", "-e", "-f", str(keys / "config")], dict(os.environ), port):
        options = f"-F none -i {keys / 'user'} -o UserKnownHostsFile={keys / 'known'} -o BatchMode=yes"
        yield port, f"ssh {options} -o IdentitiesOnly=yes"


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def _run_server(command: list[str], environ: Mapping[str, str], port: int) -> Iterator[None]:
    with subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _wait_for_port(port)
            yield
        finally:
            server.terminate()


def _wait_for_port(port: int) -> None:
    for _ in range(500):
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise TimeoutError
