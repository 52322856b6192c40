"""The name of this machine: whole, and the same for ever."""

import os
from typing import TYPE_CHECKING, Any

import pytest

from valuelog.cli.state_files import ensure_device_id

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_a_name_is_made_once(tmp_path: "Path") -> None:
    name = ensure_device_id(tmp_path / "state" / "device")
    assert len(name) == 16
    assert ensure_device_id(tmp_path / "state" / "device") == name
    assert [path.name for path in (tmp_path / "state").iterdir()] == ["device"]


@pytest.mark.parametrize("cut", ["", "\n", "\0" * 16])
def test_a_file_that_a_power_cut_emptied_gets_a_fresh_name(tmp_path: "Path", cut: str) -> None:
    path = tmp_path / "device"
    path.write_text(cut)
    name = ensure_device_id(path)
    assert (len(name), path.read_text()) == (16, name)


def noted(done: list[str], name: str, real: "Callable[..., None]") -> "Callable[..., None]":
    def act(*words: Any) -> None:  # noqa: ANN401  whatever the real one takes
        done.append(name)
        real(*words)

    return act


def test_a_name_is_on_disk_before_it_is_the_name(tmp_path: "Path", monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    for name, real in (("fsync", os.fsync), ("link", os.link)):
        monkeypatch.setattr(os, name, noted(done, name, real))
    ensure_device_id(tmp_path / "device")
    assert done == ["fsync", "link", "fsync"]


def test_a_file_system_without_hard_links_will_do(tmp_path: "Path", monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*paths: Any) -> None:  # noqa: ANN401
        raise PermissionError(paths)

    monkeypatch.setattr(os, "link", refuse)
    name = ensure_device_id(tmp_path / "device")
    assert ensure_device_id(tmp_path / "device") == name
