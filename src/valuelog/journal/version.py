"""How a journal's file says what it is. Apart from the schema, so that reading it costs no import of sqlite-utils."""

APPLICATION_ID = 0x56616C4C
"""What SQLite writes into the header of each journal: the letters ValL."""

SCHEMA_VERSION = 2
"""The version of the schema that this valuelog reads and writes."""
