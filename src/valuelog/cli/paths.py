"""Where things live: in the folders that the system names, XDG first."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple


class Paths(NamedTuple):
    """The folders of valuelog, and the files in them."""

    data_dir: Path
    config_dir: Path
    state_dir: Path

    @property
    def journal(self) -> Path:
        """The journal, unless a flag, a variable or a setting names another."""
        return self.data_dir / "journal.db"

    @property
    def settings(self) -> Path:
        """The settings, unless VALUELOG_CONFIG names another file."""
        return self.config_dir / "config.toml"

    @property
    def reminders(self) -> Path:
        """What the login line reads."""
        return self.state_dir / "reminders"

    @property
    def last_reminded(self) -> Path:
        """Which reminder was spoken last."""
        return self.state_dir / "reminded"

    @property
    def device(self) -> Path:
        """The name of this machine in the log of changes."""
        return self.state_dir / "device"

    @property
    def editor_drafts(self) -> Path:
        """Texts that are being written in the editor, or were when it died."""
        return self.state_dir / "drafts"


def find_paths(environ: Mapping[str, str]) -> Paths:
    """Find the folders: what XDG variables name, or what is usual on this system."""
    variables = ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME")
    data, config, state = (_xdg_folder(environ.get(variable)) for variable in variables)
    if sys.platform == "linux":
        # What platformdirs would say: XDG's own defaults. Importing it takes 3 ms of every command.
        home = Path(environ.get("HOME") or Path.home())
        data = data or home / ".local" / "share" / "valuelog"
        config = config or home / ".config" / "valuelog"
        state = state or home / ".local" / "state" / "valuelog"
    elif not (data and config and state):
        from platformdirs import PlatformDirs  # noqa: PLC0415  not needed where XDG says all

        usual = PlatformDirs("valuelog", appauthor=False)
        data = data or Path(usual.user_data_dir)
        config = config or Path(usual.user_config_dir)
        state = state or Path(usual.user_state_dir)
    return Paths(data_dir=data, config_dir=config, state_dir=state)


def _xdg_folder(value: str | None) -> Path | None:
    """XDG wants absolute paths; others are ignored."""
    return Path(value) / "valuelog" if value and Path(value).is_absolute() else None
