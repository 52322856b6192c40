"""The use cases: code that needs more than one of journal, analysis, questions, sources and exchange."""
