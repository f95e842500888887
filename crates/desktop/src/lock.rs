//! One process to a workspace.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use thiserror::Error;

use crate::home::HomeError;

/// Holds a workspace for this process. The operating system lets go of it when the process ends, in whatever way.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

/// Why a workspace cannot be held.
#[derive(Debug, Error)]
pub enum LockError {
    /// Another process holds it.
    #[error("This workspace is in use by another Lacquer{}. Close it, or give another --workspace.", in_words(.holder.as_ref()))]
    Held {
        /// Who, where the lock file says so.
        holder: Option<Holder>,
    },
    /// The lock file cannot be made or locked.
    #[error(transparent)]
    Home(#[from] HomeError),
}

/// A process that holds a workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Its number.
    pub process: u32,
    /// Its name.
    pub program: String,
}

impl Lock {
    /// Takes a workspace's lock, and writes this process into it.
    ///
    /// # Errors
    /// Where another process holds it, or where the file cannot be written.
    pub(crate) fn take(path: &Path, program: &str) -> Result<Self, LockError> {
        let io = |source| HomeError::of(path, source);
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path).map_err(io)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(LockError::Held { holder: Holder::read(&mut file) }),
            Err(TryLockError::Error(source)) => return Err(io(source).into()),
        }
        // Only for the message that another process shows: a lock that cannot be written to still holds.
        let _ = write_holder(&mut file, program);
        Ok(Self { _file: file })
    }
}

impl Holder {
    pub(crate) fn read(file: &mut File) -> Option<Self> {
        let mut text = String::new();
        file.take(200).read_to_string(&mut text).ok()?;
        let (process, program) = text.trim_end().split_once(' ')?;
        Some(Self { process: process.parse().ok()?, program: program.to_owned() })
    }
}

fn write_holder(file: &mut File, program: &str) -> io::Result<()> {
    file.set_len(0)?;
    file.seek(SeekFrom::Start(0))?;
    writeln!(file, "{} {program}", std::process::id())
}

fn in_words(holder: Option<&Holder>) -> String {
    holder.map(|holder| format!(" (process {})", holder.process)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_taker_is_told_who_holds_the_workspace() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let first = Lock::take(&path, "lacquer-cli").unwrap();
        let refusal = Lock::take(&path, "lacquer").unwrap_err();
        let LockError::Held { holder: Some(holder) } = &refusal else { panic!("{refusal:?}") };
        assert_eq!((holder.process, holder.program.as_str()), (std::process::id(), "lacquer-cli"));
        assert_eq!(
            refusal.to_string(),
            format!(
                "This workspace is in use by another Lacquer (process {}). Close it, or give another --workspace.",
                std::process::id()
            )
        );
        drop(first);
        Lock::take(&path, "lacquer").unwrap();
    }

    #[test]
    fn a_lock_that_names_nobody_is_still_refused_in_words() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let _first = Lock::take(&path, "lacquer").unwrap();
        std::fs::write(&path, b"\xff\xfe").unwrap();
        let refusal = Lock::take(&path, "lacquer").unwrap_err();
        assert_eq!(
            refusal.to_string(),
            "This workspace is in use by another Lacquer. Close it, or give another --workspace."
        );
    }
}
