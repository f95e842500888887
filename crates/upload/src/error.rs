//! What can go wrong at a store: on what, whether trying again helps, and what a person can do.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use thiserror::Error;

use crate::Stored;
use crate::key::KeyError;
use crate::plain::said_by_system;
use crate::store::Whole;

/// An operation on a store failed.
#[derive(Debug, Error)]
pub enum StoreError {
    /// A name that no object can have.
    #[error("{key:?} cannot name an object: {reason}.")]
    Key {
        /// The name.
        key: String,
        /// What is wrong with it.
        reason: KeyError,
    },
    /// Objects are written once, and this one has other bytes.
    #[error("{key} is stored already, with other bytes ({} there, {} to send).", there.bytes, wanted.bytes)]
    Differs {
        /// The object.
        key: String,
        /// What the store has.
        there: Stored,
        /// What was to be stored.
        wanted: Whole,
    },
    /// The bytes that arrived are not those that were announced: the file changed, or a disk or wire lies.
    #[error("The bytes sent for {} are not those that were analysed.", subject(key, *part))]
    Mismatch {
        /// The object.
        key: String,
        /// Which part, unless it is the whole.
        part: Option<u32>,
    },
    /// The parts that are there do not make up the object.
    #[error("The parts of {key} do not make up the object: {reason}.")]
    Parts {
        /// The object.
        key: String,
        /// What is wrong with them.
        reason: String,
    },
    /// The store knows no such upload: it was completed, given up, or cleaned away.
    #[error("The upload of {key} is no longer known to the store.")]
    NoSuchUpload {
        /// The object.
        key: String,
    },
    /// No such object.
    #[error("{key} is not in the store.")]
    Missing {
        /// The object.
        key: String,
    },
    /// The file to be sent cannot be read.
    #[error("{} cannot be read: {}.", path.display(), said_by_system(source))]
    Source {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The disk of a directory store is full, or will be.
    #[error("There is no room left at {}.", path.display())]
    Full {
        /// Where.
        path: PathBuf,
        /// What is needed, in bytes, where that is known.
        needed: Option<u64>,
    },
    /// The disk of a directory store takes no writing.
    #[error("{} is read-only.", path.display())]
    ReadOnly {
        /// Where.
        path: PathBuf,
    },
    /// The person may not write or read there.
    #[error("You have no right to use {}.", path.display())]
    Denied {
        /// Where.
        path: PathBuf,
    },
    /// Anything else that a disk says.
    #[error("{} could not be {doing}: {}.", path.display(), said_by_system(source))]
    Disk {
        /// Where.
        path: PathBuf,
        /// What was being done, as in "could not be …".
        doing: &'static str,
        /// Why.
        source: io::Error,
    },
    /// The store's service could not be reached, or did not answer in full.
    #[error("The store cannot be reached: {reason}.")]
    Unreachable {
        /// What was asked.
        operation: &'static str,
        /// The object.
        key: String,
        /// Why, in words that people know.
        reason: String,
    },
    /// The service could not be asked: credentials are missing, or the workspace is set up wrongly.
    #[error("The store cannot be asked: {}.", reason.trim_end_matches('.'))]
    Unasked {
        /// What was to be asked.
        operation: &'static str,
        /// The object.
        key: String,
        /// Why.
        reason: String,
    },
    /// The service keeps checksums, and has none of this object: another program wrote it.
    #[error("{key} is in the store without a checksum.")]
    NoChecksum {
        /// The object.
        key: String,
    },
    /// The store's service answered with an error.
    #[error(transparent)]
    Refused(Box<Refusal>),
}

fn subject(key: &str, part: Option<u32>) -> String {
    part.map_or_else(|| key.to_owned(), |part| format!("part {part} of {key}"))
}

/// What a store's service answered in the place of what was asked.
#[derive(Debug)]
pub struct Refusal {
    /// What was asked.
    pub operation: &'static str,
    /// The object.
    pub key: String,
    /// HTTP's status.
    pub status: u16,
    /// The service's code, such as `AccessDenied`.
    pub code: String,
    /// The service's words.
    pub message: String,
    /// The service's name for the request, for its support.
    pub request_id: Option<String>,
    /// Whether the same request may succeed later.
    pub passing: bool,
    /// How long the service asks to wait.
    pub retry_after: Option<Duration>,
}

impl std::error::Error for Refusal {}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { operation, key, status, code, message, request_id, .. } = self;
        write!(f, "The store refused {operation} of {key}: {code} ({status})")?;
        if !message.is_empty() {
            write!(f, ", {}", message.trim_end_matches('.'))?;
        }
        if let Some(id) = request_id {
            write!(f, ", request {id}")?;
        }
        f.write_str(".")
    }
}

