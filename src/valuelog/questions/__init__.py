"""The catalogue of questions, kept as data, and which of them an evening asks."""
