//! Looks through files and folders for sound and pictures. Opens for reading only, and only regular files.

use std::collections::HashSet;
use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Read};
use std::path::{Component, Path, PathBuf};

use super::sniff::{self, Content};
use super::{FileIdentity, ImportControl, ImportError, LeftOut, Reason, kind, order, video};

/// An album's folders are not deeper.
const DEEPEST: usize = 16;
/// An album, its scans and its extras have fewer files; somebody's whole collection or home folder has more.
const MOST: usize = 20_000;

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// Files that hold sound by their first bytes, or are called sound files; in order of path.
    pub(super) sounds: Vec<Sound>,
    /// Files that are pictures by their first bytes; in order of path.
    pub(super) pictures: Vec<PictureFile>,
    pub(super) left_out: Vec<LeftOut>,
}

/// A file that probably holds sound.
#[derive(Debug, Clone)]
pub(super) struct Sound {
    /// Absolute.
    pub(super) path: PathBuf,
    /// The folder that was given and holds it; none for a file that was given itself.
    pub(super) root: Option<PathBuf>,
    pub(super) identity: FileIdentity,
}

/// A file that is a picture.
#[derive(Debug, Clone)]
pub(super) struct PictureFile {
    pub(super) path: PathBuf,
    /// How many folders below what was given.
    pub(super) depth: usize,
}

/// Looks through what was given, in any order; what was given twice is found once.
pub(super) fn scan(paths: &[PathBuf], control: &ImportControl) -> Result<Scan, ImportError> {
    scan_up_to(MOST, paths, control)
}

fn scan_up_to(limit: usize, paths: &[PathBuf], control: &ImportControl) -> Result<Scan, ImportError> {
    let mut scan = Scan::default();
    let mut seen: HashSet<PathBuf> = HashSet::new();
    for path in paths {
        let path = given(path);
        let mut waiting = vec![Waiting { path: path.clone(), depth: 0, root: None }];
        while let Some(next) = waiting.pop() {
            if control.is_cancelled() {
                return Err(ImportError::Cancelled);
            }
            if seen.len() + scan.left_out.len() >= limit {
                return Err(ImportError::TooMany { path, limit });
            }
            if let Err(reason) = scan.look_at(&next, &mut seen, &mut waiting) {
                scan.left_out.push(LeftOut { path: next.path, reason });
            }
        }
    }
    scan.sounds.sort_by(|a, b| order::paths(&a.path, &b.path));
    scan.pictures.sort_by(|a, b| order::paths(&a.path, &b.path));
    Ok(scan)
}

/// The path of what was given: absolute, but with its links as they are, for a person knows it by this name. With `..`
/// in it no folder's name can be told, so that links are resolved as well.
fn given(path: &Path) -> PathBuf {
    let plain = if path.components().any(|part| part == Component::ParentDir) {
        fs::canonicalize(path)
    } else {
        std::path::absolute(path)
    };
    plain.unwrap_or_else(|_| path.to_path_buf())
}

/// A path that is still to be looked at.
struct Waiting {
    path: PathBuf,
    depth: usize,
    root: Option<PathBuf>,
}

impl Scan {
    fn look_at(
        &mut self,
        next: &Waiting,
        seen: &mut HashSet<PathBuf>,
        waiting: &mut Vec<Waiting>,
    ) -> Result<(), Reason> {
        let Waiting { path, depth, root } = next;
        // What was given by name is meant, even if it is hidden.
        if *depth > 0 && kind::is_hidden(path) {
            return Err(Reason::Hidden);
        }
        let metadata = fs::metadata(path).map_err(|error| reason(&error))?;
        if metadata.is_dir() {
            if *depth >= DEEPEST {
                return Err(Reason::TooDeep { limit: DEEPEST });
            }
            if !seen.insert(fs::canonicalize(path).map_err(|error| reason(&error))?) {
                return Err(Reason::LinkLoop);
            }
            let root = root.clone().unwrap_or_else(|| path.clone());
            for entry in fs::read_dir(path).map_err(|error| reason(&error))? {
                // What waits beyond this would only be counted, to be too many.
                if waiting.len() > MOST {
                    break;
                }
                let path = entry.map_err(|error| reason(&error))?.path();
                waiting.push(Waiting { path, depth: depth + 1, root: Some(root.clone()) });
            }
            return Ok(());
        }
        if !metadata.is_file() {
            return Err(Reason::NotAFile);
        }
        // A file that was given beside its folder, or that a link leads to, is the same file.
        if !seen.insert(fs::canonicalize(path).map_err(|error| reason(&error))?) {
            return Ok(());
        }
        if metadata.len() == 0 {
            return Err(if kind::is_meant_as_music(path) { Reason::Empty } else { kind::by_name(path) });
        }
        self.sort_in(next, &metadata)
    }

