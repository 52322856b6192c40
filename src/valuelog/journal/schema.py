"""The schema of the journal and its migrations.

Migrations are sqlite-utils Migrations: one named function each, each in one transaction. Only this module imports
sqlite-utils (80 ms), and it is imported only to create or migrate a journal.
"""

from sqlite3 import Connection

from sqlite_utils import Database, Migrations

from valuelog.model.entry import is_evidence, words_key

migrations = Migrations("valuelog")

_LOG_TABLES = (
    """CREATE TABLE device (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE
    ) STRICT""",
    """CREATE TABLE change (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL,
        device INTEGER NOT NULL REFERENCES device(id),
        counter INTEGER NOT NULL,
        wall INTEGER NOT NULL,
        tick INTEGER NOT NULL,
        entity TEXT NOT NULL,
        entity_id TEXT NOT NULL,
        fields TEXT,
        erased BLOB CHECK ((fields IS NULL) = (erased IS NOT NULL)),
        batch TEXT NOT NULL,
        act TEXT NOT NULL,
        undoes TEXT,
        hash BLOB NOT NULL,
        UNIQUE (device, counter)
    ) STRICT""",
    "CREATE INDEX change_entity ON change (entity_id)",
    "CREATE INDEX change_batch ON change (batch)",
    """CREATE TABLE batch (
        last INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        act TEXT NOT NULL,
        undone INTEGER NOT NULL DEFAULT 0
    ) STRICT""",
)

_PROJECTION_TABLES = (
    """CREATE TABLE project (
        id TEXT PRIMARY KEY,
        slug TEXT NOT NULL,
        name TEXT NOT NULL,
        problem TEXT,
        measure TEXT,
        aim TEXT,
        state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'closed', 'dropped')),
        closed_on TEXT,
        result TEXT,
        lesson TEXT,
        started_on TEXT NOT NULL,
        created TEXT NOT NULL,
        utc_offset INTEGER NOT NULL,
        deleted TEXT
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX project_slug ON project (slug)",
    """CREATE TABLE entry (
        place INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        day TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('activity', 'improvement', 'outcome', 'helped', 'insight')),
        text TEXT NOT NULL,
        minutes INTEGER CHECK (minutes > 0),
        project TEXT REFERENCES project(id) DEFERRABLE INITIALLY DEFERRED,
        effects TEXT NOT NULL DEFAULT '[]',
        beneficiaries TEXT NOT NULL DEFAULT '[]',
        evidence TEXT,
        origin TEXT,
        created TEXT NOT NULL,
        utc_offset INTEGER NOT NULL,
        deleted TEXT
    ) STRICT""",
    "CREATE INDEX entry_day ON entry (day, kind, minutes, (evidence IS NOT NULL)) WHERE deleted IS NULL",
    "CREATE INDEX entry_origin ON entry (origin) WHERE origin IS NOT NULL",
    "CREATE INDEX entry_project ON entry (project, day) WHERE project IS NOT NULL",
    """CREATE TABLE entry_person (
        entry TEXT NOT NULL REFERENCES entry(id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        PRIMARY KEY (entry, name)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX entry_person_name ON entry_person (name)",
    """CREATE TABLE entry_tag (
        entry TEXT NOT NULL REFERENCES entry(id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        PRIMARY KEY (entry, name)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX entry_tag_name ON entry_tag (name)",
    """CREATE TABLE pain (
        place INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        text TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'planned', 'fixed', 'dropped')),
        shared TEXT,
        better TEXT,
        step TEXT,
        step_by TEXT,
        hit TEXT,
        closed_on TEXT,
        how TEXT,
        created TEXT NOT NULL,
        utc_offset INTEGER NOT NULL,
        deleted TEXT
    ) STRICT""",
    "CREATE INDEX pain_state ON pain (state) WHERE deleted IS NULL",
    """CREATE TABLE sighting (
        id TEXT PRIMARY KEY,
        pain TEXT NOT NULL REFERENCES pain(id) DEFERRABLE INITIALLY DEFERRED,
        day TEXT NOT NULL,
        text TEXT NOT NULL,
        created TEXT NOT NULL,
        utc_offset INTEGER NOT NULL,
        deleted TEXT
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX sighting_pain ON sighting (pain, day)",
    "CREATE INDEX sighting_day ON sighting (day)",
    """CREATE TABLE promise (
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL CHECK (kind IN ('stop', 'start', 'step')),
        text TEXT NOT NULL,
        due TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'kept', 'broken', 'dropped')),
        carried INTEGER NOT NULL DEFAULT 0,
        pain TEXT REFERENCES pain(id) DEFERRABLE INITIALLY DEFERRED,
        closed_on TEXT,
        created TEXT NOT NULL,
        utc_offset INTEGER NOT NULL,
        deleted TEXT
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE reflection (
        id TEXT PRIMARY KEY,
        period TEXT NOT NULL,
        question TEXT NOT NULL,
        answer TEXT NOT NULL,
        created TEXT NOT NULL,
        utc_offset INTEGER NOT NULL,
        deleted TEXT
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE day_off (
        day TEXT PRIMARY KEY,
        note TEXT,
        created TEXT NOT NULL,
        utc_offset INTEGER NOT NULL,
        deleted TEXT
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE asked (
        id TEXT PRIMARY KEY,
        created TEXT NOT NULL,
        utc_offset INTEGER NOT NULL,
        deleted TEXT
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE draft_seen (
        id TEXT PRIMARY KEY,
        day TEXT NOT NULL,
        accepted INTEGER NOT NULL,
        created TEXT NOT NULL,
        utc_offset INTEGER NOT NULL,
        deleted TEXT
    ) STRICT, WITHOUT ROWID""",
)

