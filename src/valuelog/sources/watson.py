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
from valuelog.sources import Option, Reads, SourceFailed, Span
from valuelog.sources.intervals import Stretch, tracked
from valuelog.sources.sanitize import line

LARGEST = 50_000_000
"""So many bytes a file of frames may have."""


class Watson:
    """The frames that Watson keeps."""

    name = "watson"
    about = "what Watson tracked"
    options: Sequence[Option] = (
        Option(name="paths", reads=Reads.PATHS, about="its frames files, if they are not in the usual folder"),
    )

    def drafts(self, span: Span, options: Mapping[str, Any], environ: Mapping[str, str]) -> Iterator[Draft]:
        """Yield a draft a project with its tags. Raises SourceFailed, also if Watson never tracked anything."""
        named: Sequence[Path] = options.get("paths", ())
        frames = chain.from_iterable(map(_frames, named or [_usual(environ)]))
        yield from tracked(self.name, frames, span)


SOURCE = Watson()


def _usual(environ: Mapping[str, str]) -> Path:
    """Return the frames file that Watson uses. Raises SourceFailed if there is none."""
    home = Path(environ.get("HOME", "/"))
    if named := environ.get("WATSON_DIR"):
        folder = Path(named)
    elif sys.platform == "darwin":
        folder = home / "Library" / "Application Support" / "watson"
    else:
        folder = Path(environ.get("XDG_CONFIG_HOME") or home / ".config") / "watson"
    if not os.path.lexists(folder / "frames"):
        raise SourceFailed("watson", f"there is no file of frames at {line(os.fspath(folder / 'frames'))}.", _NAME_IT)
    return folder / "frames"


_NAME_IT = "Track something first, or say where it is: valuelog config set sources.watson.paths FILE"


def _frames(path: Path) -> list[Stretch]:
    """Read a file of frames; a folder stands for the one in it. Raises SourceFailed."""
    try:
        frames = _loaded(path)
    except OSError as error:
        raise _failed(path, f"cannot be read: {error.strerror}") from error
    except RecursionError as error:
        raise _failed(path, "is not a file of frames: it is nested too deep") from error
    except ValueError as error:
        raise _failed(path, f"is not a file of frames: {error}") from error
    return list(chain.from_iterable(_stretch(path, number, frame) for number, frame in enumerate(frames, 1)))


def _loaded(path: Path) -> list[Any]:
    file = path / "frames" if path.is_dir() else path
    if not file.is_file() and file.exists():
        raise ValueError("it is no file")
    with file.open("rb") as content:
        raw = content.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise ValueError("it is too large")
    frames = json.loads(raw.decode()) if raw.strip() else []
    if not isinstance(frames, list):
        raise ValueError("it holds no list")  # noqa: TRY004  the caller says the same of all that it may hold
    return frames


def _stretch(path: Path, number: int, frame: Any) -> Iterator[Stretch]:  # noqa: ANN401  whatever the file holds
    """Read a frame: start, stop, project, id, tags …; old ones end before those. Raises SourceFailed."""
    try:
        start, stop, project, name, *rest = frame
        if stop is not None:
            tags = tuple(map(str, rest[0] or ())) if rest else ()
            yield Stretch(start=float(start), end=float(stop), task=str(project), tags=tags, id=str(name or ""))
    except (OverflowError, TypeError, ValueError) as error:
        raise _failed(path, f"holds something that is no frame, as number {number}") from error


def _failed(path: Path, why: str) -> SourceFailed:
    where = line(os.fspath(path))
    return SourceFailed("watson", f"{where} {line(why).rstrip('.')}.", "Mend the file, or restore it from its backup.")
