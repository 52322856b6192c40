"""A thought: what somebody noticed, what it could mean and what they propose, as the words of an insight say it."""

import re

_SENTENCE_BREAK = re.compile(r"(?<=[.!?…。！？])(?<!\b[a-z]\.)(?<!\b(?:vs|ca|cf)\.)(?<!\betc\.)(?:\s+|(?<=[。！？]))")
"""Where one sentence ends and the next begins; a single letter (e.g.) ends none."""


def split_insight(text: str) -> tuple[str, str | None, str | None]:
    """Split an insight into what was noticed, what it could mean and what is proposed: by its lines or its sentences.

    What comes after the second part is all proposal.
    """
    parts = [line.strip() for line in text.split("\n") if line.strip()]
    if len(parts) == 1:
        parts = [part for part in _SENTENCE_BREAK.split(parts[0]) if part]
    noticed, meaning, *rest = (*parts, "", "")[: max(3, len(parts))]
    return noticed.rstrip(".") or noticed, meaning or None, " ".join(filter(None, rest)) or None
