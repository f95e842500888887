//! What a workspace is: `workspace.json` in its folder.

use std::fs;
use std::io;
use std::sync::Arc;

use jiff::Timestamp;
use release::LabelId;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::account::Deployment;
use crate::home::{Home, HomeError};
use crate::private;

/// What everybody who works in a workspace shares: whose it is, and how releases go through it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkspaceFile {
    format: String,
    version: u32,
    /// The first part of every key; never changes once the workspace is made.
    pub label: LabelId,
    /// The label's name, as artists read it.
    pub label_name: String,
    /// Whether a release waits for somebody's decision before it is ready.
    pub review: bool,
    /// Whether artists' followers are written to when a release goes live.
    pub artists_mail: bool,
    /// When the workspace was made.
    pub created: Timestamp,
    /// Where releases go.
    pub place: WorkspacePlace,
}

/// Where a workspace's releases go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum WorkspacePlace {
    /// Into the workspace's own folder, with the cloud in the program.
    Local,
    /// To the label's own cloud.
    Cloud {
        /// Which one.
        #[serde(with = "in_json")]
        deployment: Arc<Deployment>,
        /// The address of the account that joined.
        account: String,
    },
}

/// A deployment as the file that a person opens has it.
mod in_json {
    use std::sync::Arc;

    use serde::de::Error as _;
    use serde::ser::Error as _;
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};
    use serde_json::Value;

    use crate::account::Deployment;

    pub(super) fn serialize<S: Serializer>(deployment: &Arc<Deployment>, serializer: S) -> Result<S::Ok, S::Error> {
        let json: Value = serde_json::from_str(&deployment.to_json()).map_err(S::Error::custom)?;
        json.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Arc<Deployment>, D::Error> {
        let json = Value::deserialize(deserializer)?.to_string();
        Deployment::read(json.as_bytes()).map(Arc::new).map_err(D::Error::custom)
    }
}

/// Why a workspace's description cannot be used. Each text says what to do.
#[derive(Debug, Error)]
pub enum WorkspaceError {
    /// Not readable as what it should be.
    #[error(
        "{path} does not describe a workspace: {reason}. \
         Put its backup in its place, or give another --workspace.",
        path = .path.display()
    )]
    Unreadable {
        /// The file.
        path: std::path::PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// Made by a later Lacquer.
    #[error(
        "The workspace {path} was made by a newer Lacquer (its format is {found}, and this one knows {known}). \
         Update Lacquer, or give another --workspace.",
        path = .path.display()
    )]
    Newer {
        /// The workspace's folder.
        path: std::path::PathBuf,
        /// The version that is there.
        found: u32,
        /// The latest that this program reads.
        known: u32,
    },
    /// The system refuses.
    #[error(transparent)]
    Home(#[from] HomeError),
}

const FORMAT: &str = "lacquer.workspace";
const VERSION: u32 = 3;

impl WorkspaceFile {
    /// A new workspace of a label.
    #[must_use]
    pub fn new(label: LabelId, label_name: String, now: Timestamp) -> Self {
        Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            label,
            label_name,
            review: false,
            artists_mail: true,
            created: now,
            place: WorkspacePlace::Local,
        }
    }

    /// A workspace in a label's own cloud.
    #[must_use]
    pub fn of_cloud(label: LabelId, deployment: Arc<Deployment>, account: String, now: Timestamp) -> Self {
        let label_name = deployment.name.clone();
        Self { place: WorkspacePlace::Cloud { deployment, account }, ..Self::new(label, label_name, now) }
    }

    /// Whether releases go to a cloud.
    #[must_use]
    pub fn is_cloud(&self) -> bool {
        matches!(self.place, WorkspacePlace::Cloud { .. })
    }

    /// Reads the description, or writes that of a new workspace where there is none.
    ///
    /// # Errors
    /// Where it cannot be read or written, is no description of a workspace, or is of a later version.
    pub fn open(home: &Home, now: Timestamp) -> Result<Self, WorkspaceError> {
        let path = home.workspace_file();
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let label = "local".parse().expect("a good label id");
                let new = Self::new(label, String::new(), now);
                new.save(home)?;
                return Ok(new);
            }
            Err(source) => return Err(HomeError::of(&path, source).into()),
        };
        Self::read(&bytes).map_err(|fault| match fault {
            Fault::Newer(found) => WorkspaceError::Newer { path: home.root().to_owned(), found, known: VERSION },
            Fault::Unreadable(reason) => WorkspaceError::Unreadable { path, reason },
        })
    }

    /// Puts the description on disk; when this returns, it survives a loss of power.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn save(&self, home: &Home) -> Result<(), WorkspaceError> {
        let path = home.workspace_file();
        let mut json = serde_json::to_vec_pretty(self).expect("a workspace's description always serialises");
        json.push(b'\n');
        private::replace(&path, &json).map_err(|source| HomeError::of(&path, source).into())
    }

    fn read(bytes: &[u8]) -> Result<Self, Fault> {
        #[derive(Deserialize)]
        struct Head {
            format: String,
            version: u32,
        }
        let unreadable = |error: serde_json::Error| Fault::Unreadable(error.to_string());
        // The head first: a later version may have fields that this one would call unknown.
        let head: Head = serde_json::from_slice(bytes).map_err(unreadable)?;
        if head.format != FORMAT {
            return Err(Fault::Unreadable(format!("its format is \"{}\"", head.format)));
        }
        if head.version > VERSION {
            return Err(Fault::Newer(head.version));
        }
        match head.version {
            1 => serde_json::from_slice::<Version1>(bytes).map(Self::from).map_err(unreadable),
            2 => serde_json::from_slice::<Version2>(bytes).map(Self::from).map_err(unreadable),
            _ => serde_json::from_slice(bytes).map_err(unreadable),
        }
    }
}

