"""Files that appear complete or not at all, and survive a power cut."""

import os
from pathlib import Path


def publish_new_file(unfinished: Path, target: Path) -> None:
    """Give a finished file its name; if another process created `target` meanwhile, that one stays."""
    try:
        os.link(unfinished, target)
    except FileExistsError:
        return
    except OSError:  # a file system without hard links
        unfinished.rename(target)
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Flush a folder, so that the names in it survive a power cut."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
