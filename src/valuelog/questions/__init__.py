"""The questions: a catalogue kept as data, and which of them an evening asks."""