impl StoreError {
    /// Whether the same again, a little later, may succeed without anyone doing anything.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Unreachable { .. } => true,
            Self::Refused(refusal) => refusal.passing,
            Self::Disk { source, .. } | Self::Source { source, .. } => source.kind() == io::ErrorKind::Interrupted,
            _ => false,
        }
    }

    /// How long the service asks to wait before trying again.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused(refusal) => refusal.retry_after,
            _ => None,
        }
    }

    /// What the person can do about it.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Self::Key { .. } => "This is a mistake in the program: please report it.".into(),
            Self::Differs { .. } => {
                "Nothing was overwritten. If the file is right, have the stored one set aside, then send again.".into()
            }
            Self::Mismatch { .. } => "Add the file again, so that it is read anew, then send it.".into(),
            Self::Parts { .. } | Self::NoSuchUpload { .. } => {
                "Send the file again; it starts from its beginning.".into()
            }
            Self::Missing { .. } => "Send the file again.".into(),
            Self::Source { .. } => "See that the file is where it was, and that its disk is connected.".into(),
            Self::Full { needed: Some(needed), .. } => {
                format!("Free at least {} MB on that disk, then go on.", needed.div_ceil(1_000_000))
            }
            Self::Full { needed: None, .. } => "Free some room on that disk, then go on.".into(),
            Self::ReadOnly { .. } => "Choose a folder on a disk that can be written, or make this one writable.".into(),
            Self::Denied { .. } => {
                "Choose a folder of your own, or have its owner give you the right to write there.".into()
            }
            Self::Disk { .. } => "See that the disk is connected and in order, then go on.".into(),
            Self::Unreachable { .. } => "Check the connection. Sending goes on by itself when it is back.".into(),
            Self::Unasked { .. } => "Sign in again, and check the workspace's settings.".into(),
            Self::NoChecksum { .. } => "Have the stored one set aside, then send again.".into(),
            Self::Refused(refusal) if refusal.passing => "The store is busy. Sending goes on by itself.".into(),
            Self::Refused(refusal) if matches!(refusal.status, 401 | 403) || refusal.code == "ExpiredToken" => {
                "Sign in again. If that does not help, ask whoever runs the label's cloud for the right to write."
                    .into()
            }
            Self::Refused(_) => "Show this message to whoever runs the label's cloud.".into(),
        }
    }

    /// Names the store's folder in the place of a file in its depths, where the whole disk is concerned.
    pub(crate) fn of_folder(self, root: &Path) -> Self {
        match self {
            Self::Full { needed, .. } => Self::Full { path: root.to_owned(), needed },
            Self::ReadOnly { .. } => Self::ReadOnly { path: root.to_owned() },
            other => other,
        }
    }

    /// A disk's error, as what a person can understand and act on.
    pub(crate) fn disk(doing: &'static str, path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full { path, needed: None },
            io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly { path },
            io::ErrorKind::PermissionDenied => Self::Denied { path },
            _ => Self::Disk { path, doing, source },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn disk_errors_name_the_path_and_say_what_to_do() {
        // ENOSPC, EDQUOT, EROFS, EACCES, EIO
        let table = [
            (28, "There is no room left at /m/x.", "Free some room on that disk, then go on."),
            (122, "There is no room left at /m/x.", "Free some room on that disk, then go on."),
            (30, "/m/x is read-only.", "Choose a folder on a disk that can be written, or make this one writable."),
            (
                13,
                "You have no right to use /m/x.",
                "Choose a folder of your own, or have its owner give you the right to write there.",
            ),
            (
                5,
                "/m/x could not be written: Input/output error.",
                "See that the disk is connected and in order, then go on.",
            ),
        ];
        for (raw, message, help) in table {
            let error = StoreError::disk("written", Path::new("/m/x"), io::Error::from_raw_os_error(raw));
            assert_eq!((error.to_string().as_str(), error.help().as_str()), (message, help));
            assert!(!error.is_passing());
        }
    }

    #[test]
    fn what_concerns_a_whole_disk_names_the_store() {
        for (raw, message) in
            [(28, "There is no room left at /m."), (30, "/m is read-only."), (13, "You have no right to use /m/x.")]
        {
            let error = StoreError::disk("written", Path::new("/m/x"), io::Error::from_raw_os_error(raw));
            assert_eq!(error.of_folder(Path::new("/m")).to_string(), message);
        }
    }
}
