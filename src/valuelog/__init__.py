"""valuelog: a journal for the terminal that tells work from value."""

__version__ = "0.1.0"
