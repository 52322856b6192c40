"""The journal: one SQLite file that holds an append-only log of changes and the tables they add up to.

The only package that knows SQLite. Its interface is instances of model classes; no exception of sqlite3 leaves it.
`log` appends changes, `projection` applies them to tables, `database` does both in one transaction, `undo` and `purge`
build on that, and `store` is the interface. The other modules read and write one entity type each.
"""
