"""Restore: compares a journal with a copy, puts the copy in place, and keeps the changes that only the journal has."""
