use async_trait::async_trait;
use jiff::Timestamp;
use release::{LabelId, ReleaseId};
use rusqlite::{OptionalExtension, Transaction, params};

use super::database::{Database, from_json, instant, millis, to_json};
use crate::catalogue::{OutboxEntry, Record, ReleaseKey, State};
use crate::ports::{Catalogue, PortError, SaveError, Stored};

/// Records and outbox in the workspace's database.
#[derive(Debug, Clone)]
pub(super) struct SqliteCatalogue {
    pub(super) database: Database,
}

#[async_trait]
impl Catalogue for SqliteCatalogue {
    async fn load(&self, key: &ReleaseKey) -> Result<Option<Stored>, PortError> {
        let (label, release) = columns(key);
        self.database
            .read(format!("loading release {key}"), move |connection| {
                connection
                    .query_row(
                        "SELECT version, record FROM releases WHERE label = ?1 AND release = ?2",
                        params![label, release],
                        |row| {
                            let version = row.get::<_, i64>(0)?.unsigned_abs();
                            Ok(Stored { version, record: from_json(1, row.get_ref(1)?.as_str()?)? })
                        },
                    )
                    .optional()
            })
            .await
    }

    async fn save(&self, record: &Record, expected: Option<u64>, outbox: &[OutboxEntry]) -> Result<(), SaveError> {
        let (record, outbox) = (record.clone(), outbox.to_vec());
        let saved = self
            .database
            .write(format!("saving release {}", record.key), move |transaction| {
                if !write_record(transaction, &record, expected)? {
                    return Ok(false);
                }
                for entry in &outbox {
                    transaction.execute(
                        "INSERT INTO outbox (id, errand) VALUES (?1, ?2) ON CONFLICT (id) DO NOTHING",
                        params![entry.id.as_str(), to_json(&entry.errand)?],
                    )?;
                }
                // The transaction is committed only where this closure succeeds, and so right after this point.
                fail::fail_point!("catalogue.before-commit");
                Ok(true)
            })
            .await?;
        fail::fail_point!("catalogue.committed");
        if saved { Ok(()) } else { Err(SaveError::Conflict) }
    }

    async fn due(&self, until: Timestamp, limit: usize) -> Result<Vec<(Timestamp, ReleaseKey)>, PortError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.database
            .read("looking for due releases", move |connection| {
                connection
                    .prepare_cached(
                        "SELECT due_at, record FROM releases WHERE due_at <= ?1 ORDER BY due_at, release LIMIT ?2",
                    )?
                    .query_map(params![millis(until), limit], |row| {
                        let record: Record = from_json(1, row.get_ref(1)?.as_str()?)?;
                        Ok((instant(row.get(0)?), record.key))
                    })?
                    .collect()
            })
            .await
    }

    async fn list(&self, label: &LabelId) -> Result<Vec<Record>, PortError> {
        let label = label.to_string();
        self.database
            .read("listing releases", move |connection| {
                connection
                    .prepare_cached(
                        "SELECT record FROM releases WHERE label = ?1 ORDER BY changed_at DESC, release DESC",
                    )?
                    .query_map(params![label], |row| from_json(0, row.get_ref(0)?.as_str()?))?
                    .collect()
            })
            .await
    }
}

impl SqliteCatalogue {
    /// Every release of a label and the version of its record, latest change first.
    pub(super) async fn versions(&self, label: &LabelId) -> Result<Vec<(ReleaseId, u64)>, PortError> {
        let label = label.to_string();
        self.database
            .read("listing releases", move |connection| {
                connection
                    .prepare_cached(
                        "SELECT json_quote(release), version FROM releases WHERE label = ?1
                         ORDER BY changed_at DESC, release DESC",
                    )?
                    .query_map(params![label], |row| {
                        Ok((from_json(0, row.get_ref(0)?.as_str()?)?, row.get::<_, i64>(1)?.unsigned_abs()))
                    })?
                    .collect()
            })
            .await
    }

    /// The records of some releases, with their versions; of those that are there.
    pub(super) async fn load_all(&self, label: &LabelId, releases: Vec<ReleaseId>) -> Result<Vec<Stored>, PortError> {
        let label = label.to_string();
        self.database
            .read("reading releases", move |connection| {
                let mut query = connection
                    .prepare_cached("SELECT version, record FROM releases WHERE label = ?1 AND release = ?2")?;
                let mut loaded = Vec::with_capacity(releases.len());
                for release in releases {
                    let stored = query
                        .query_row(params![label, release.to_string()], |row| {
                            let version = row.get::<_, i64>(0)?.unsigned_abs();
                            Ok(Stored { version, record: from_json(1, row.get_ref(1)?.as_str()?)? })
                        })
                        .optional()?;
                    loaded.extend(stored);
                }
                Ok(loaded)
            })
            .await
    }
}

fn columns(key: &ReleaseKey) -> (String, String) {
    (key.label.to_string(), key.release.to_string())
}

/// False where the version is not the expected one.
fn write_record(transaction: &Transaction<'_>, record: &Record, expected: Option<u64>) -> rusqlite::Result<bool> {
    let (label, release) = columns(&record.key);
    let due = match record.current.accepted() {
        Some(accepted) if record.state == State::Ready => accepted.due.map(due_millis),
        _ => None,
    };
    let changed = millis(record.timeline.last().map_or(record.since, |moment| moment.at));
    let json = to_json(record)?;
    let rows = match expected {
        None => transaction.execute(
            "INSERT INTO releases (label, release, version, due_at, changed_at, record) VALUES (?1, ?2, 1, ?3, ?4, ?5)
             ON CONFLICT DO NOTHING",
            params![label, release, due, changed, json],
        )?,
        Some(version) => transaction.execute(
            "UPDATE releases SET version = version + 1, due_at = ?3, changed_at = ?4, record = ?5
             WHERE label = ?1 AND release = ?2 AND version = ?6",
            params![label, release, due, changed, json, i64::try_from(version).unwrap_or(i64::MAX)],
        )?,
    };
    Ok(rows == 1)
}

/// Rounded up: a release that is looked for at its stored instant must be due.
fn due_millis(due: Timestamp) -> i64 {
    let whole = millis(due);
    if instant(whole) < due { whole + 1 } else { whole }
}
