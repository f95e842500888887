//! The schema of the local workspace's database, as steps from each version to the next. A step that was released is
//! never changed.

/// Each takes a database from the version of its index to the next.
pub(super) const STEPS: &[&str] = &[VERSION_1, VERSION_2];

/// Instants are milliseconds since 1970. JSON columns hold what the types of the same name serialise to.
const VERSION_1: &str = "
CREATE TABLE releases (
    label      TEXT NOT NULL,
    release    TEXT NOT NULL,
    version    INTEGER NOT NULL,
    due_at     INTEGER,             -- of a release that is ready and waits for its date
    changed_at INTEGER NOT NULL,
    record     TEXT NOT NULL,       -- catalogue::Record
    PRIMARY KEY (label, release)
) STRICT;
CREATE INDEX releases_by_due ON releases (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE outbox (
    position INTEGER PRIMARY KEY,
    id       TEXT NOT NULL UNIQUE,  -- catalogue::EntryId
    errand   TEXT NOT NULL,         -- catalogue::Errand
    failures INTEGER NOT NULL DEFAULT 0,
    try_at   INTEGER NOT NULL DEFAULT 0,
    done_at  INTEGER
) STRICT;
CREATE INDEX outbox_open ON outbox (position) WHERE done_at IS NULL;

CREATE TABLE letters (
    entry     TEXT NOT NULL,        -- catalogue::EntryId
    reference TEXT NOT NULL,        -- the file's name
    letter    TEXT NOT NULL,        -- Letter, without its body
    at        INTEGER NOT NULL,
    PRIMARY KEY (entry, reference)
) STRICT;

CREATE TABLE messages (
    position      INTEGER PRIMARY KEY AUTOINCREMENT,
    queue         TEXT NOT NULL,
    in_group      TEXT,
    dedup         TEXT NOT NULL,
    body          TEXT NOT NULL,    -- Message
    try_at        INTEGER NOT NULL,
    taken         INTEGER NOT NULL DEFAULT 0,
    failures      INTEGER NOT NULL DEFAULT 0,
    interruptions INTEGER NOT NULL DEFAULT 0,
    UNIQUE (queue, dedup)
) STRICT;
CREATE INDEX messages_by_group ON messages (queue, in_group, position) WHERE in_group IS NOT NULL;

CREATE TABLE dead_letters (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    queue    TEXT NOT NULL,
    dedup    TEXT NOT NULL,
    body     TEXT NOT NULL,         -- Message
    reason   TEXT NOT NULL,
    at       INTEGER NOT NULL
) STRICT;

CREATE TABLE leases (
    job   TEXT PRIMARY KEY,
    token INTEGER NOT NULL,
    until INTEGER NOT NULL
) STRICT;

CREATE TABLE renditions (
    recipe TEXT PRIMARY KEY,
    facts  TEXT NOT NULL            -- ports::RenditionFacts
) STRICT;

CREATE TABLE subscriptions (
    folded_artist TEXT NOT NULL,
    folded_email  TEXT NOT NULL,
    artist        TEXT NOT NULL,
    email         TEXT NOT NULL,
    since         INTEGER NOT NULL,
    PRIMARY KEY (folded_artist, folded_email)
) STRICT;
";

/// Names of errands begin with the label. What was done stays done under its new name; letters keep their files, and say
/// which release they are about.
const VERSION_2: &str = "
CREATE TEMPORARY TABLE renamed AS
    SELECT id AS old, label || '.' || id AS new, label || '.' AS prefix, release
    FROM (
        SELECT id, coalesce(
            errand ->> '$.transcode.key.label',
            errand ->> '$.tell-each.news.key.label',
            errand ->> '$.tell.key.label',
            errand ->> '$.send.transcode.key.label',
            errand ->> '$.send.happened.key.label',
            substr(errand ->> '$.send.manifest.key', 1, instr(errand ->> '$.send.manifest.key', '/') - 1)
        ) AS label, coalesce(
            errand ->> '$.tell-each.news.key.release',
            errand ->> '$.tell.key.release'
        ) AS release
        FROM outbox
    )
    WHERE label <> '';
UPDATE letters SET
    letter = json_set(letter, '$.entry', prefix || (letter ->> '$.entry'), '$.release', renamed.release),
    entry = renamed.new
FROM renamed WHERE letters.entry = renamed.old;
UPDATE outbox SET id = renamed.new FROM renamed WHERE outbox.id = renamed.old;
DROP TABLE renamed;
";
