"""Flipped bits: a journal with one wrong bit shows the same, is refused, or is named by the audit."""

from dataclasses import dataclass
from random import Random
from typing import Any

from faults.failures import ERROR_LINE
from faults.harness import Server, Step, environment, journal_path
from faults.judge import UNCLEAR
from faults.record import Stage
from faults.report import Report

ENTRY_COUNT = 500

COMMANDS = (
    ("list", "2026", "--plain"), ("search", "billing"), ("history", "-n", "600", "--plain"), ("show", "{id}"),
    ("review", "--json"), ("export", "jsonl"), ("undo",),
)  # fmt: skip
"""What a person looks at. The last one changes the journal."""


@dataclass(frozen=True)
class Sample:
    """A journal, and what each command prints about it."""

    content: bytes
    commands: list[list[str]]
    outcomes: list[Any]


def judge_flips(stage: Stage, budget: int, part: int = 0) -> Report:
    """Flip one random bit at a time; each part has others."""
    sample = _write_sample(stage)
    rng = Random(f"{stage.seed} flips {part}")  # noqa: S311  repeatable, not secret
    report = Report()
    for _ in range(budget):
        bit = rng.randrange(8 * len(sample.content))
        report.add(f"flip/{bit}", _judge(stage, sample, bit))
    return report


def replay_flip(stage: Stage, bit: str) -> list[str]:
    """Flip one bit again."""
    return _judge(stage, _write_sample(stage), int(bit))


def flip_bit(content: bytes, bit: int) -> bytes:
    """Return a content with one bit changed."""
    flipped = bytearray(content)
    flipped[bit // 8] ^= 1 << bit % 8
    return bytes(flipped)


def _write_sample(stage: Stage) -> Sample:
    """Write a journal with 500 entries."""
    stage.judge.place({})
    written = stage.server.call(
        "write_sample", journal=str(journal_path(stage.home)), texts=_texts(stage.seed), seed=stage.seed
    )
    commands = [[word.replace("{id}", written["id"]) for word in command] for command in COMMANDS]
    content = journal_path(stage.home).read_bytes()
    return Sample(content, commands, _run_all(stage.server, stage, commands))


def _texts(seed: int) -> list[str]:
    rng = Random(seed)  # noqa: S311  repeatable, not secret
    words = ["billing", "review", "deploy", "audit", "report", "release", "export", "queue", "form", "approval"]
    return [f"{' '.join(rng.sample(words, 4))} {number}" for number in range(ENTRY_COUNT)]


def _run_all(server: Server, stage: Stage, commands: list[list[str]]) -> list[Any]:
    environ = environment(stage.home, Step())
    done = server.call("run_all", commands=commands, environ=environ)
    outcomes: list[Any] = done["outcomes"]
    return outcomes


def _judge(stage: Stage, sample: Sample, bit: int) -> list[str]:
    content = flip_bit(sample.content, bit)
    stage.judge.place({"data/valuelog/journal.db": content})
    outcomes = _run_all(stage.server, stage, sample.commands)
    crashes = [
        f"{command[0]}: {printed.strip()[:200]}"
        for command, (_, printed) in zip(sample.commands, outcomes, strict=True)
        if UNCLEAR.search(printed)
    ]
    changed = [
        command[0]
        for command, before, after in zip(sample.commands, sample.outcomes, outcomes, strict=True)
        if before != after and not _is_refused(after)
    ]
    if not changed:
        return crashes
    stage.judge.place({"data/valuelog/journal.db": content})
    named = stage.server.call("find_named_damage", journal=str(journal_path(stage.home)))
    silent = [] if named["damage"] else [f"{', '.join(changed)} shows something else, and the audit finds nothing"]
    return [*crashes, *silent]


def _is_refused(outcome: list[Any]) -> bool:
    """Return whether a command ended with an error; what it printed before that is part of it."""
    code, printed = outcome
    return code in {1, 2} and bool(ERROR_LINE.search(printed)) and not UNCLEAR.search(printed)
