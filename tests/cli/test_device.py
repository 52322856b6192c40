"""The device id: created once and never changed."""

import os
from typing import TYPE_CHECKING, Any

import pytest

from valuelog.cli.state_files import ensure_device_id

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_device_id_is_created_once(tmp_path: "Path") -> None:
    name = ensure_device_id(tmp_path / "state" / "device")
    assert len(name) == 16
    assert ensure_device_id(tmp_path / "state" / "device") == name
    assert [path.name for path in (tmp_path / "state").iterdir()] == ["device"]


@pytest.mark.parametrize("content", ["", "\n", "\0" * 16])
def test_device_file_without_content_gets_a_new_id(tmp_path: "Path", content: str) -> None:
    path = tmp_path / "device"
    path.write_text(content)
    name = ensure_device_id(path)
    assert (len(name), path.read_text()) == (16, name)


def record_calls(calls: list[str], name: str, real: "Callable[..., None]") -> "Callable[..., None]":
    def recorder(*words: Any) -> None:  # noqa: ANN401  arguments of the real function
        calls.append(name)
        real(*words)

    return recorder


def test_device_id_is_synced_before_and_after_linking(tmp_path: "Path", monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    for name, real in (("fsync", os.fsync), ("link", os.link)):
        monkeypatch.setattr(os, name, record_calls(calls, name, real))
    ensure_device_id(tmp_path / "device")
    assert calls == ["fsync", "link", "fsync"]


def test_device_id_works_without_hard_links(tmp_path: "Path", monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*paths: Any) -> None:  # noqa: ANN401
        raise PermissionError(paths)

    monkeypatch.setattr(os, "link", refuse)
    name = ensure_device_id(tmp_path / "device")
    assert ensure_device_id(tmp_path / "device") == name