/// As workspaces were before one could choose that artists' followers are not written to.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Version1 {
    #[serde(rename = "format")]
    _format: String,
    #[serde(rename = "version")]
    _version: u32,
    label: LabelId,
    label_name: String,
    review: bool,
    created: Timestamp,
}

impl From<Version1> for WorkspaceFile {
    fn from(old: Version1) -> Self {
        let Version1 { label, label_name, review, created, .. } = old;
        Self { review, ..Self::new(label, label_name, created) }
    }
}

/// As workspaces were before there were any in a cloud.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Version2 {
    #[serde(rename = "format")]
    _format: String,
    #[serde(rename = "version")]
    _version: u32,
    label: LabelId,
    label_name: String,
    review: bool,
    artists_mail: bool,
    created: Timestamp,
}

impl From<Version2> for WorkspaceFile {
    fn from(old: Version2) -> Self {
        let Version2 { label, label_name, review, artists_mail, created, .. } = old;
        Self { review, artists_mail, ..Self::new(label, label_name, created) }
    }
}

enum Fault {
    Newer(u32),
    Unreadable(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home() -> (tempfile::TempDir, Home) {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::prepare(folder.path()).unwrap();
        (folder, home)
    }

    /// Version 1. It is read for ever.
    const VERSION_1: &str = r#"{
  "format": "lacquer.workspace",
  "version": 1,
  "label": "local",
  "label_name": "Low Tide Records",
  "review": true,
  "created": "2026-11-22T17:00:00Z"
}
"#;

    /// Version 2. It is read for ever.
    const VERSION_2: &str = r#"{
  "format": "lacquer.workspace",
  "version": 2,
  "label": "local",
  "label_name": "Low Tide Records",
  "review": true,
  "artists_mail": false,
  "created": "2026-11-22T17:00:00Z"
}
"#;

    #[test]
    fn a_new_workspace_is_described_once_and_stays() {
        let (_folder, home) = home();
        let new = WorkspaceFile::open(&home, Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!((new.label.as_str(), new.review), ("local", false));
        let later: Timestamp = "2026-11-22T17:00:00Z".parse().unwrap();
        assert_eq!(WorkspaceFile::open(&home, later).unwrap(), new);
    }

    /// Version 3, in a cloud. It is read for ever.
    const VERSION_3: &str = include_str!("../../tests/fixtures/workspace-3.json");

    #[test]
    fn every_version_is_read_and_the_last_one_written() {
        let (_folder, home) = home();
        let local = |artists_mail: bool| {
            let place = ",\n  \"place\": {\n    \"kind\": \"local\"\n  }\n}\n";
            let text = VERSION_2.replace("\"version\": 2", "\"version\": 3").replace("\n}\n", place);
            text.replace("\"artists_mail\": false", &format!("\"artists_mail\": {artists_mail}"))
        };
        let (local_1, local_2) = (local(true), local(false));
        for (text, artists_mail, written) in [
            (VERSION_1, true, local_1.as_str()),
            (VERSION_2, false, local_2.as_str()),
            (VERSION_3, true, VERSION_3),
            (&local_2, false, &local_2),
        ] {
            fs::write(home.workspace_file(), text).unwrap();
            let file = WorkspaceFile::open(&home, Timestamp::UNIX_EPOCH).unwrap();
            assert_eq!((file.label_name.as_str(), file.review), ("Low Tide Records", true));
            assert_eq!(file.artists_mail, artists_mail);
            file.save(&home).unwrap();
            assert_eq!(fs::read_to_string(home.workspace_file()).unwrap(), written);
        }
    }

    #[test]
    fn a_workspace_whose_cloud_is_described_wrongly_says_what_is_wrong() {
        let (_folder, home) = home();
        fs::write(home.workspace_file(), VERSION_3.replace("https://api.low-tide.example", "ftp://elsewhere")).unwrap();
        let refusal = WorkspaceFile::open(&home, Timestamp::UNIX_EPOCH).unwrap_err().to_string();
        assert!(refusal.contains("\"api\""), "{refusal}");
    }

    #[test]
    fn a_later_version_and_a_damaged_description_are_refused_and_kept() {
        let (_folder, home) = home();
        let later = VERSION_1.replace("\"version\": 1", "\"version\": 7, \"colour\": \"blue\"");
        for (text, told) in [
            (later.as_str(), "was made by a newer Lacquer (its format is 7, and this one knows 3). Update Lacquer"),
            ("{}", "does not describe a workspace: missing field `format`"),
            ("", "does not describe a workspace: EOF"),
            (r#"{"format": "something.else", "version": 1}"#, "its format is \"something.else\""),
        ] {
            fs::write(home.workspace_file(), text).unwrap();
            let refusal = WorkspaceFile::open(&home, Timestamp::UNIX_EPOCH).unwrap_err().to_string();
            assert!(refusal.contains(told), "{refusal}");
            assert!(refusal.contains("--workspace"), "{refusal}");
            assert_eq!(fs::read_to_string(home.workspace_file()).unwrap(), text);
        }
    }
}
