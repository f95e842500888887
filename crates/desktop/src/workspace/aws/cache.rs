//! What was last heard from the cloud, on disk: a start without a network shows it, and one with a network asks only
//! for what changed since.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cloud::ReleaseView;
use cloud::api::wire::{Announcement, Following, Me};
use jiff::Timestamp;
use release::ReleaseId;
use rusqlite::Connection;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::blocking::blocking;
use crate::private;

/// The cache of a workspace. It is that of one account, since accounts see different things. What cannot be read of it is
/// as good as never heard; what cannot be written costs time and nothing else.
#[derive(Debug, Clone)]
pub(super) struct Cache(Arc<Mutex<Option<Connection>>>);

/// What is known besides the releases.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Heard {
    /// Whose sight it is: the account's subject.
    pub(super) subject: Option<String>,
    /// What to ask for releases with next.
    pub(super) next: Option<String>,
    /// When the cloud last answered.
    pub(super) at: Option<Timestamp>,
    pub(super) me: Option<Me>,
    pub(super) follows: Vec<Following>,
    pub(super) announcements: Vec<Announcement>,
}

/// Grows whenever what is stored would be read differently; a cache of another version is begun anew.
const VERSION: i64 = 1;

const TABLES: &str = "
    CREATE TABLE releases (release TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
    CREATE TABLE heard (name TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
";

impl Cache {
    /// Opens the cache, with what is in it. Waits for the disk.
    pub(super) fn open(path: &Path) -> (Self, Heard, Vec<ReleaseView>) {
        let opened = open(path).or_else(|error| {
            tracing::warn!(%error, "what was last heard from the cloud cannot be read, and is asked for anew");
            for ending in ["", "-wal", "-shm", "-journal"] {
                let mut name = path.as_os_str().to_owned();
                name.push(ending);
                let _ = std::fs::remove_file(name);
            }
            open(path)
        });
        match opened {
            Ok(connection) => {
                let (heard, releases) = read(&connection).unwrap_or_default();
                (Self(Arc::new(Mutex::new(Some(connection)))), heard, releases)
            }
            Err(error) => {
                tracing::warn!(%error, "what is heard from the cloud is not kept");
                (Self(Arc::default()), Heard::default(), Vec::new())
            }
        }
    }

    /// Keeps what was heard, and the releases of it that are others than before.
    pub(super) async fn save(&self, heard: &Heard, changed: &[Arc<ReleaseView>]) {
        let heard = serde_json::to_string(heard).expect("what was read from JSON serialises");
        let changed: Vec<(String, String)> = changed
            .iter()
            .map(|view| {
                (view.key.release.to_string(), serde_json::to_string(&**view).expect("a view always serialises"))
            })
            .collect();
        self.write(move |connection| {
            let work = connection.transaction()?;
            for (release, body) in &changed {
                work.execute("INSERT OR REPLACE INTO releases (release, body) VALUES (?1, ?2)", (release, body))?;
            }
            work.execute("INSERT OR REPLACE INTO heard (name, body) VALUES ('heard', ?1)", [heard])?;
            work.commit()
        })
        .await;
    }

    /// Forgets all of it: another account sees other things.
    pub(super) async fn clear(&self) {
        self.write(|connection| connection.execute_batch("DELETE FROM releases; DELETE FROM heard;")).await;
    }

    /// A manifest that was read before. It never changes: a delivery is written once.
    pub(super) async fn manifest(&self, release: ReleaseId, delivery: &str) -> Option<Vec<u8>> {
        let name = manifest_name(release, delivery);
        let this = self.clone();
        let find = move || {
            let guard = this.lock();
            let mut query = guard.as_ref()?.prepare_cached("SELECT body FROM heard WHERE name = ?1").ok()?;
            query.query_row([name], |row| row.get::<_, String>(0)).ok().map(String::into_bytes)
        };
        blocking(find).await
    }

    /// Keeps a manifest, in the place of an earlier one of the release.
    pub(super) async fn save_manifest(&self, release: ReleaseId, delivery: &str, json: &[u8]) {
        let (name, earlier) = (manifest_name(release, delivery), format!("manifest {release} %"));
        let Ok(body) = String::from_utf8(json.to_vec()) else { return };
        self.write(move |connection| {
            let work = connection.transaction()?;
            work.execute("DELETE FROM heard WHERE name LIKE ?1", [earlier])?;
            work.execute("INSERT OR REPLACE INTO heard (name, body) VALUES (?1, ?2)", (name, body))?;
            work.commit()
        })
        .await;
    }

    async fn write(&self, write: impl FnOnce(&mut Connection) -> rusqlite::Result<()> + Send + 'static) {
        let this = self.clone();
        let written = blocking(move || this.lock().as_mut().map_or(Ok(()), write)).await;
        if let Err(error) = written {
            tracing::warn!(%error, "what was heard from the cloud could not be kept");
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Connection>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn manifest_name(release: ReleaseId, delivery: &str) -> String {
    format!("manifest {release} {delivery}")
}

fn open(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    // Before the first write, so that the journal beside it inherits the rights.
    let _ = private::restrict_file(path);
    // Losing the last of it costs a question.
    connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;")?;
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found != VERSION {
        connection.execute_batch("DROP TABLE IF EXISTS releases; DROP TABLE IF EXISTS heard;")?;
        connection.execute_batch(TABLES)?;
        connection.pragma_update(None, "user_version", VERSION)?;
    }
    Ok(connection)
}

/// What is in it. A release that cannot be read makes all of it unknown, so that it is asked for again.
fn read(connection: &Connection) -> Option<(Heard, Vec<ReleaseView>)> {
    let text = |row: &rusqlite::Row<'_>| row.get::<_, String>(0);
    let heard = connection.query_row("SELECT body FROM heard WHERE name = 'heard'", (), text).ok()?;
    let mut query = connection.prepare("SELECT body FROM releases").ok()?;
    let bodies: Vec<String> = query.query_map((), text).ok()?.collect::<rusqlite::Result<_>>().ok()?;
    let releases: Option<Vec<ReleaseView>> = bodies.iter().map(|body| parsed(body)).collect();
    Some((parsed(&heard)?, releases?))
}

fn parsed<T: DeserializeOwned>(body: &str) -> Option<T> {
    serde_json::from_str(body).inspect_err(|error| tracing::warn!(%error, "the cloud is asked anew")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::aws::sample;

    fn heard() -> Heard {
        Heard {
            subject: Some("s-1".to_owned()),
            next: Some("n-1".to_owned()),
            at: Some("2026-11-22T17:00:00Z".parse().unwrap()),
            me: None,
            follows: Vec::new(),
            announcements: Vec::new(),
        }
    }

    #[tokio::test]
    async fn what_was_heard_is_there_at_the_next_start_and_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cloud-cache.db");
        let (cache, nothing, none) = Cache::open(&path);
        assert_eq!((nothing, none.len()), (Heard::default(), 0));
        let view = Arc::new(sample::release(1));
        cache.save(&heard(), std::slice::from_ref(&view)).await;
        cache.save_manifest(view.key.release, "d-1", b"{}").await;
        cache.save_manifest(view.key.release, "d-2", b"{\"a\":1}").await;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            for file in std::fs::read_dir(folder.path()).unwrap() {
                let file = file.unwrap();
                assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", file.path());
            }
        }
        drop(cache);
        let (cache, again, releases) = Cache::open(&path);
        assert_eq!((again, releases.as_slice()), (heard(), [ReleaseView::clone(&view)].as_slice()));
        assert_eq!(cache.manifest(view.key.release, "d-1").await, None);
        assert_eq!(cache.manifest(view.key.release, "d-2").await.as_deref(), Some(b"{\"a\":1}".as_slice()));
        cache.clear().await;
        drop(cache);
        assert_eq!(Cache::open(&path).1, Heard::default());
    }

    #[tokio::test]
    async fn a_cache_that_cannot_be_read_is_begun_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cloud-cache.db");
        std::fs::write(&path, "no database, but long enough to be taken for one if nobody looks".repeat(20)).unwrap();
        assert_eq!(Cache::open(&path).1, Heard::default());
        let (cache, ..) = Cache::open(&path);
        cache.save(&heard(), &[]).await;
        drop(cache);
        assert_eq!(Cache::open(&path).1, heard());
        // Of another version.
        Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
        assert_eq!(Cache::open(&path).1, Heard::default());
    }
}
