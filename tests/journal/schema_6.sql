-- The tables of schema 6, as they are made (sqlite_master, in its order). Never change this file once it is released.
PRAGMA application_id = 1449225292;
PRAGMA user_version = 6;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE TABLE device (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE
    ) STRICT;
CREATE TABLE change (
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
        hash BLOB NOT NULL, salt BLOB, own_wall INTEGER,
        UNIQUE (device, counter)
    ) STRICT;
CREATE INDEX change_entity ON change (entity_id);
CREATE INDEX change_batch ON change (batch);
CREATE TABLE batch (
        last INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        act TEXT NOT NULL,
        undone INTEGER NOT NULL DEFAULT 0
    , wall INTEGER NOT NULL DEFAULT 0, tick INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE project (
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
    , evidence TEXT, place INTEGER) STRICT, WITHOUT ROWID;
CREATE INDEX project_slug ON project (slug);
CREATE TABLE entry_person (
        entry TEXT NOT NULL REFERENCES entry(id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        PRIMARY KEY (entry, name)
    ) STRICT, WITHOUT ROWID;
CREATE INDEX entry_person_name ON entry_person (name);
CREATE TABLE entry_tag (
        entry TEXT NOT NULL REFERENCES entry(id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        PRIMARY KEY (entry, name)
    ) STRICT, WITHOUT ROWID;
CREATE INDEX entry_tag_name ON entry_tag (name);
CREATE TABLE pain (
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
    , fix TEXT REFERENCES entry(id) DEFERRABLE INITIALLY DEFERRED, raised_on TEXT, raised_outcome TEXT) STRICT;
CREATE INDEX pain_state ON pain (state) WHERE deleted IS NULL;
CREATE TABLE sighting (
        id TEXT PRIMARY KEY,
        pain TEXT NOT NULL REFERENCES pain(id) DEFERRABLE INITIALLY DEFERRED,
        day TEXT NOT NULL,
        text TEXT NOT NULL,
        created TEXT NOT NULL,
        utc_offset INTEGER NOT NULL,
        deleted TEXT
    , place INTEGER) STRICT, WITHOUT ROWID;
CREATE TABLE reflection (
        id TEXT PRIMARY KEY,
        period TEXT NOT NULL,
        question TEXT NOT NULL,
        answer TEXT NOT NULL,
        created TEXT NOT NULL,
        utc_offset INTEGER NOT NULL,
        deleted TEXT
    , promise TEXT REFERENCES promise(id) DEFERRABLE INITIALLY DEFERRED, place INTEGER) STRICT, WITHOUT ROWID;
CREATE TABLE day_off (
        day TEXT PRIMARY KEY,
        note TEXT,
        created TEXT NOT NULL,
        utc_offset INTEGER NOT NULL,
        deleted TEXT
    , every TEXT, until TEXT, working INTEGER NOT NULL DEFAULT 0, place INTEGER) STRICT, WITHOUT ROWID;
CREATE TABLE asked (
        id TEXT PRIMARY KEY,
        created TEXT NOT NULL,
        utc_offset INTEGER NOT NULL,
        deleted TEXT
    ) STRICT, WITHOUT ROWID;
CREATE TABLE draft_seen (
        id TEXT PRIMARY KEY,
        day TEXT NOT NULL,
        accepted INTEGER NOT NULL,
        created TEXT NOT NULL,
        utc_offset INTEGER NOT NULL,
        deleted TEXT
    ) STRICT, WITHOUT ROWID;
CREATE INDEX pain_fix ON pain (fix) WHERE fix IS NOT NULL;
CREATE INDEX pain_open ON pain (id, step) WHERE deleted IS NULL AND state IN ('open', 'planned');
CREATE INDEX sighting_pain ON sighting (pain, day, deleted);
CREATE INDEX sighting_day ON sighting (day, pain, deleted);
CREATE TABLE promise (
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
    , every TEXT, since TEXT, planned TEXT) STRICT;
CREATE INDEX promise_due ON promise (due) WHERE deleted IS NULL;
CREATE INDEX promise_open ON promise (due, pain) WHERE deleted IS NULL AND state = 'open';
CREATE INDEX promise_closed ON promise (closed_on) WHERE closed_on IS NOT NULL;
CREATE INDEX promise_pain ON promise (pain) WHERE pain IS NOT NULL;
CREATE INDEX reflection_promise ON reflection (promise) WHERE promise IS NOT NULL;
CREATE INDEX reflection_period ON reflection (period);
CREATE TABLE "entry" (
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
    , raised_on TEXT, raised_outcome TEXT) STRICT;
CREATE INDEX entry_day ON entry (day, kind, words, created, id, minutes, proven, held) WHERE deleted IS NULL;
CREATE INDEX entry_origin ON entry (origin) WHERE origin IS NOT NULL;
CREATE INDEX entry_project ON entry (project, day, kind, deleted) WHERE project IS NOT NULL;
CREATE INDEX entry_question ON entry (question, day) WHERE question IS NOT NULL;
CREATE TABLE measurement (
        id TEXT PRIMARY KEY,
        project TEXT NOT NULL REFERENCES project(id) DEFERRABLE INITIALLY DEFERRED,
        day TEXT NOT NULL,
        value TEXT NOT NULL,
        created TEXT NOT NULL,
        utc_offset INTEGER NOT NULL,
        deleted TEXT
    , place INTEGER) STRICT, WITHOUT ROWID;
CREATE INDEX measurement_project ON measurement (project, day);
CREATE TABLE finding (
        id TEXT PRIMARY KEY,
        until TEXT,
        created TEXT NOT NULL,
        utc_offset INTEGER NOT NULL,
        deleted TEXT
    ) STRICT, WITHOUT ROWID;
CREATE VIEW counted AS
        SELECT day, kind, 'work' AS side, minutes, 0 AS proven FROM entry
        WHERE kind = 'activity' AND deleted IS NULL
        UNION ALL
        SELECT day, kind, 'value', minutes, proven FROM (
            SELECT min(day || created || id), day, kind, minutes, sum(proven) > 0 AS proven FROM entry
            WHERE kind IN ('improvement', 'outcome', 'helped') AND held IS NOT 'no' AND deleted IS NULL
            GROUP BY date(day, 'weekday 0'), words
        );
CREATE VIEW daily AS
        SELECT day, sum(side = 'value') AS value, sum(side = 'work') AS work, sum(minutes) AS minutes
        FROM counted GROUP BY day;
CREATE VIEW weekly AS
        SELECT date(day, 'weekday 0', '-6 days') AS monday,
            sum(side = 'value') AS value, sum(side = 'work') AS work, sum(minutes) AS minutes
        FROM counted GROUP BY monday;
CREATE VIEW value_share AS
        SELECT monday, value, work, round(1.0 * value / (value + work), 4) AS share FROM weekly;
CREATE UNIQUE INDEX sighting_place ON sighting (place);
CREATE UNIQUE INDEX project_place ON project (place);
CREATE UNIQUE INDEX measurement_place ON measurement (place);
CREATE UNIQUE INDEX reflection_place ON reflection (place);
CREATE UNIQUE INDEX day_off_place ON day_off (place);
CREATE VIEW searchable AS SELECT place, coalesce(text, '') AS text, coalesce(evidence, '') || char(10) || coalesce(raised_outcome, '') AS details FROM entry UNION ALL SELECT place, coalesce(text, '') AS text, coalesce(shared, '') || char(10) || coalesce(better, '') || char(10) || coalesce(step, '') || char(10) || coalesce(hit, '') || char(10) || coalesce(how, '') || char(10) || coalesce(raised_outcome, '') AS details FROM pain UNION ALL SELECT place, coalesce(text, '') AS text, '' AS details FROM sighting UNION ALL SELECT place, coalesce(text, '') AS text, '' AS details FROM promise UNION ALL SELECT place, coalesce(name, '') AS text, coalesce(problem, '') || char(10) || coalesce(measure, '') || char(10) || coalesce(aim, '') || char(10) || coalesce(result, '') || char(10) || coalesce(evidence, '') || char(10) || coalesce(lesson, '') AS details FROM project UNION ALL SELECT place, coalesce(value, '') AS text, '' AS details FROM measurement UNION ALL SELECT place, coalesce(answer, '') AS text, '' AS details FROM reflection UNION ALL SELECT place, coalesce(note, '') AS text, '' AS details FROM day_off;
CREATE VIRTUAL TABLE search_fts USING fts5(text, details, content='searchable', content_rowid='place', tokenize='unicode61 remove_diacritics 2');
CREATE TRIGGER entry_words_in AFTER INSERT ON entry BEGIN INSERT INTO search_fts (rowid, text, details) VALUES (new.place, coalesce(new.text, ''), coalesce(new.evidence, '') || char(10) || coalesce(new.raised_outcome, '')); END;
CREATE TRIGGER entry_words_out AFTER DELETE ON entry BEGIN INSERT INTO search_fts (search_fts, rowid, text, details) VALUES ('delete', old.place, coalesce(old.text, ''), coalesce(old.evidence, '') || char(10) || coalesce(old.raised_outcome, '')); END;
CREATE TRIGGER entry_words_new AFTER UPDATE OF text, evidence, raised_outcome ON entry BEGIN INSERT INTO search_fts (search_fts, rowid, text, details) VALUES ('delete', old.place, coalesce(old.text, ''), coalesce(old.evidence, '') || char(10) || coalesce(old.raised_outcome, '')); INSERT INTO search_fts (rowid, text, details) VALUES (new.place, coalesce(new.text, ''), coalesce(new.evidence, '') || char(10) || coalesce(new.raised_outcome, '')); END;
CREATE TRIGGER pain_words_in AFTER INSERT ON pain BEGIN INSERT INTO search_fts (rowid, text, details) VALUES (new.place, coalesce(new.text, ''), coalesce(new.shared, '') || char(10) || coalesce(new.better, '') || char(10) || coalesce(new.step, '') || char(10) || coalesce(new.hit, '') || char(10) || coalesce(new.how, '') || char(10) || coalesce(new.raised_outcome, '')); END;
CREATE TRIGGER pain_words_out AFTER DELETE ON pain BEGIN INSERT INTO search_fts (search_fts, rowid, text, details) VALUES ('delete', old.place, coalesce(old.text, ''), coalesce(old.shared, '') || char(10) || coalesce(old.better, '') || char(10) || coalesce(old.step, '') || char(10) || coalesce(old.hit, '') || char(10) || coalesce(old.how, '') || char(10) || coalesce(old.raised_outcome, '')); END;
CREATE TRIGGER pain_words_new AFTER UPDATE OF text, shared, better, step, hit, how, raised_outcome ON pain BEGIN INSERT INTO search_fts (search_fts, rowid, text, details) VALUES ('delete', old.place, coalesce(old.text, ''), coalesce(old.shared, '') || char(10) || coalesce(old.better, '') || char(10) || coalesce(old.step, '') || char(10) || coalesce(old.hit, '') || char(10) || coalesce(old.how, '') || char(10) || coalesce(old.raised_outcome, '')); INSERT INTO search_fts (rowid, text, details) VALUES (new.place, coalesce(new.text, ''), coalesce(new.shared, '') || char(10) || coalesce(new.better, '') || char(10) || coalesce(new.step, '') || char(10) || coalesce(new.hit, '') || char(10) || coalesce(new.how, '') || char(10) || coalesce(new.raised_outcome, '')); END;
CREATE TRIGGER sighting_words_in AFTER INSERT ON sighting BEGIN INSERT INTO search_fts (rowid, text, details) VALUES (new.place, coalesce(new.text, ''), ''); END;
CREATE TRIGGER sighting_words_out AFTER DELETE ON sighting BEGIN INSERT INTO search_fts (search_fts, rowid, text, details) VALUES ('delete', old.place, coalesce(old.text, ''), ''); END;
CREATE TRIGGER sighting_words_new AFTER UPDATE OF text ON sighting BEGIN INSERT INTO search_fts (search_fts, rowid, text, details) VALUES ('delete', old.place, coalesce(old.text, ''), ''); INSERT INTO search_fts (rowid, text, details) VALUES (new.place, coalesce(new.text, ''), ''); END;
CREATE TRIGGER promise_words_in AFTER INSERT ON promise BEGIN INSERT INTO search_fts (rowid, text, details) VALUES (new.place, coalesce(new.text, ''), ''); END;
CREATE TRIGGER promise_words_out AFTER DELETE ON promise BEGIN INSERT INTO search_fts (search_fts, rowid, text, details) VALUES ('delete', old.place, coalesce(old.text, ''), ''); END;
CREATE TRIGGER promise_words_new AFTER UPDATE OF text ON promise BEGIN INSERT INTO search_fts (search_fts, rowid, text, details) VALUES ('delete', old.place, coalesce(old.text, ''), ''); INSERT INTO search_fts (rowid, text, details) VALUES (new.place, coalesce(new.text, ''), ''); END;
CREATE TRIGGER project_words_in AFTER INSERT ON project BEGIN INSERT INTO search_fts (rowid, text, details) VALUES (new.place, coalesce(new.name, ''), coalesce(new.problem, '') || char(10) || coalesce(new.measure, '') || char(10) || coalesce(new.aim, '') || char(10) || coalesce(new.result, '') || char(10) || coalesce(new.evidence, '') || char(10) || coalesce(new.lesson, '')); END;
CREATE TRIGGER project_words_out AFTER DELETE ON project BEGIN INSERT INTO search_fts (search_fts, rowid, text, details) VALUES ('delete', old.place, coalesce(old.name, ''), coalesce(old.problem, '') || char(10) || coalesce(old.measure, '') || char(10) || coalesce(old.aim, '') || char(10) || coalesce(old.result, '') || char(10) || coalesce(old.evidence, '') || char(10) || coalesce(old.lesson, '')); END;
CREATE TRIGGER project_words_new AFTER UPDATE OF name, problem, measure, aim, result, evidence, lesson ON project BEGIN INSERT INTO search_fts (search_fts, rowid, text, details) VALUES ('delete', old.place, coalesce(old.name, ''), coalesce(old.problem, '') || char(10) || coalesce(old.measure, '') || char(10) || coalesce(old.aim, '') || char(10) || coalesce(old.result, '') || char(10) || coalesce(old.evidence, '') || char(10) || coalesce(old.lesson, '')); INSERT INTO search_fts (rowid, text, details) VALUES (new.place, coalesce(new.name, ''), coalesce(new.problem, '') || char(10) || coalesce(new.measure, '') || char(10) || coalesce(new.aim, '') || char(10) || coalesce(new.result, '') || char(10) || coalesce(new.evidence, '') || char(10) || coalesce(new.lesson, '')); END;
CREATE TRIGGER measurement_words_in AFTER INSERT ON measurement BEGIN INSERT INTO search_fts (rowid, text, details) VALUES (new.place, coalesce(new.value, ''), ''); END;
CREATE TRIGGER measurement_words_out AFTER DELETE ON measurement BEGIN INSERT INTO search_fts (search_fts, rowid, text, details) VALUES ('delete', old.place, coalesce(old.value, ''), ''); END;
CREATE TRIGGER measurement_words_new AFTER UPDATE OF value ON measurement BEGIN INSERT INTO search_fts (search_fts, rowid, text, details) VALUES ('delete', old.place, coalesce(old.value, ''), ''); INSERT INTO search_fts (rowid, text, details) VALUES (new.place, coalesce(new.value, ''), ''); END;
CREATE TRIGGER reflection_words_in AFTER INSERT ON reflection BEGIN INSERT INTO search_fts (rowid, text, details) VALUES (new.place, coalesce(new.answer, ''), ''); END;
CREATE TRIGGER reflection_words_out AFTER DELETE ON reflection BEGIN INSERT INTO search_fts (search_fts, rowid, text, details) VALUES ('delete', old.place, coalesce(old.answer, ''), ''); END;
CREATE TRIGGER reflection_words_new AFTER UPDATE OF answer ON reflection BEGIN INSERT INTO search_fts (search_fts, rowid, text, details) VALUES ('delete', old.place, coalesce(old.answer, ''), ''); INSERT INTO search_fts (rowid, text, details) VALUES (new.place, coalesce(new.answer, ''), ''); END;
CREATE TRIGGER day_off_words_in AFTER INSERT ON day_off BEGIN INSERT INTO search_fts (rowid, text, details) VALUES (new.place, coalesce(new.note, ''), ''); END;
CREATE TRIGGER day_off_words_out AFTER DELETE ON day_off BEGIN INSERT INTO search_fts (search_fts, rowid, text, details) VALUES ('delete', old.place, coalesce(old.note, ''), ''); END;
CREATE TRIGGER day_off_words_new AFTER UPDATE OF note ON day_off BEGIN INSERT INTO search_fts (search_fts, rowid, text, details) VALUES ('delete', old.place, coalesce(old.note, ''), ''); INSERT INTO search_fts (rowid, text, details) VALUES (new.place, coalesce(new.note, ''), ''); END;
CREATE INDEX batch_clock ON batch (wall, tick, id);
CREATE INDEX change_undoes ON change (undoes, wall, tick, id) WHERE undoes IS NOT NULL;
CREATE TABLE waiting (
        target TEXT NOT NULL,
        entity TEXT NOT NULL,
        entity_id TEXT NOT NULL,
        PRIMARY KEY (target, entity, entity_id)
    ) STRICT, WITHOUT ROWID;
INSERT INTO _sqlite_migrations (migration_set, name, applied_at)
    VALUES ('valuelog', 'first_tables', '2026-11-20 12:00:00.000000+00:00'),
           ('valuelog', 'follow_through', '2026-11-27 12:00:00.000000+00:00'),
           ('valuelog', 'sides', '2026-12-04 12:00:00.000000+00:00'),
           ('valuelog', 'recurrence', '2026-12-18 12:00:00.000000+00:00'),
           ('valuelog', 'raised', '2026-12-18 12:00:00.000000+00:00'),
           ('valuelog', 'search_everything', '2026-12-18 12:00:00.000000+00:00'),
           ('valuelog', 'salted_changes', '2026-12-25 12:00:00.000000+00:00'),
           ('valuelog', 'merging', '2027-01-08 12:00:00.000000+00:00');
