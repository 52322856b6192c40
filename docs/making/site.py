"""Build the site with Sphinx, and check that it loads nothing from other servers."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

EXTERNAL_RESOURCE = re.compile(
    r"""<(?:script|img|iframe|source|link)\b[^>]*?\b(?:src|href)=["'](?:https?:)?//[^"']*|"""
    r"""url\(\s*["']?(?:https?:)?//[^)]*|@import\s+["'](?:https?:)?//[^"']*"""
)
"""A resource that a browser would load from another server without a click."""


def build_site(docs: Path, site: Path) -> bool:
    """Build the site, print what's wrong with it, and return whether it is fine. Sphinx's warnings are errors."""
    # Read all pages again: an unchanged page may link to something that is gone.
    command = [sys.executable, "-m", "sphinx", "-q", "-E", "-a", "-n", "-W", "--keep-going", str(docs), str(site)]
    if subprocess.run(command, check=False).returncode:  # noqa: S603  Sphinx, on our own pages
        return False
    resources = list(find_external_resources(site))
    for file, resource in resources:
        print(f"{file.relative_to(site)} would load from another server: {resource}")
    return not resources


def find_external_resources(site: Path) -> Iterator[tuple[Path, str]]:
    """Yield each file of a site with each resource that it would load from another server."""
    for file in sorted(site.rglob("*")):
        if file.suffix in {".html", ".css", ".svg"}:
            for match in EXTERNAL_RESOURCE.finditer(file.read_text(encoding="utf-8")):
                yield file, match[0]
