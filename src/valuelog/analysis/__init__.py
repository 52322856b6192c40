"""Pure computations from tallies and entries to values; without a clock, a journal or a terminal."""
