"""Fake programs: small scripts on a separate PATH."""

from pathlib import Path


def install_fake_program(home: Path, name: str, script: str) -> dict[str, str]:
    """Write a script and return an environment whose PATH finds it."""
    folder = home / "bin"
    folder.mkdir(exist_ok=True)
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return {"HOME": str(home), "PATH": f"{folder}:/usr/bin:/bin"}


def script_printing(text: str) -> str:
    """Return a script that prints a text."""
    return f"cat <<'END_OF_IT'\n{text}\nEND_OF_IT"
