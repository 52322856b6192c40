"""Watson: the frames of a day, out of the file in which it keeps them: one draft a project with its tags and day.

Watson itself is not run. What is being tracked at the moment stands in another file and is left out.
"""

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from valuelog.model.draft import Draft
from valuelog.sources import Option, OptionType, SourceFailed, Span
from valuelog.sources.intervals import Interval, create_drafts
from valuelog.sources.sanitize import sanitize_line

MAX_FILE_BYTES = 50_000_000
"""So many bytes a file of frames may have."""


class WatsonSource:
    """The frames that Watson keeps."""

    name = "watson"
    about = "what Watson tracked"
    options: Sequence[Option] = (
        Option(
            name="paths", value_type=OptionType.PATHS, about="its frames files, if they are not in the usual folder"
        ),
    )

    def drafts(self, span: Span, options: Mapping[str, Any], environ: Mapping[str, str]) -> Iterator[Draft]:
        """Yield a draft a project with its tags. Raises SourceFailed, also if Watson never tracked anything."""
        named: Sequence[Path] = options.get("paths", ())
        frames = chain.from_iterable(map(_read_frames, named or [_default_frames_path(environ)]))
        yield from create_drafts(self.name, frames, span)


SOURCE = WatsonSource()


def _default_frames_path(environ: Mapping[str, str]) -> Path:
    """Return the frames file that Watson uses. Raises SourceFailed if there is none."""
    home = Path(environ.get("HOME", "/"))
    if named := environ.get("WATSON_DIR"):
        folder = Path(named)
    elif sys.platform == "darwin":
        folder = home / "Library" / "Application Support" / "watson"
    else:
        folder = Path(environ.get("XDG_CONFIG_HOME") or home / ".config") / "watson"
    if not os.path.lexists(folder / "frames"):
        raise SourceFailed(
            "watson", f"there is no file of frames at {sanitize_line(os.fspath(folder / 'frames'))}.", _NO_FRAMES_HINT
        )
    return folder / "frames"


_NO_FRAMES_HINT = "Track something first, or say where it is: valuelog config set sources.watson.paths FILE"


def _read_frames(path: Path) -> list[Interval]:
    """Read a file of frames; a folder stands for the one in it. Raises SourceFailed."""
    try:
        frames = _load_json(path)
    except OSError as error:
        raise _frames_error(path, f"cannot be read: {error.strerror}") from error
    except RecursionError as error:
        raise _frames_error(path, "is not a file of frames: it is nested too deep") from error
    except ValueError as error:
        raise _frames_error(path, f"is not a file of frames: {error}") from error
    return list(chain.from_iterable(_parse_frame(path, number, frame) for number, frame in enumerate(frames, 1)))


def _load_json(path: Path) -> list[Any]:
    file = path / "frames" if path.is_dir() else path
    if not file.is_file() and file.exists():
        raise ValueError("it is no file")
    with file.open("rb") as content:
        raw = content.read(MAX_FILE_BYTES + 1)
    if len(raw) > MAX_FILE_BYTES:
        raise ValueError("it is too large")
    frames = json.loads(raw.decode()) if raw.strip() else []
    if not isinstance(frames, list):
        raise ValueError("it holds no list")  # noqa: TRY004  the caller says the same of all that it may hold
    return frames


def _parse_frame(path: Path, number: int, frame: Any) -> Iterator[Interval]:  # noqa: ANN401  whatever the file holds
    """Read a frame: start, stop, project, id, tags …; old ones end before those. Raises SourceFailed."""
    try:
        start, stop, project, name, *rest = frame
        if stop is not None:
            tags = tuple(map(str, rest[0] or ())) if rest else ()
            yield Interval(start=float(start), end=float(stop), task=str(project), tags=tags, id=str(name or ""))
    except (OverflowError, TypeError, ValueError) as error:
        raise _frames_error(path, f"holds something that is no frame, as number {number}") from error


def _frames_error(path: Path, reason: str) -> SourceFailed:
    where = sanitize_line(os.fspath(path))
    return SourceFailed(
        "watson", f"{where} {sanitize_line(reason).rstrip('.')}.", "Mend the file, or restore it from its backup."
    )
