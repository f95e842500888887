//! The checksum of every object in a folder, kept beside it so that it need not be read again.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{Folder, Stop, disk};
use crate::identity::FileIdentity;
use crate::{StoreError, crc64, random};

/// The version of the stored form.
const VERSION: u32 = 1;

/// An object's checksum, and the version of the file that it is of. A file that was changed has none.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Checksum {
    version: u32,
    file: FileIdentity,
    #[serde(with = "crc64::text")]
    crc64: u64,
}

impl Folder {
    fn checksum_path(&self, key: &str) -> PathBuf {
        let mut path = self.checksums().join(key).into_os_string();
        path.push(".json");
        path.into()
    }

    /// Keeps the checksum of an object. Only a cache: it is neither synced, nor missed when it cannot be written.
    pub(super) fn note_checksum(&self, key: &str, file: FileIdentity, crc64: u64) {
        let path = self.checksum_path(key);
        let written = || -> Result<(), StoreError> {
            disk::create_folders(path.parent().unwrap_or(&self.root))?;
            let scratch = disk::Scratch::new(self.tmp().join(random::name()));
            let text = serde_json::to_vec(&Checksum { version: VERSION, file, crc64 }).unwrap_or_default();
            let failed = |error| StoreError::disk("written", &path, error);
            disk::create_file(scratch.path())?;
            fs::write(scratch.path(), text).map_err(failed)?;
            fs::rename(scratch.path(), &path).map_err(failed)
        };
        if let Err(error) = written() {
            tracing::debug!(%error, key, "a checksum was not kept");
        }
    }

    /// The checksum of an object, read from beside it, or computed and kept.
    pub(super) fn checksum(&self, key: &str, file: FileIdentity, stop: &Stop) -> Result<u64, StoreError> {
        if let Some(text) = disk::read_if_there(&self.checksum_path(key))?
            && let Ok(known) = serde_json::from_slice::<Checksum>(&text)
            && known.version == VERSION
            && known.file == file
        {
            return Ok(known.crc64);
        }
        let path = self.object(key)?;
        let object = File::open(&path).map_err(|error| StoreError::disk("read", &path, error))?;
        let crc64 = checksum_of(object, stop).map_err(|error| StoreError::disk("read", &path, error))?;
        self.note_checksum(key, file, crc64);
        Ok(crc64)
    }

    /// Takes a checksum along to an object's new key.
    pub(super) fn move_checksum(&self, from: &str, to: &str) {
        let to = self.checksum_path(to);
        if to.parent().is_some_and(|folder| disk::create_folders(folder).is_ok()) {
            // Without it, the checksum is computed again.
            let _ = fs::rename(self.checksum_path(from), to);
        }
    }
}

fn checksum_of(mut object: File, stop: &Stop) -> io::Result<u64> {
    let mut crc = crc64::Hasher::new();
    let mut chunk = vec![0; disk::CHUNK];
    loop {
        if stop.is_told() {
            return Err(io::ErrorKind::Interrupted.into());
        }
        match object.read(&mut chunk) {
            Ok(0) => return Ok(crc.finish()),
            Ok(read) => crc.update(&chunk[..read]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
