//! The folder of a local workspace: its layout, and what may be wrong with it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::private;

/// The folder that holds a workspace, readable by its owner alone.
#[derive(Debug, Clone)]
pub struct Home {
    root: PathBuf,
}

/// Why a folder cannot be a workspace. Each text says what to do.
#[derive(Debug, Error)]
pub enum HomeError {
    /// This system names no folder for a person's data.
    #[error("No folder for your data is known on this system. Give one with --workspace.")]
    NoDefault,
    /// Something other than a folder has the workspace's name.
    #[error("{path} is not a folder. Give another --workspace.", path = .0.display())]
    NotAFolder(PathBuf),
    /// A folder of something else.
    #[error(
        "{path} is not a Lacquer workspace, and it is not empty: it holds \"{example}\". \
         Give an empty folder, or one that Lacquer made, as --workspace.",
        path = path.display()
    )]
    Foreign {
        /// The folder.
        path: PathBuf,
        /// A file in it that is not Lacquer's.
        example: String,
    },
    /// It may not be written to.
    #[error(
        "The workspace {path} cannot be written to: {said}. \
         Make the folder writable for you, or give another --workspace.",
        path = path.display(), said = upload::said_by_system(source)
    )]
    ReadOnly {
        /// The folder or the file in it.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// There is no room.
    #[error("There is no room for the workspace {path}: {said}. Free some space, or give another --workspace.", path = path.display(), said = upload::said_by_system(source))]
    Full {
        /// The folder or the file in it.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Anything else that the system says.
    #[error("The workspace {path} cannot be used: {said}. Check the folder, or give another --workspace.", path = path.display(), said = upload::said_by_system(source))]
    Io {
        /// The folder or the file in it.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// What an opening that was cut short leaves before it wrote `workspace.json`, and what systems put anywhere.
const NO_HINDRANCE: [&str; 6] = ["lock", ".workspace.json.new", ".DS_Store", "desktop.ini", "Thumbs.db", "lost+found"];

impl Home {
    /// Where the workspace lies when nobody says otherwise: `lacquer/workspace` in the person's data folder.
    ///
    /// # Errors
    /// Where the system names no such folder.
    pub fn default_root() -> Result<PathBuf, HomeError> {
        Ok(dirs::data_dir().ok_or(HomeError::NoDefault)?.join("lacquer").join("workspace"))
    }

    /// Where workspaces in clouds lie: `lacquer/workspaces` in the person's data folder.
    ///
    /// # Errors
    /// Where the system names no such folder.
    pub fn clouds_root() -> Result<PathBuf, HomeError> {
        Ok(dirs::data_dir().ok_or(HomeError::NoDefault)?.join("lacquer").join("workspaces"))
    }

    /// Makes the folder where there is none, and refuses one that holds something else.
    ///
    /// # Errors
    /// Where the folder is not a workspace and cannot become one, with what to do about it.
    pub fn prepare(root: &Path) -> Result<Self, HomeError> {
        match fs::metadata(root) {
            Ok(found) if !found.is_dir() => return Err(HomeError::NotAFolder(root.to_owned())),
            Ok(_) => refuse_foreign(root)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(source) => return Err(HomeError::of(root, source)),
        }
        private::create_dir_all(root).map_err(|source| HomeError::of(root, source))?;
        private::restrict_dir(root).map_err(|source| HomeError::of(root, source))?;
        // Absolute, since the program may change its folder and messages name paths that people copy.
        let root = root.canonicalize().map_err(|source| HomeError::of(root, source))?;
        Ok(Self { root })
    }

    /// The home of a workspace that is open, by its folder in [`View::home`](crate::View::home).
    #[must_use]
    pub fn of_open(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    /// Makes the folders inside; call it with the lock held.
    ///
    /// # Errors
    /// Where one cannot be made.
    pub fn create_folders(&self) -> Result<(), HomeError> {
        for folder in [self.journals(), self.scratch(), self.pictures()] {
            private::create_dir_all(&folder).map_err(|source| HomeError::of(&folder, source))?;
        }
        Ok(())
    }

    /// The folder itself, absolute.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What the workspace is: label, settings, version.
    #[must_use]
    pub fn workspace_file(&self) -> PathBuf {
        self.root.join("workspace.json")
    }

    /// Held by the process that has the workspace open.
    #[must_use]
    pub fn lock(&self) -> PathBuf {
        self.root.join("lock")
    }

    /// Drafts, queue, settings of the desk.
    #[must_use]
    pub fn desk(&self) -> PathBuf {
        self.root.join("desk.db")
    }

    /// How far uploads have come.
    #[must_use]
    pub fn journals(&self) -> PathBuf {
        self.root.join("journals")
    }

    /// What was delivered.
    #[must_use]
    pub fn masters(&self) -> PathBuf {
        self.root.join("masters")
    }

    /// What the cloud made of masters.
    #[must_use]
    pub fn renditions(&self) -> PathBuf {
        self.root.join("renditions")
    }

    /// E-mail that was written.
    #[must_use]
    pub fn outbox(&self) -> PathBuf {
        self.root.join("outbox")
    }

    /// The accounts that were signed in here: a list without secrets.
    #[must_use]
    pub fn accounts(&self) -> PathBuf {
        self.root.join("accounts.json")
    }

    /// What was last heard from a cloud.
    #[must_use]
    pub fn cloud_cache(&self) -> PathBuf {
        self.root.join("cloud-cache.db")
    }

    /// Files that nobody misses.
    #[must_use]
    pub fn scratch(&self) -> PathBuf {
        self.root.join("scratch")
    }

    /// Pictures that were found inside sound files, by their content.
    #[must_use]
    pub fn pictures(&self) -> PathBuf {
        self.root.join("pictures")
    }
}

impl HomeError {
    /// Sorts what the system says by what a person can do about it.
    pub(crate) fn of(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly { path, source },
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full { path, source },
            io::ErrorKind::NotADirectory => Self::NotAFolder(path),
            _ => Self::Io { path, source },
        }
    }
}

/// A folder without `workspace.json` is taken only if it holds nothing that anybody could miss.
fn refuse_foreign(root: &Path) -> Result<(), HomeError> {
    let of = |source| HomeError::of(root, source);
    let mut example: Option<String> = None;
    for entry in fs::read_dir(root).map_err(of)? {
        let name = entry.map_err(of)?.file_name();
        let name = name.to_string_lossy().into_owned();
        if name == "workspace.json" {
            return Ok(());
        }
        let harmless = NO_HINDRANCE.contains(&name.as_str());
        if !harmless && example.as_ref().is_none_or(|other| name < *other) {
            example = Some(name);
        }
    }
    match example {
        Some(example) => Err(HomeError::Foreign { path: root.to_owned(), example }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_is_not_there_or_empty_becomes_a_workspace() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("a").join("b");
        let home = Home::prepare(&root).unwrap();
        assert!(home.root().is_absolute());
        // Again, as an opening that was cut short leaves it: without its description.
        std::fs::write(home.lock(), "1 lacquer\n").unwrap();
        Home::prepare(&root).unwrap();
        Home::prepare(folder.path().join("empty").as_path()).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn others_cannot_look_into_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("open");
        std::fs::create_dir(&root).unwrap();
        std::fs::set_permissions(&root, std::fs::Permissions::from_mode(0o755)).unwrap();
        let home = Home::prepare(&root).unwrap();
        home.create_folders().unwrap();
        for path in [home.root().to_owned(), home.journals(), home.pictures(), home.scratch()] {
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700, "{}", path.display());
        }
    }

    #[test]
    fn a_folder_of_something_else_is_refused_and_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("novel.txt"), "Chapter 1").unwrap();
        std::fs::create_dir(folder.path().join("pictures")).unwrap();
        let refusal = Home::prepare(folder.path()).unwrap_err();
        assert_eq!(
            refusal.to_string(),
            format!(
                "{} is not a Lacquer workspace, and it is not empty: it holds \"novel.txt\". \
                 Give an empty folder, or one that Lacquer made, as --workspace.",
                folder.path().display()
            )
        );
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn a_file_is_no_folder_and_holds_none() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        for root in [file.clone(), file.join("below")] {
            let refusal = Home::prepare(&root).unwrap_err();
            assert_eq!(refusal.to_string(), format!("{} is not a folder. Give another --workspace.", root.display()));
        }
    }

    #[test]
    fn what_the_system_says_is_told_with_what_to_do() {
        let path = Path::new("/music/workspace");
        let say = |kind| HomeError::of(path, io::Error::from(kind)).to_string();
        insta::assert_snapshot!([
            say(io::ErrorKind::PermissionDenied),
            say(io::ErrorKind::ReadOnlyFilesystem),
            say(io::ErrorKind::StorageFull),
            say(io::ErrorKind::QuotaExceeded),
            say(io::ErrorKind::TimedOut),
        ]
        .join("\n"), @r"
        The workspace /music/workspace cannot be written to: permission denied. Make the folder writable for you, or give another --workspace.
        The workspace /music/workspace cannot be written to: read-only filesystem or storage medium. Make the folder writable for you, or give another --workspace.
        There is no room for the workspace /music/workspace: no storage space. Free some space, or give another --workspace.
        There is no room for the workspace /music/workspace: quota exceeded. Free some space, or give another --workspace.
        The workspace /music/workspace cannot be used: timed out. Check the folder, or give another --workspace.
        ");
    }
}
