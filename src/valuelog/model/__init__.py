"""The vocabulary: what a journal speaks of. Knows no clock, no file, no screen."""
