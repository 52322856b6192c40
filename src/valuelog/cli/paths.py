"""The folders and files of valuelog: where XDG variables say, or the platform's defaults."""

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from valuelog.model.errors import ValuelogError


class NoHome(ValuelogError):
    """No home folder is known, so a journal would end up below the current folder."""

    def __init__(self) -> None:
        """Say what to set."""
        super().__init__("HOME is not an absolute path, and you have no home folder.", "Set it: export HOME=/home/you")


class Paths(NamedTuple):
    """The folders of valuelog and the files in them."""

    data_dir: Path
    config_dir: Path
    state_dir: Path

    @property
    def journal(self) -> Path:
        """The journal, unless a flag, an environment variable or a setting names another."""
        return self.data_dir / "journal.db"

    @property
    def settings(self) -> Path:
        """The settings, unless VALUELOG_CONFIG names another file."""
        return self.config_dir / "config.toml"

    @property
    def reminders(self) -> Path:
        """The reminders that the login hook reads."""
        return self.state_dir / "reminders"

    @property
    def last_reminded(self) -> Path:
        """The time of the reminder that the login hook showed last."""
        return self.state_dir / "reminded"

    @property
    def showings(self) -> Path:
        """Which findings were shown, and when."""
        return self.state_dir / "findings.json"

    @property
    def last_journal(self) -> Path:
        """The path of the journal that was changed last, for when config.toml is broken."""
        return self.state_dir / "journal"

    @property
    def told_backup(self) -> Path:
        """The newest backup that was compared with the journal."""
        return self.state_dir / "told-backup"

    @property
    def device(self) -> Path:
        """The device id, which the log of changes records."""
        return self.state_dir / "device"

    @property
    def unsaved_answers(self) -> Path:
        """Answers of an evening that could not be saved."""
        return self.state_dir / "unsaved-answers.jsonl"

    @property
    def backup_problem(self) -> Path:
        """Why the last automatic backup failed, if it did."""
        return self.state_dir / "backup-problem.json"

    @property
    def sync(self) -> Path:
        """What syncing keeps: a folder for each journal, with the key and what is known of the remote."""
        return self.state_dir / "sync"

    @property
    def editor_drafts(self) -> Path:
        """Unsaved texts of the editor."""
        return self.state_dir / "drafts"


class ShowingsFile(NamedTuple):
    """The file of which findings were shown, and the journal that they are about."""

    path: Path
    journal: str


def find_paths(environ: Mapping[str, str]) -> Paths:
    """Return the folders that XDG variables name, or the platform's defaults. Raises NoHome."""
    variables = ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME")
    data, config, state = (_xdg_folder(environ.get(variable)) for variable in variables)
    if sys.platform == "linux" and not (data and config and state):
        # The same as platformdirs would return; importing it costs every command 3 ms.
        home = find_home(environ)
        data = data or home / ".local" / "share" / "valuelog"
        config = config or home / ".config" / "valuelog"
        state = state or home / ".local" / "state" / "valuelog"
    elif not (data and config and state):
        from platformdirs import PlatformDirs  # noqa: PLC0415  not needed if all variables are set

        defaults = PlatformDirs("valuelog", appauthor=False)
        if not Path(defaults.user_data_dir).is_absolute():
            raise NoHome
        data = data or Path(defaults.user_data_dir)
        config = config or Path(defaults.user_config_dir)
        state = state or Path(defaults.user_state_dir)
    return Paths(data_dir=data, config_dir=config, state_dir=state)


def find_home(environ: Mapping[str, str]) -> Path:
    """Return HOME, or what the user database says if that isn't an absolute path. Raises NoHome."""
    home = environ.get("HOME", "")
    if not Path(home).is_absolute():
        import pwd  # noqa: PLC0415  rarely needed

        with suppress(KeyError):
            home = pwd.getpwuid(os.getuid()).pw_dir
    if not Path(home).is_absolute():
        raise NoHome
    return Path(home)


def _xdg_folder(value: str | None) -> Path | None:
    """Return our folder in an XDG folder, or None; the specification says to ignore relative paths."""
    return Path(value) / "valuelog" if value and Path(value).is_absolute() else None
