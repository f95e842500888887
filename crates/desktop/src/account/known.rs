//! The accounts that were signed in on this computer: a list without secrets.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use cloud::api::wire::Role;
use release::LabelId;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::private;

/// An account that was signed in on this computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownAccount {
    /// The issuer's name of it.
    pub subject: String,
    /// Its address.
    pub email: String,
    /// Its label.
    pub label: LabelId,
    /// What it may do, as far as is known.
    pub roles: BTreeSet<Role>,
    /// Whether the keyring keeps it signed in.
    pub kept: bool,
}

/// The list, as it is on disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Known {
    format: String,
    version: u32,
    /// Whose turn it is, by its subject.
    pub(super) current: Option<String>,
    pub(super) accounts: Vec<KnownAccount>,
}

/// Why the list of accounts cannot be used. Each text says what to do.
#[derive(Debug, Error)]
pub enum AccountsError {
    /// Made by a later Lacquer.
    #[error("{path} was written by a newer Lacquer (its version is {found}, and this one knows {VERSION}). Update Lacquer.", path = path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// The version that is there.
        found: u32,
    },
    /// The system refuses.
    #[error("The list of accounts {path} cannot be used: {said}. Check the folder.", path = path.display(), said = upload::said_by_system(source))]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

const FORMAT: &str = "lacquer.accounts";
const VERSION: u32 = 1;

impl Known {
    /// Reads the list; one of nobody where there is none. A damaged one is as good as none: signing in makes it anew.
    pub(super) fn read(path: &Path) -> Result<Self, AccountsError> {
        #[derive(Deserialize)]
        struct Head {
            format: String,
            version: u32,
        }
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::nobody()),
            Err(source) => return Err(AccountsError::Io { path: path.to_owned(), source }),
        };
        match serde_json::from_slice::<Head>(&bytes) {
            Ok(head) if head.format == FORMAT && head.version > VERSION => {
                Err(AccountsError::Newer { path: path.to_owned(), found: head.version })
            }
            Ok(head) if head.format == FORMAT => {
                Ok(serde_json::from_slice(&bytes).unwrap_or_else(|error| damaged(&error)))
            }
            Ok(_) => Ok(Self::nobody()),
            Err(error) => Ok(damaged(&error)),
        }
    }

    pub(super) fn save(&self, path: &Path) -> Result<(), AccountsError> {
        let mut json = serde_json::to_vec_pretty(self).expect("a list of accounts always serialises");
        json.push(b'\n');
        private::replace(path, &json).map_err(|source| AccountsError::Io { path: path.to_owned(), source })
    }

    /// Notes an account, and that it is its turn.
    pub(super) fn note(&mut self, account: KnownAccount) {
        self.current = Some(account.subject.clone());
        match self.accounts.iter_mut().find(|known| known.subject == account.subject) {
            Some(known) => *known = account,
            None => self.accounts.push(account),
        }
    }

    pub(super) fn forget(&mut self, subject: &str) {
        self.accounts.retain(|known| known.subject != subject);
        if self.current.as_deref() == Some(subject) {
            self.current = None;
        }
    }

    pub(super) fn find(&self, subject: &str) -> Option<&KnownAccount> {
        self.accounts.iter().find(|known| known.subject == subject)
    }

    fn nobody() -> Self {
        Self { format: FORMAT.to_owned(), version: VERSION, current: None, accounts: Vec::new() }
    }
}

fn damaged(error: &serde_json::Error) -> Known {
    tracing::warn!(%error, "the list of accounts is damaged; it is made anew");
    Known::nobody()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Version 1. It is read for ever.
    const VERSION_1: &str = r#"{
  "format": "lacquer.accounts",
  "version": 1,
  "current": "s-1",
  "accounts": [
    {
      "subject": "s-1",
      "email": "mira@low-tide.example",
      "label": "low-tide",
      "roles": [
        "staff",
        "manager"
      ],
      "kept": true
    }
  ]
}
"#;

    #[test]
    fn every_version_is_read_and_written_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("accounts.json");
        fs::write(&path, VERSION_1).unwrap();
        let known = Known::read(&path).unwrap();
        assert_eq!(known.find("s-1").unwrap().email, "mira@low-tide.example");
        known.save(&path).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), VERSION_1);
    }

    #[test]
    fn a_list_that_is_damaged_is_none_and_a_later_one_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("accounts.json");
        assert_eq!(Known::read(&path).unwrap(), Known::nobody());
        for text in ["", "[]", "{}", r#"{"format":"lacquer.accounts","version":1}"#] {
            fs::write(&path, text).unwrap();
            assert_eq!(Known::read(&path).unwrap(), Known::nobody(), "{text}");
        }
        fs::write(&path, r#"{"format":"lacquer.accounts","version":2}"#).unwrap();
        assert!(Known::read(&path).unwrap_err().to_string().contains("Update Lacquer"));
    }

    #[cfg(unix)]
    #[test]
    fn others_cannot_read_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("accounts.json");
        Known::nobody().save(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
