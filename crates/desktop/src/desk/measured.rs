use std::path::Path;

use audio::Analysis;
use rusqlite::OptionalExtension as _;

use super::{Desk, DeskError};
use crate::import::{FileIdentity, Known};

impl Desk {
    /// What is known of a file, where it is still the one that was read.
    ///
    /// A cache: what cannot be read is as good as not there, and the file is read again.
    pub(crate) fn measured(&self, path: &Path, identity: &FileIdentity) -> Option<Known> {
        let (stored, body): (String, String) = self
            .connection
            .prepare_cached("SELECT identity, body FROM measured WHERE path = ?1")
            .ok()?
            .query_row([path_key(path)], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()
            .ok()??;
        if serde_json::from_str::<FileIdentity>(&stored).ok()? != *identity {
            return None;
        }
        let stored: Stored<Known> = serde_json::from_str(&body).ok()?;
        (stored.version == VERSION).then_some(stored.known)
    }

    /// Notes what was found in a file.
    pub(crate) fn save_measured(
        &mut self,
        path: &Path,
        identity: &FileIdentity,
        found: &Known,
    ) -> Result<(), DeskError> {
        let identity = serde_json::to_string(identity).expect("numbers always serialise");
        let stored = Stored { version: VERSION, known: found };
        let body = serde_json::to_string(&stored).expect("a measurement always serialises");
        self.connection
            .execute(
                "INSERT INTO measured (path, identity, body) VALUES (?1, ?2, ?3)
                 ON CONFLICT (path) DO UPDATE SET identity = excluded.identity, body = excluded.body",
                (path_key(path), identity, body),
            )
            .map_err(|source| self.error(source))?;
        fail::fail_point!("desktop.measured-noted");
        Ok(())
    }
}

impl Desk {
    /// What is known of sound that is not on this machine, by the name of its content, which never changes.
    pub(crate) fn measured_of_content(&self, name: &str) -> Option<Analysis> {
        let body: String = self
            .connection
            .prepare_cached("SELECT body FROM measured WHERE path = ?1 AND identity = ?2")
            .ok()?
            .query_row((name.as_bytes(), CONTENT), |row| row.get(0))
            .optional()
            .ok()??;
        let stored: Stored<Analysis> = serde_json::from_str(&body).ok()?;
        (stored.version == VERSION).then_some(stored.known)
    }

    /// Notes what was found in sound that is not on this machine.
    pub(crate) fn save_measured_of_content(&mut self, name: &str, found: &Analysis) -> Result<(), DeskError> {
        let body = serde_json::to_string(&Stored { version: VERSION, known: found });
        let body = body.expect("a measurement always serialises");
        self.connection
            .execute(
                "INSERT OR REPLACE INTO measured (path, identity, body) VALUES (?1, ?2, ?3)",
                (name.as_bytes(), CONTENT, body),
            )
            .map_err(|source| self.error(source))?;
        Ok(())
    }
}

/// Stands in the place of a file's identity. No file has a path that is no absolute one.
const CONTENT: &str = "content";

/// Grows whenever a measurement would come out differently; older ones are then made anew.
const VERSION: u32 = 1;

#[derive(serde::Serialize, serde::Deserialize)]
struct Stored<K> {
    version: u32,
    known: K,
}

/// A path as a key: its bytes on Unix, its UTF-16 units on Windows.
fn path_key(path: &Path) -> Vec<u8> {
    #[cfg(unix)]
    return std::os::unix::ffi::OsStrExt::as_bytes(path.as_os_str()).to_vec();
    #[cfg(windows)]
    return std::os::windows::ffi::OsStrExt::encode_wide(path.as_os_str()).flat_map(u16::to_le_bytes).collect();
}
