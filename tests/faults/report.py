"""What an experiment found."""

from dataclasses import dataclass, field


@dataclass
class Report:
    """How many cases were tried, and what is wrong with which."""

    tried: int = 0
    faults: dict[str, list[str]] = field(default_factory=dict)

    def add(self, name: str, problems: list[str]) -> None:
        """Count a case."""
        self.tried += 1
        if problems:
            self.faults[name] = problems

    def format_faults(self, seed: int) -> str:
        """Return each fault with the command that replays it; of many with the same problem, the first."""
        first: dict[str, str] = {}
        for name, problems in self.faults.items():
            first.setdefault("; ".join(problems), name)
        lines = [f"{problem}\n    python3 dev.py faults --replay '{name}@{seed}'" for problem, name in first.items()]
        return "\n".join([f"{len(self.faults)} of {self.tried} failed:", *lines])