_VIEWS = (
    """CREATE VIEW daily AS
        SELECT day,
            sum(kind <> 'activity') AS value,
            sum(kind = 'activity') AS work,
            sum(minutes) AS minutes
        FROM entry WHERE deleted IS NULL GROUP BY day""",
    """CREATE VIEW weekly AS
        SELECT date(day, 'weekday 0', '-6 days') AS monday,
            sum(kind <> 'activity') AS value,
            sum(kind = 'activity') AS work,
            sum(minutes) AS minutes
        FROM entry WHERE deleted IS NULL GROUP BY monday""",
    """CREATE VIEW value_share AS
        SELECT monday, value, work, round(1.0 * value / (value + work), 4) AS share FROM weekly""",
)


def _create_full_text_index(db: Database, table: str, columns: tuple[str, ...]) -> None:
    """Create a full text index of some columns, and the triggers that keep it up to date."""
    db.execute(
        f"CREATE VIRTUAL TABLE {table}_fts USING fts5"
        f"({', '.join(columns)}, content='{table}', content_rowid='place', tokenize='unicode61 remove_diacritics 2')",
    )
    _create_triggers(db, table, columns)


def _create_triggers(db: Database, table: str, columns: tuple[str, ...]) -> None:
    """Create the triggers of a full text index; they fire only when one of its columns changes."""
    listed = ", ".join(columns)
    new, old = (", ".join(f"{row}.{column}" for column in columns) for row in ("new", "old"))
    add = f"INSERT INTO {table}_fts (rowid, {listed}) VALUES (new.place, {new});"
    drop = f"INSERT INTO {table}_fts ({table}_fts, rowid, {listed}) VALUES ('delete', old.place, {old});"
    db.execute(f"CREATE TRIGGER {table}_words_in AFTER INSERT ON {table} BEGIN {add} END")
    db.execute(f"CREATE TRIGGER {table}_words_out AFTER DELETE ON {table} BEGIN {drop} END")
    db.execute(f"CREATE TRIGGER {table}_words_new AFTER UPDATE OF {listed} ON {table} BEGIN {drop} {add} END")


@migrations()
def first_tables(db: Database) -> None:
    """Create the log, its projection, the full text indexes and the views."""
    for statement in (*_LOG_TABLES, *_PROJECTION_TABLES):
        db.execute(statement)
    _create_full_text_index(db, "entry", ("text", "evidence"))
    _create_full_text_index(db, "pain", ("text",))
    for statement in _VIEWS:
        db.execute(statement)


