"""The site: what Sphinx makes of all pages. It is wrong where it warns, or would fetch anything from elsewhere."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

FETCHED = re.compile(
    r"""<(?:script|img|iframe|source|link)\b[^>]*?\b(?:src|href)=["'](?:https?:)?//[^"']*|"""
    r"""url\(\s*["']?(?:https?:)?//[^)]*|@import\s+["'](?:https?:)?//[^"']*"""
)
"""What a browser would ask another machine for, without anybody's click."""


def build(docs: Path, site: Path) -> bool:
    """Build the site and tell whether it is as it should be; what is wrong is said."""
    # Everything is read anew: what another page says of an unchanged one may be wrong by now.
    command = [sys.executable, "-m", "sphinx", "-q", "-E", "-a", "-n", "-W", "--keep-going", str(docs), str(site)]
    if subprocess.run(command, check=False).returncode:  # noqa: S603  Sphinx, on our own pages
        return False
    found = list(fetched(site))
    for file, what in found:
        print(f"{file.relative_to(site)} would fetch: {what}")
    return not found


def fetched(site: Path) -> Iterator[tuple[Path, str]]:
    """Yield what the files of a site would fetch from elsewhere."""
    for file in sorted(site.rglob("*")):
        if file.suffix in {".html", ".css", ".svg"}:
            for found in FETCHED.finditer(file.read_text(encoding="utf-8")):
                yield file, found.group()