    fn sort_in(&mut self, next: &Waiting, metadata: &Metadata) -> Result<(), Reason> {
        let Waiting { path, depth, root } = next;
        let (mut file, _) = open(path)?;
        let mut head = Vec::new();
        file.by_ref().take(sniff::HEAD as u64).read_to_end(&mut head).map_err(|error| reason(&error))?;
        match sniff::content(&head) {
            Content::Picture(_) if kind::is_sound(path) => Err(Reason::NotAudio { why: "it is a picture".to_owned() }),
            Content::Picture(_) => {
                self.pictures.push(PictureFile { path: path.clone(), depth: *depth });
                Ok(())
            }
            Content::Sound if kind::is_video(path) || video::is_in(&mut file).unwrap_or(false) => Err(Reason::Video),
            Content::Other if kind::is_picture(path) => Err(Reason::NotAPicture),
            // What is called a sound file is shown to the decoder, which says what it is instead.
            Content::Other if !kind::is_sound(path) => Err(kind::by_name(path)),
            Content::Sound | Content::Other => {
                let identity = FileIdentity::of(metadata);
                self.sounds.push(Sound { path: path.clone(), root: root.clone(), identity });
                Ok(())
            }
        }
    }
}

/// Opens a regular file for reading, and tells which file it is. Never waits for the other end of a pipe.
pub(super) fn open(path: &Path) -> Result<(File, FileIdentity), Reason> {
    let mut options = File::options();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed());
    }
    let file = options.open(path).map_err(|error| reason(&error))?;
    let metadata = file.metadata().map_err(|error| reason(&error))?;
    if !metadata.is_file() {
        return Err(Reason::NotAFile);
    }
    Ok((file, FileIdentity::of(&metadata)))
}

/// Why the system does not let something be read.
pub(super) fn reason(error: &io::Error) -> Reason {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => Reason::Gone,
        ErrorKind::InvalidFilename => Reason::TooDeep { limit: DEEPEST },
        _ if is_loop(error) => Reason::LinkLoop,
        _ => Reason::Unreadable { why: said_by_system(error) },
    }
}

#[cfg(unix)]
fn is_loop(error: &io::Error) -> bool {
    error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error())
}

#[cfg(not(unix))]
fn is_loop(_: &io::Error) -> bool {
    false
}

/// What the system says, without its number.
fn said_by_system(error: &io::Error) -> String {
    let text = upload::said_by_system(error);
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_with_too_much_for_an_album_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["1.wav", "2.wav", ".hidden"] {
            fs::write(folder.path().join(name), "RIFF").unwrap();
        }
        let paths = [folder.path().to_path_buf()];
        assert_eq!(scan_up_to(4, &paths, &ImportControl::new()).unwrap().sounds.len(), 2);
        let error = scan_up_to(3, &paths, &ImportControl::new()).unwrap_err();
        let expected = format!(
            "{} holds more than 3 files and folders, too many for one album. Choose the album's own folder.",
            folder.path().display()
        );
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn what_the_system_says_becomes_a_reason() {
        let code = |kind: ErrorKind| reason(&kind.into()).code();
        assert_eq!(code(ErrorKind::NotFound), "gone");
        assert_eq!(code(ErrorKind::NotADirectory), "gone");
        assert_eq!(code(ErrorKind::InvalidFilename), "too-deep");
        assert_eq!(code(ErrorKind::PermissionDenied), "unreadable");
        #[cfg(unix)]
        {
            let denied = reason(&io::Error::from_raw_os_error(rustix::io::Errno::ACCESS.raw_os_error()));
            assert_eq!(denied.to_string(), "cannot be read: permission denied");
            let looped = reason(&io::Error::from_raw_os_error(rustix::io::Errno::LOOP.raw_os_error()));
            assert_eq!(looped, Reason::LinkLoop);
        }
    }
}