_FOLLOW_THROUGH_STATEMENTS = (
    "ALTER TABLE pain ADD COLUMN fix TEXT REFERENCES entry(id) DEFERRABLE INITIALLY DEFERRED",
    "CREATE INDEX pain_fix ON pain (fix) WHERE fix IS NOT NULL",
    "CREATE INDEX pain_open ON pain (id, step) WHERE deleted IS NULL AND state IN ('open', 'planned')",
    "DROP INDEX entry_project",
    "CREATE INDEX entry_project ON entry (project, day, kind, deleted) WHERE project IS NOT NULL",
    "DROP INDEX sighting_pain",
    "CREATE INDEX sighting_pain ON sighting (pain, day, deleted)",
    "DROP INDEX sighting_day",
    "CREATE INDEX sighting_day ON sighting (day, pain, deleted)",
    "ALTER TABLE project ADD COLUMN evidence TEXT",
    "DROP TABLE promise",  # until this version, nothing could create one
    """CREATE TABLE promise (
        place INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL CHECK (kind IN ('stop', 'start', 'step')),
        text TEXT NOT NULL,
        made_on TEXT NOT NULL,
        due TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'kept', 'broken', 'dropped')),
        carried INTEGER NOT NULL DEFAULT 0,
        pain TEXT REFERENCES pain(id) DEFERRABLE INITIALLY DEFERRED,
        closed_on TEXT,
        created TEXT NOT NULL,
        utc_offset INTEGER NOT NULL,
        deleted TEXT
    ) STRICT""",
    "CREATE INDEX promise_due ON promise (due) WHERE deleted IS NULL",
    "CREATE INDEX promise_open ON promise (due, pain) WHERE deleted IS NULL AND state = 'open'",
    "CREATE INDEX promise_closed ON promise (closed_on) WHERE closed_on IS NOT NULL",
    "CREATE INDEX promise_pain ON promise (pain) WHERE pain IS NOT NULL",
    "ALTER TABLE reflection ADD COLUMN promise TEXT REFERENCES promise(id) DEFERRABLE INITIALLY DEFERRED",
    "CREATE INDEX reflection_promise ON reflection (promise) WHERE promise IS NOT NULL",
    "CREATE INDEX reflection_period ON reflection (period)",
)


@migrations()
def follow_through(db: Database) -> None:
    """Add the entry that fixes a pain point, the evidence of a project and the day a promise was made."""
    for statement in _FOLLOW_THROUGH_STATEMENTS:
        db.execute(statement)


_ENTRY_COLUMNS = (
    "place, id, day, kind, text, minutes, project, effects, beneficiaries, evidence, origin, created, utc_offset,"
    " deleted"
)

