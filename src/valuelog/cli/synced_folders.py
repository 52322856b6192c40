"""Recognize folders that a cloud service syncs."""

from pathlib import Path

_NAMES = {
    "dropbox": "Dropbox",
    "onedrive": "OneDrive",
    "icloud": "iCloud",
    "icloud drive": "iCloud",
    "iclouddrive": "iCloud",
    "mobile documents": "iCloud",
    "google drive": "Google Drive",
    "googledrive": "Google Drive",
    "my drive": "Google Drive",
    "syncthing": "Syncthing",
    "nextcloud": "Nextcloud",
}
"""The names of synced folders, each alone or followed by an account: OneDrive - Company, GoogleDrive-me@example.org."""

_MARKERS = {".stfolder": "Syncthing", ".dropbox.cache": "Dropbox"}
"""Files that a service keeps in the folder that it syncs."""


def find_sync_service(path: Path) -> str | None:
    """Return the service that syncs a path, or None."""
    folders = dict.fromkeys((*path.absolute().parents, *path.resolve().parents))
    return next(filter(None, map(_service_of, folders)), None)


def _service_of(folder: Path) -> str | None:
    """Return the service whose synced folder this is, by its name or a marker in it."""
    name = folder.name.casefold()
    for known, service in _NAMES.items():
        if name == known or name.startswith((f"{known} ", f"{known}-")):
            return service
    return next((service for marker, service in _MARKERS.items() if (folder / marker).exists()), None)
