"""Watson source: the frames of a day from Watson's file, one draft per project with its tags.

Watson itself is not run. The frame that is being tracked is in another file and left out.
"""

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from valuelog.model.draft import Draft
from valuelog.sources import Option, OptionType, SourceFailed, Span
from valuelog.sources.intervals import Interval, create_drafts
from valuelog.sources.sanitize import sanitize_line

MAX_FILE_BYTES = 50_000_000
"""Size limit for a frames file."""


class WatsonSource:
    """Proposes what Watson tracked."""

    name = "watson"
    about = "what Watson tracked"
    options: Sequence[Option] = (
        Option(name="paths", value_type=OptionType.PATHS, about="its frames files, if not in the default folder"),
    )

    def drafts(self, span: Span, options: Mapping[str, Any], environ: Mapping[str, str]) -> Iterator[Draft]:
        """Yield a draft per project and tags. Raises SourceFailed, also if there is no frames file.

        A file or a frame that cannot be read is named after the drafts of the others.
        """
        paths: Sequence[Path] = options.get("paths", ())
        failures: list[SourceFailed] = []
        frames = [frame for path in paths or [_default_frames_path(environ)] for frame in _read_frames(path, failures)]
        yield from create_drafts(self.name, frames, span)
        if failures:
            raise failures[0]


SOURCE = WatsonSource()


def _default_frames_path(environ: Mapping[str, str]) -> Path:
    """Return the path of Watson's frames file. Raises SourceFailed if it does not exist."""
    home = Path(environ.get("HOME", "/"))
    if configured := environ.get("WATSON_DIR"):
        folder = Path(configured)
    elif sys.platform == "darwin":
        folder = home / "Library" / "Application Support" / "watson"
    else:
        folder = Path(environ.get("XDG_CONFIG_HOME") or home / ".config") / "watson"
    if not os.path.lexists(folder / "frames"):
        hint = "Track something first, or set the path: valuelog config set sources.watson.paths FILE"
        raise SourceFailed("watson", f"there is no frames file at {sanitize_line(os.fspath(folder / 'frames'))}.", hint)
    return folder / "frames"


def _read_frames(path: Path, failures: list[SourceFailed]) -> list[Interval]:
    """Read a frames file, or the one in a folder, and append what could not be read to `failures`."""
    intervals: list[Interval] = []
    try:
        frames = _load_json(path)
    except OSError as error:
        failures.append(_frames_error(path, f"cannot be read: {error.strerror}"))
    except RecursionError:
        failures.append(_frames_error(path, "is not a frames file: it is nested too deeply"))
    except ValueError as error:
        failures.append(_frames_error(path, f"is not a frames file: {error}"))
    else:
        for number, frame in enumerate(frames, 1):
            try:
                intervals.extend(_parse_frame(frame))
            except (OverflowError, TypeError, ValueError):
                failures.append(_frames_error(path, f"has an invalid frame at number {number}"))
    return intervals


def _load_json(path: Path) -> list[Any]:
    file = path / "frames" if path.is_dir() else path
    if not file.is_file() and file.exists():
        raise ValueError("it is not a regular file")
    with file.open("rb") as content:
        raw = content.read(MAX_FILE_BYTES + 1)
    if len(raw) > MAX_FILE_BYTES:
        raise ValueError("it is too large")
    frames = json.loads(raw) if raw.strip() else []
    if not isinstance(frames, list):
        raise ValueError("it contains no list")  # noqa: TRY004  the caller reports every wrong content alike
    return frames


def _parse_frame(frame: Any) -> Iterator[Interval]:  # noqa: ANN401  any JSON
    """Parse a frame: start, stop, project, id, tags …; old ones have no tags. Raises TypeError or ValueError."""
    start, stop, project, frame_id, *rest = frame
    if stop is not None:
        tags = tuple(map(str, rest[0] or ())) if rest else ()
        yield Interval(start=float(start), end=float(stop), task=str(project), tags=tags, id=str(frame_id or ""))


def _frames_error(path: Path, reason: str) -> SourceFailed:
    message = f"{sanitize_line(os.fspath(path))} {sanitize_line(reason).rstrip('.')}."
    return SourceFailed("watson", message, "Fix the file, or restore it from its backup.")