_SIDES_STATEMENTS = (
    """CREATE TABLE entry_with_sides (
        place INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        day TEXT NOT NULL,
        kind TEXT NOT NULL
            CHECK (kind IN ('activity', 'improvement', 'outcome', 'helped', 'insight', 'learned')),
        text TEXT NOT NULL,
        minutes INTEGER CHECK (minutes > 0),
        project TEXT REFERENCES project(id) DEFERRABLE INITIALLY DEFERRED,
        effects TEXT NOT NULL DEFAULT '[]',
        beneficiaries TEXT NOT NULL DEFAULT '[]',
        evidence TEXT,
        impact TEXT CHECK (impact IN ('small', 'clear', 'large')),
        question TEXT,
        held TEXT CHECK (held IN ('yes', 'no')),
        held_on TEXT,
        ask_again INTEGER NOT NULL DEFAULT 1,
        origin TEXT,
        created TEXT NOT NULL,
        utc_offset INTEGER NOT NULL,
        deleted TEXT,
        words INTEGER NOT NULL,
        proven INTEGER NOT NULL
    ) STRICT""",
    f"""INSERT INTO entry_with_sides ({_ENTRY_COLUMNS}, words, proven)
        SELECT {_ENTRY_COLUMNS}, words_key(text), is_evidence(evidence) FROM entry""",
    *(f"DROP VIEW {view}" for view in ("value_share", "weekly", "daily")),
    "DROP TABLE entry",
    "ALTER TABLE entry_with_sides RENAME TO entry",
    "CREATE INDEX entry_day ON entry (day, kind, words, created, id, minutes, proven, held) WHERE deleted IS NULL",
    "CREATE INDEX entry_origin ON entry (origin) WHERE origin IS NOT NULL",
    "CREATE INDEX entry_project ON entry (project, day, kind, deleted) WHERE project IS NOT NULL",
    "CREATE INDEX entry_question ON entry (question, day) WHERE question IS NOT NULL",
    """CREATE TABLE measurement (
        id TEXT PRIMARY KEY,
        project TEXT NOT NULL REFERENCES project(id) DEFERRABLE INITIALLY DEFERRED,
        day TEXT NOT NULL,
        value TEXT NOT NULL,
        created TEXT NOT NULL,
        utc_offset INTEGER NOT NULL,
        deleted TEXT
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX measurement_project ON measurement (project, day)",
    """CREATE TABLE finding (
        id TEXT PRIMARY KEY,
        until TEXT,
        created TEXT NOT NULL,
        utc_offset INTEGER NOT NULL,
        deleted TEXT
    ) STRICT, WITHOUT ROWID""",
    """CREATE VIEW counted AS
        SELECT day, kind, 'work' AS side, minutes, 0 AS proven FROM entry
        WHERE kind = 'activity' AND deleted IS NULL
        UNION ALL
        SELECT day, kind, 'value', minutes, proven FROM (
            SELECT min(day || created || id), day, kind, minutes, sum(proven) > 0 AS proven FROM entry
            WHERE kind IN ('improvement', 'outcome', 'helped') AND held IS NOT 'no' AND deleted IS NULL
            GROUP BY date(day, 'weekday 0'), words
        )""",
    """CREATE VIEW daily AS
        SELECT day, sum(side = 'value') AS value, sum(side = 'work') AS work, sum(minutes) AS minutes
        FROM counted GROUP BY day""",
    """CREATE VIEW weekly AS
        SELECT date(day, 'weekday 0', '-6 days') AS monday,
            sum(side = 'value') AS value, sum(side = 'work') AS work, sum(minutes) AS minutes
        FROM counted GROUP BY monday""",
    """CREATE VIEW value_share AS
        SELECT monday, value, work, round(1.0 * value / (value + work), 4) AS share FROM weekly""",
)


@migrations()
def sides(db: Database) -> None:
    """Let insights and lessons count on neither side; add impact, question and what became of a result.

    The table of entries is rebuilt, because SQLite cannot change a CHECK. Needs foreign keys to be off.
    """
    db.conn.create_function("words_key", 1, words_key, deterministic=True)
    db.conn.create_function("is_evidence", 1, lambda text: int(is_evidence(text)), deterministic=True)
    for statement in _SIDES_STATEMENTS:
        db.execute(statement)
    _create_triggers(db, "entry", ("text", "evidence"))


_RECURRENCE_STATEMENTS = (
    "ALTER TABLE promise ADD COLUMN every TEXT",
    "ALTER TABLE promise ADD COLUMN since TEXT",
    "ALTER TABLE promise ADD COLUMN planned TEXT",
    "ALTER TABLE day_off ADD COLUMN every TEXT",
    "ALTER TABLE day_off ADD COLUMN until TEXT",
    "ALTER TABLE day_off ADD COLUMN working INTEGER NOT NULL DEFAULT 0",
)


@migrations()
def recurrence(db: Database) -> None:
    """Let promises and days off repeat, and make single days of such a series ordinary ones."""
    for statement in _RECURRENCE_STATEMENTS:
        db.execute(statement)


@migrations()
def raised(db: Database) -> None:
    """Let an insight or a pain point remember when it was raised, and what came of it."""
    for table in ("entry", "pain"):
        for column in ("raised_on", "raised_outcome"):
            db.execute(f"ALTER TABLE {table} ADD COLUMN {column} TEXT")


_SEARCHABLE_COLUMNS = {
    "entry": ("text", "evidence", "raised_outcome"),
    "pain": ("text", "shared", "better", "step", "hit", "how", "raised_outcome"),
    "sighting": ("text",),
    "promise": ("text",),
    "project": ("name", "problem", "measure", "aim", "result", "evidence", "lesson"),
    "measurement": ("value",),
    "reflection": ("answer",),
    "day_off": ("note",),
}
"""What people type: the main text of each entity type, and its details."""


def _details(columns: tuple[str, ...], row: str) -> str:
    """Return the SQL of the details of a row, one a line."""
    return " || char(10) || ".join(f"coalesce({row}{column}, '')" for column in columns) or "''"


def _create_search_triggers(db: Database, table: str) -> None:
    """Create the triggers that keep the full text index up to date with a table."""
    text, *details = _SEARCHABLE_COLUMNS[table]
    new, old = (
        f"{row}.place, coalesce({row}.{text}, ''), {_details(tuple(details), f'{row}.')}" for row in ("new", "old")
    )
    add = f"INSERT INTO search_fts (rowid, text, details) VALUES ({new});"
    drop = f"INSERT INTO search_fts (search_fts, rowid, text, details) VALUES ('delete', {old});"
    columns = ", ".join(_SEARCHABLE_COLUMNS[table])
    db.execute(f"CREATE TRIGGER {table}_words_in AFTER INSERT ON {table} BEGIN {add} END")
    db.execute(f"CREATE TRIGGER {table}_words_out AFTER DELETE ON {table} BEGIN {drop} END")
    db.execute(f"CREATE TRIGGER {table}_words_new AFTER UPDATE OF {columns} ON {table} BEGIN {drop} {add} END")


@migrations()
def search_everything(db: Database) -> None:
    """Replace the full text indexes of entries and pain points by one of everything that people type.

    A later migration that rebuilds one of these tables must create its triggers again, and the view before it.
    """
    for table in ("entry", "pain"):
        for trigger in ("in", "out", "new"):
            db.execute(f"DROP TRIGGER {table}_words_{trigger}")
        db.execute(f"DROP TABLE {table}_fts")
    for table, key in (
        ("sighting", "id"), ("project", "id"), ("measurement", "id"), ("reflection", "id"), ("day_off", "day"),
    ):  # fmt: skip
        db.execute(f"ALTER TABLE {table} ADD COLUMN place INTEGER")
        db.execute(f"UPDATE {table} SET place = (SELECT min(seq) FROM change WHERE entity_id = {table}.{key})")
        db.execute(f"CREATE UNIQUE INDEX {table}_place ON {table} (place)")
    selects = (
        f"SELECT place, coalesce({text}, '') AS text, {_details(tuple(details), '')} AS details FROM {table}"
        for table, (text, *details) in _SEARCHABLE_COLUMNS.items()
    )
    db.execute(f"CREATE VIEW searchable AS {' UNION ALL '.join(selects)}")
    db.execute(
        "CREATE VIRTUAL TABLE search_fts USING fts5"
        "(text, details, content='searchable', content_rowid='place', tokenize='unicode61 remove_diacritics 2')"
    )
    db.execute("INSERT INTO search_fts (search_fts) VALUES ('rebuild')")
    for table in _SEARCHABLE_COLUMNS:
        _create_search_triggers(db, table)


@migrations()
def salted_changes(db: Database) -> None:
    """Let changes have a salt and the time that their device's own clock showed."""
    db.execute("ALTER TABLE change ADD COLUMN salt BLOB")
    db.execute("ALTER TABLE change ADD COLUMN own_wall INTEGER")


_MERGE_STATEMENTS = (
    "ALTER TABLE batch ADD COLUMN wall INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE batch ADD COLUMN tick INTEGER NOT NULL DEFAULT 0",
    "UPDATE batch SET wall = coalesce((SELECT wall FROM change WHERE seq = batch.last), 0)",
    "UPDATE batch SET tick = coalesce((SELECT tick FROM change WHERE seq = batch.last), 0)",
    "UPDATE batch SET undone = 0 WHERE act IN ('undo', 'redo')",
    "CREATE INDEX batch_clock ON batch (wall, tick, id)",
    "CREATE INDEX change_undoes ON change (undoes, wall, tick, id) WHERE undoes IS NOT NULL",
    """CREATE TABLE waiting (
        target TEXT NOT NULL,
        entity TEXT NOT NULL,
        entity_id TEXT NOT NULL,
        PRIMARY KEY (target, entity, entity_id)
    ) STRICT, WITHOUT ROWID""",
)


@migrations()
def merging(db: Database) -> None:
    """Order batches by the clock, and remember which records wait for one that is not known yet."""
    for statement in _MERGE_STATEMENTS:
        db.execute(statement)


def migrate(connection: Connection, steps: Migrations = migrations, *, stop_before: str | None = None) -> None:
    """Apply every migration that a journal has not had yet, or those before one of them."""
    steps.apply(Database(connection), stop_before=stop_before)


def next_migration(connection: Connection) -> str | None:
    """Return the first migration that a journal has not had yet; None if it has had all."""
    return next((step.name for step in migrations.pending(Database(connection))), None)
