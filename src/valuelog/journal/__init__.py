"""The journal: one SQLite file that holds an append-only log of changes and the tables they add up to.

The only place that knows SQLite. Values of the model go in and come out; no exception of SQLite leaves it.
"""
