"""The Watson source, with files of Watson 2.1.0, and with the real program if installed."""

import json
import os
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from support.git_repositories import make_span
from support.requirements import requires_program
from valuelog.model.draft import Draft
from valuelog.sources import Source, SourceFailed, watson
from valuelog.sources.watson import SOURCE

_WATSON: Source = SOURCE
FRAMES = """[
 [1772438400, 1772443800, "billing", "c77b967ea07c4b53af985a12e4dfb62b", ["runbook", "docs writing"], 1795380216],
 [1772445600, 1772448300, "meetings", "03a59d40a4bd441fabdeab4de91365fb", [], 1795380216]
]"""
MONDAY = make_span(date(2026, 3, 2))


def drafts(folder: Path, frames: str | bytes) -> list[Draft]:
    file = folder / "frames"
    file.write_bytes(frames if isinstance(frames, bytes) else frames.encode())
    return list(_WATSON.drafts(MONDAY, {"paths": (file,)}, {}))


def test_each_project_is_a_draft_with_tags_and_minutes(tmp_path: Path) -> None:
    first, second = drafts(tmp_path, FRAMES)
    assert (first.text, first.minutes) == ("billing: docs writing, runbook", 90)
    assert first.tags == ("docs-writing", "runbook")
    assert (second.text, second.minutes, second.day) == ("meetings", 45, date(2026, 3, 2))
    assert first.source == "watson"
    assert first.origin != second.origin


@pytest.mark.parametrize(
    ("place", "environ"),
    [
        (".config/watson", {}),
        ("elsewhere", {"WATSON_DIR": "elsewhere"}),
        ("xdg/watson", {"XDG_CONFIG_HOME": "xdg"}),
    ],
)
def test_frames_file_is_found_in_the_default_folders(tmp_path: Path, place: str, environ: dict[str, str]) -> None:
    (tmp_path / place).mkdir(parents=True)
    (tmp_path / place / "frames").write_text(FRAMES)
    absolute = {name: str(tmp_path / value) for name, value in environ.items()}
    assert len(list(_WATSON.drafts(MONDAY, {}, {"HOME": str(tmp_path), **absolute}))) == 2


def test_missing_frames_file_is_named(tmp_path: Path) -> None:
    place = tmp_path / "frames"
    with pytest.raises(SourceFailed) as failed:
        list(_WATSON.drafts(MONDAY, {}, {"WATSON_DIR": str(tmp_path)}))
    assert failed.value.message == f"watson: there is no frames file at {place}."
    assert failed.value.hint == "Track something first, or set the path: valuelog config set sources.watson.paths FILE"


def test_folder_path_and_several_files_are_read(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "frames").write_text(FRAMES)
    found = list(_WATSON.drafts(MONDAY, {"paths": (tmp_path / "a", tmp_path / "b")}, {}))
    assert [draft.minutes for draft in found] == [180, 90]


@pytest.mark.parametrize("frames", ["", " \n", "[]", '[[1772438400, null, "running", "id", []]]'])
def test_empty_frames_file_yields_no_draft(tmp_path: Path, frames: str) -> None:
    assert drafts(tmp_path, frames) == []


@pytest.mark.parametrize("tail", ["", ", null", ", []", ', [], 1, "more"'])
def test_frames_of_other_versions_are_read(tmp_path: Path, tail: str) -> None:
    (draft,) = drafts(tmp_path, f'[[1772438400.5, 1772443800, "billing", "id"{tail}]]')
    assert (draft.text, draft.minutes) == ("billing", 90)


def test_control_characters_in_frames_become_visible(tmp_path: Path) -> None:
    (draft,) = drafts(tmp_path, r'[[1772438400, 1772443800, "\u001b]0;x\u0007\u202e[red]", "id", ["\ud800", "a\nb"]]]')
    assert draft.text == "␛]0;x␇�[red]: a, �"


@pytest.mark.parametrize(
    ("frames", "why"),
    [
        ("[", "is not a frames file: Expecting value: line 1 column 2"),
        ("{}", "is not a frames file: it contains no list."),
        (b"\xff[]", "is not a frames file: 'utf-8' codec"),
        ("[" * 100_000, "is not a frames file: it is nested too deeply."),
        ("[[1, 2]]", "has an invalid frame at number 1."),
        ('[[1, 2, "a", "b", []], 7]', "has an invalid frame at number 2."),
        ('[["one", 2, "a", "b", []]]', "has an invalid frame at number 1."),
        ('[[1, 2, "a", "b", 3]]', "has an invalid frame at number 1."),
        (f'[[1{"0" * 400}, 2, "a", "b", []]]', "has an invalid frame at number 1."),
    ],
)
def test_invalid_frames_file_is_named_with_the_reason(tmp_path: Path, frames: str | bytes, why: str) -> None:
    with pytest.raises(SourceFailed) as failed:
        drafts(tmp_path, frames)
    assert failed.value.message.startswith(f"watson: {tmp_path}/frames {why}")


@pytest.mark.parametrize("frames", ['[[NaN, 2, "a", "b", []]]', '[[-Infinity, NaN, "a", "b", []]]'])
def test_frame_with_an_invalid_time_is_ignored(tmp_path: Path, frames: str) -> None:
    assert drafts(tmp_path, frames) == []


def test_missing_or_irregular_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceFailed, match=r"gone cannot be read: No such file or directory\.$"):
        list(_WATSON.drafts(MONDAY, {"paths": (tmp_path / "gone",)}, {}))
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SourceFailed, match=r"pipe is not a frames file: it is not a regular file\.$"):
        list(_WATSON.drafts(MONDAY, {"paths": (tmp_path / "pipe",)}, {}))


@requires_program("watson")
def test_file_of_the_real_watson_is_parsed(tmp_path: Path) -> None:
    environ = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "WATSON_DIR": str(tmp_path / "w"), "TZ": "UTC"}
    command = ["watson", "add", "-f", "2026-03-02 09:00", "-t", "2026-03-02 10:30", "billing", "+on", "+call"]
    subprocess.run(command, env=environ, check=True, capture_output=True)
    (draft,) = _WATSON.drafts(MONDAY, {}, environ)
    assert (draft.text, draft.minutes) == ("billing: call, on", 90)
    assert datetime(2026, 3, 2, 9, tzinfo=UTC) in MONDAY


def test_frames_file_size_limit_is_exact(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watson, "MAX_FILE_BYTES", len(FRAMES))
    assert len(drafts(tmp_path, FRAMES)) == 2
    with pytest.raises(SourceFailed, match="it is too large"):
        drafts(tmp_path, f"{FRAMES} ")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_frames_file_may_have_a_byte_order_mark(tmp_path: Path, encoding: str) -> None:
    assert drafts(tmp_path, FRAMES.encode(encoding)) == drafts(tmp_path, FRAMES)


@pytest.mark.parametrize("is_file_broken", [True, False])
def test_bad_file_or_frame_is_named_after_the_drafts_of_others(tmp_path: Path, is_file_broken: bool) -> None:  # noqa: FBT001
    frames = json.loads(FRAMES)
    (tmp_path / "bad").write_text("{" if is_file_broken else json.dumps([frames[0], [1, 2]]))
    (tmp_path / "good").write_text(json.dumps(frames[1:]))
    read: list[Draft] = []
    with pytest.raises(SourceFailed, match=r"bad (is not a frames file|has an invalid frame at number 2)"):
        read.extend(_WATSON.drafts(MONDAY, {"paths": (tmp_path / "bad", tmp_path / "good")}, {}))
    assert "meetings" in [draft.text for draft in read]
