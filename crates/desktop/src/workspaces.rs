//! Which workspaces there are on this computer, and which of them opens when nobody names one.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use release::LabelId;
use serde::{Deserialize, Serialize};

use crate::home::{Home, HomeError};
use crate::import::stored_path;
use crate::lock::Holder;
use crate::private;
use crate::workspace::{WorkspaceFile, WorkspacePlace};

/// The workspaces of this computer. Everything here waits for the disk.
#[derive(Debug, Clone)]
pub struct Workspaces {
    /// The folder of those in clouds, with the list of those that lie elsewhere.
    clouds: PathBuf,
    /// The one on this computer alone.
    local: PathBuf,
}

/// A workspace on this computer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownWorkspace {
    /// Its folder.
    pub path: PathBuf,
    /// Its label.
    pub label: LabelId,
    /// The label's name.
    pub label_name: String,
    /// What its cloud is called, and the account that joined; none of a workspace on this computer alone.
    pub cloud: Option<(String, String)>,
}

/// What is not to be seen from the folders themselves, as it is on disk.
#[derive(Debug, Serialize, Deserialize)]
struct List {
    format: String,
    version: u32,
    /// The one that opens when nobody names one.
    chosen: Option<Stored>,
    /// Those that were joined into a folder of the person's choice.
    elsewhere: Vec<Stored>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
struct Stored(#[serde(with = "stored_path")] PathBuf);

/// Beside the workspaces in clouds.
const NAME: &str = ".known.json";
const FORMAT: &str = "lacquer.workspaces";
const VERSION: u32 = 1;

impl Workspaces {
    /// Those of the person who runs the program.
    ///
    /// # Errors
    /// Where the system names no folder for a person's data.
    pub fn of_this_computer() -> Result<Self, HomeError> {
        Ok(Self { clouds: Home::clouds_root()?, local: Home::default_root()? })
    }

    #[cfg(test)]
    pub(crate) fn at(clouds: &Path, local: &Path) -> Self {
        Self { clouds: clouds.to_owned(), local: local.to_owned() }
    }

    /// All of them, and one more that is open. Those that cannot be read are left out.
    #[must_use]
    pub fn known(&self, open: Option<&Path>) -> Vec<KnownWorkspace> {
        let joined = fs::read_dir(&self.clouds).into_iter().flatten().flatten().map(|entry| entry.path());
        let elsewhere = List::read(&self.clouds).elsewhere.into_iter().map(|stored| stored.0);
        let first = [Some(self.local.clone()), open.map(Path::to_owned)].into_iter().flatten();
        let mut known: Vec<KnownWorkspace> = Vec::new();
        for path in first.chain(joined).chain(elsewhere) {
            let path = path.canonicalize().unwrap_or(path);
            if known.iter().all(|other| other.path != path)
                && let Some(one) = look_at(path)
            {
                known.push(one);
            }
        }
        known
    }

    /// Has a workspace listed from now on, wherever it lies.
    ///
    /// # Errors
    /// Where the list cannot be written.
    pub fn remember(&self, path: &Path) -> io::Result<()> {
        remember(&self.clouds, path)
    }

    /// Has a workspace open from now on when nobody names one.
    ///
    /// # Errors
    /// Where that cannot be written.
    pub fn choose(&self, path: &Path) -> io::Result<()> {
        let chosen = Some(Stored(path.canonicalize()?));
        let list = List::read(&self.clouds);
        if list.chosen == chosen { Ok(()) } else { List { chosen, ..list }.write(&self.clouds) }
    }

    /// The one that opens when nobody names one: that which was chosen last, while it is there.
    #[must_use]
    pub fn chosen(&self) -> PathBuf {
        let chosen = List::read(&self.clouds).chosen.map(|stored| stored.0);
        chosen.filter(|path| look_at(path.clone()).is_some()).unwrap_or_else(|| self.local.clone())
    }

    /// The process that has a workspace open, or had it last.
    #[must_use]
    pub fn holder(path: &Path) -> Option<u32> {
        let mut file = fs::File::open(Home::of_open(path).lock()).ok()?;
        Some(Holder::read(&mut file)?.process)
    }
}

/// Has a workspace listed that lies elsewhere than in the folder for those in clouds.
pub(crate) fn remember(clouds: &Path, path: &Path) -> io::Result<()> {
    let path = path.canonicalize()?;
    let is_found = clouds.canonicalize().is_ok_and(|clouds| path.parent() == Some(&clouds));
    let mut list = List::read(clouds);
    let stored = Stored(path);
    if is_found || list.elsewhere.contains(&stored) {
        return Ok(());
    }
    list.elsewhere.retain(|stored| stored.0.exists());
    list.elsewhere.push(stored);
    list.write(clouds)
}

impl List {
    /// A list that is damaged, or of another version, is as good as none: what matters is in the folders.
    fn read(clouds: &Path) -> Self {
        let nothing = || Self { format: FORMAT.to_owned(), version: VERSION, chosen: None, elsewhere: Vec::new() };
        let Ok(bytes) = fs::read(clouds.join(NAME)) else { return nothing() };
        match serde_json::from_slice::<Self>(&bytes) {
            Ok(list) if list.format == FORMAT && list.version == VERSION => list,
            Ok(Self { format, version, .. }) => {
                tracing::warn!(format, version, "the list of workspaces is of another Lacquer");
                nothing()
            }
            Err(error) => {
                tracing::warn!(%error, "the list of workspaces cannot be read");
                nothing()
            }
        }
    }

    fn write(&self, clouds: &Path) -> io::Result<()> {
        private::create_dir_all(clouds)?;
        private::replace(&clouds.join(NAME), &serde_json::to_vec_pretty(self)?)
    }
}

fn look_at(path: PathBuf) -> Option<KnownWorkspace> {
    let home = Home::of_open(&path);
    if !home.workspace_file().is_file() {
        return None;
    }
    let file = WorkspaceFile::open(&home, Timestamp::UNIX_EPOCH)
        .inspect_err(|error| tracing::info!(%error, "a workspace is not listed"))
        .ok()?;
    let cloud = match &file.place {
        WorkspacePlace::Local => None,
        WorkspacePlace::Cloud { deployment, account } => Some((deployment.name.clone(), account.clone())),
    };
    Some(KnownWorkspace { path, label: file.label, label_name: file.label_name, cloud })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A workspace on this computer, and others beside it.
    fn made(root: &Path) -> Workspaces {
        let workspaces = Workspaces::at(&root.join("workspaces"), &root.join("workspace"));
        for path in ["workspace", "workspaces/low-tide-1", "usb/lacquer"] {
            WorkspaceFile::open(&Home::prepare(&root.join(path)).unwrap(), Timestamp::UNIX_EPOCH).unwrap();
        }
        workspaces
    }

    fn listed(workspaces: &Workspaces, root: &Path, open: Option<&Path>) -> Vec<String> {
        let root = root.canonicalize().unwrap();
        let relative = |one: KnownWorkspace| one.path.strip_prefix(&root).unwrap().display().to_string();
        workspaces.known(open).into_iter().map(relative).collect()
    }

    #[test]
    fn a_workspace_that_lies_elsewhere_stays_listed_while_it_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let (root, workspaces) = (folder.path(), made(folder.path()));
        assert_eq!(listed(&workspaces, root, None), ["workspace", "workspaces/low-tide-1"]);
        let elsewhere = root.join("usb/lacquer");
        assert_eq!(listed(&workspaces, root, Some(&elsewhere)), ["workspace", "usb/lacquer", "workspaces/low-tide-1"]);
        for _ in 0..2 {
            workspaces.remember(&elsewhere).unwrap();
        }
        workspaces.remember(&root.join("workspaces/low-tide-1")).unwrap();
        assert_eq!(listed(&workspaces, root, None), ["workspace", "workspaces/low-tide-1", "usb/lacquer"]);
        assert_eq!(List::read(&workspaces.clouds).elsewhere.len(), 1);
        fs::remove_dir_all(root.join("usb")).unwrap();
        assert_eq!(listed(&workspaces, root, None), ["workspace", "workspaces/low-tide-1"]);
    }

    #[test]
    fn the_one_that_was_chosen_opens_while_it_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let (root, workspaces) = (folder.path(), made(folder.path()));
        assert_eq!(workspaces.chosen(), root.join("workspace"));
        let elsewhere = root.join("usb/lacquer").canonicalize().unwrap();
        workspaces.choose(&elsewhere).unwrap();
        assert_eq!(workspaces.chosen(), elsewhere);
        // What is listed besides stays.
        workspaces.remember(&elsewhere).unwrap();
        assert_eq!(workspaces.chosen(), elsewhere);
        fs::remove_dir_all(&elsewhere).unwrap();
        assert_eq!(workspaces.chosen(), root.join("workspace"));
        assert!(workspaces.choose(&elsewhere).is_err());
    }

    #[test]
    fn every_version_is_read_and_another_one_is_as_good_as_none() {
        let folder = tempfile::tempdir().unwrap();
        let (root, workspaces) = (folder.path(), made(folder.path()));
        let elsewhere = root.join("usb/lacquer").canonicalize().unwrap();
        let text = format!(
            r#"{{"format":"lacquer.workspaces","version":1,"chosen":"{0}","elsewhere":["{0}",{{"hex":"ff"}}]}}"#,
            elsewhere.display()
        );
        fs::write(workspaces.clouds.join(NAME), &text).unwrap();
        assert_eq!((workspaces.chosen(), List::read(&workspaces.clouds).elsewhere.len()), (elsewhere, 2));
        for other in [text.replace("\"version\":1", "\"version\":2"), text[..40].to_owned(), "\u{0}".to_owned()] {
            fs::write(workspaces.clouds.join(NAME), other).unwrap();
            assert_eq!(workspaces.chosen(), root.join("workspace"));
        }
    }
}
