"""The `age` program opens what is on a remote, and what it writes can be read: keys and files are age's own."""

import subprocess
from pathlib import Path

from support.requirements import requires_program
from support.segments import make_segment
from valuelog.sync.sealing import new_key, seal, unseal
from valuelog.sync.segment import pack, segment_name, unpack


def run(*words: str, stdin: bytes = b"") -> bytes:
    return subprocess.run(words, input=stdin, capture_output=True, check=True).stdout


@requires_program("age")
def test_age_opens_a_segment_with_the_key(tmp_path: Path) -> None:
    key, segment = new_key(), make_segment()
    (tmp_path / "key").write_text(f"# a comment\n{key}\n")
    data = pack(segment, key)
    plain = run("age", "--decrypt", "--identity", str(tmp_path / "key"), stdin=data)
    assert plain == unseal(data, key)
    recipient = run("age-keygen", "-y", str(tmp_path / "key")).decode().strip()
    sealed = run("age", "--encrypt", "--recipient", recipient, stdin=plain)
    assert unpack(segment_name(*segment[:3]), sealed, key) == segment


@requires_program("age")
def test_key_of_age_keygen_works() -> None:
    key = next(line for line in run("age-keygen").decode().split("\n") if line.startswith("AGE-SECRET-KEY-1"))
    assert unseal(seal(b"text", key), key) == b"text"
