-- The tables of a snapshot, from those of a journal (main): without the log and without deleted rows.
-- Primary keys are ids, so that foreign keys become links; sanitize() escapes all user text.

CREATE TABLE snapshot.project (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, state TEXT NOT NULL, value INTEGER NOT NULL, work INTEGER NOT NULL,
    problem TEXT, measure TEXT, aim TEXT, started_on TEXT NOT NULL, closed_on TEXT, result TEXT, evidence TEXT,
    lesson TEXT
);
INSERT INTO snapshot.project
    SELECT p.id, sanitize(p.name), p.state,
        count(DISTINCT date(e.day, 'weekday 0') || ' ' || e.words)
            FILTER (WHERE e.kind IN ('improvement', 'outcome', 'helped') AND e.held IS NOT 'no'),
        count(*) FILTER (WHERE e.kind = 'activity'),
        sanitize(p.problem), sanitize(p.measure), sanitize(p.aim), p.started_on, p.closed_on, sanitize(p.result),
        sanitize(p.evidence), sanitize(p.lesson)
    FROM main.project p LEFT JOIN main.entry e ON e.project = p.id AND e.deleted IS NULL
    WHERE p.deleted IS NULL GROUP BY p.id ORDER BY p.started_on, p.created, p.id;

-- Of value entries of one week with the same words only the earliest counts, proven if any of them is.
CREATE TABLE snapshot.entry (
    id TEXT PRIMARY KEY, day TEXT NOT NULL, kind TEXT NOT NULL, side TEXT NOT NULL, counts INTEGER NOT NULL,
    text TEXT NOT NULL, evidence TEXT, proven INTEGER NOT NULL, impact TEXT, people TEXT, tags TEXT,
    project TEXT REFERENCES project(id), effects TEXT, beneficiaries TEXT, minutes INTEGER, question TEXT, held TEXT,
    held_on TEXT, source TEXT, created TEXT NOT NULL
);
INSERT INTO snapshot.entry
    WITH sided AS (
        SELECT *, CASE
            WHEN kind = 'activity' THEN 'work'
            WHEN kind IN ('improvement', 'outcome', 'helped') AND held IS NOT 'no' THEN 'value'
            ELSE 'neither'
        END AS side FROM main.entry WHERE deleted IS NULL
    ), ranked AS (
        SELECT *, row_number() OVER same_words AS repetition, max(proven) OVER (same_words
            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS is_any_proven
        FROM sided WINDOW same_words AS (PARTITION BY side, date(day, 'weekday 0'), words ORDER BY day, created, id)
    )
    SELECT e.id, e.day, e.kind, e.side, e.side = 'work' OR e.side = 'value' AND e.repetition = 1, sanitize(e.text),
        sanitize(e.evidence), iif(e.side = 'value', e.is_any_proven, e.proven), e.impact,
        (SELECT nullif(json_group_array(name), '[]')
            FROM (SELECT DISTINCT sanitize(resolve_alias(name)) AS name FROM main.entry_person WHERE entry = e.id
                ORDER BY 1)),
        (SELECT nullif(json_group_array(name), '[]')
            FROM (SELECT DISTINCT sanitize(resolve_tag(name)) AS name FROM main.entry_tag WHERE entry = e.id ORDER BY 1)),
        p.id, translate_effects(e.effects), translate_beneficiaries(e.beneficiaries), e.minutes, sanitize(e.question), e.held, e.held_on,
        sanitize(substr(e.origin, 1, instr(e.origin || ':', ':') - 1)),
        strftime('%Y-%m-%d %H:%M', e.created, e.utc_offset || ' minutes')
    FROM ranked e LEFT JOIN main.project p ON p.id = e.project AND p.deleted IS NULL ORDER BY e.day, e.created, e.id;
CREATE INDEX snapshot.entry_day ON entry (day);
CREATE INDEX snapshot.entry_project ON entry (project);
CREATE VIRTUAL TABLE snapshot.entry_fts
    USING fts5 (text, evidence, content="entry", tokenize='unicode61 remove_diacritics 2');
INSERT INTO snapshot.entry_fts (entry_fts) VALUES ('rebuild');

CREATE TABLE snapshot.measurement (
    id TEXT PRIMARY KEY, project TEXT NOT NULL REFERENCES project(id), day TEXT NOT NULL, value TEXT NOT NULL
);
INSERT INTO snapshot.measurement
    SELECT m.id, m.project, m.day, sanitize(m.value) FROM main.measurement m JOIN snapshot.project p ON p.id = m.project
    WHERE m.deleted IS NULL ORDER BY m.day, m.created, m.id;
CREATE INDEX snapshot.measurement_project ON measurement (project);

CREATE TABLE snapshot.pain (
    id TEXT PRIMARY KEY, text TEXT NOT NULL, state TEXT NOT NULL, days_seen INTEGER NOT NULL, first_seen TEXT,
    last_seen TEXT, shared TEXT, better TEXT, hit TEXT, step TEXT, step_by TEXT, closed_on TEXT, how TEXT,
    fix TEXT REFERENCES entry(id)
);
INSERT INTO snapshot.pain
    SELECT p.id, sanitize(p.text), iif(p.state = 'open' AND step.id IS NOT NULL, 'planned', p.state),
        count(DISTINCT s.day), min(s.day), max(s.day), sanitize(p.shared), sanitize(p.better), sanitize(p.hit),
        sanitize(coalesce(step.text, p.step)), step.due, p.closed_on, sanitize(coalesce(p.how, fix.text)), fix.id
    FROM main.pain p
    LEFT JOIN main.sighting s ON s.pain = p.id AND s.deleted IS NULL
    LEFT JOIN main.entry fix ON fix.id = p.fix AND fix.deleted IS NULL
    LEFT JOIN main.promise step ON step.id = (SELECT id FROM main.promise
        WHERE pain = p.id AND state = 'open' AND deleted IS NULL ORDER BY due, id LIMIT 1)
    WHERE p.deleted IS NULL GROUP BY p.id ORDER BY p.created, p.id;

CREATE TABLE snapshot.sighting (
    id TEXT PRIMARY KEY, pain TEXT NOT NULL REFERENCES pain(id), day TEXT NOT NULL, text TEXT NOT NULL
);
INSERT INTO snapshot.sighting
    SELECT s.id, s.pain, s.day, sanitize(s.text) FROM main.sighting s JOIN snapshot.pain p ON p.id = s.pain
    WHERE s.deleted IS NULL ORDER BY s.day, s.created, s.id;
CREATE INDEX snapshot.sighting_pain ON sighting (pain);

CREATE TABLE snapshot.promise (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, text TEXT NOT NULL, state TEXT NOT NULL, made_on TEXT NOT NULL,
    due TEXT NOT NULL, carried INTEGER NOT NULL, pain TEXT REFERENCES pain(id), closed_on TEXT, every TEXT
);
INSERT INTO snapshot.promise
    SELECT m.id, m.kind, sanitize(m.text), m.state, m.made_on, m.due, m.carried, p.id, m.closed_on, m.every
    FROM main.promise m LEFT JOIN snapshot.pain p ON p.id = m.pain
    WHERE m.deleted IS NULL ORDER BY m.due, m.created, m.id;

CREATE TABLE snapshot.reflection (
    id TEXT PRIMARY KEY, week TEXT NOT NULL, question TEXT NOT NULL, answer TEXT NOT NULL,
    promise TEXT REFERENCES promise(id)
);
INSERT INTO snapshot.reflection
    SELECT r.id, r.period, sanitize(r.question), sanitize(r.answer), m.id
    FROM main.reflection r LEFT JOIN snapshot.promise m ON m.id = r.promise
    WHERE r.deleted IS NULL ORDER BY r.period, r.created, r.id;

CREATE TABLE snapshot.day_off (day TEXT PRIMARY KEY, note TEXT, every TEXT, until TEXT);
INSERT INTO snapshot.day_off
    SELECT day, sanitize(note), every, until FROM main.day_off
    WHERE deleted IS NULL AND (every IS NOT NULL OR NOT working) ORDER BY day;

CREATE TABLE snapshot.daily (day TEXT PRIMARY KEY, value INTEGER NOT NULL, work INTEGER NOT NULL, minutes INTEGER);
INSERT INTO snapshot.daily SELECT day, value, work, minutes FROM main.daily ORDER BY day;
CREATE TABLE snapshot.weekly (monday TEXT PRIMARY KEY, value INTEGER NOT NULL, work INTEGER NOT NULL, minutes INTEGER);
INSERT INTO snapshot.weekly SELECT monday, value, work, minutes FROM main.weekly ORDER BY monday;
CREATE TABLE snapshot.value_share (
    monday TEXT PRIMARY KEY, value INTEGER NOT NULL, work INTEGER NOT NULL, share REAL NOT NULL
);
INSERT INTO snapshot.value_share SELECT monday, value, work, share FROM main.value_share ORDER BY monday;
