"""The vocabulary: what a journal holds. Pure; without a clock, files or a terminal."""
