//! A quick look at what is held over the window, before it is dropped.

use std::fs;
use std::path::{Path, PathBuf};

use crate::shown::desk::Survey;

/// How many files and folders are looked at: enough for an album, and done before anybody sees it.
const MOST: usize = 2_000;

/// How many names are told.
const NAMES: usize = 3;

pub(crate) const SOUND: &[&str] = &[
    "wav", "wave", "bwf", "rf64", "w64", "aif", "aiff", "aifc", "caf", "flac", "m4a", "mp4", "alac", "mp3", "aac",
    "ogg", "oga",
];

pub(crate) const PICTURES: &[&str] = &["jpg", "jpeg", "png", "tif", "tiff", "gif", "webp", "bmp"];

/// Counts what paths and the folders among them hold, by names alone. Reads no file; blocks for as long as the folders'
/// disk does.
pub(crate) fn of(paths: &[PathBuf]) -> Survey {
    let name = |path: &PathBuf| path.file_name().unwrap_or(path.as_os_str()).display().to_string();
    let mut survey = Survey {
        names: paths.iter().take(NAMES).map(name).collect(),
        folders: 0,
        sound_files: 0,
        pictures: 0,
        other_files: 0,
        unreadable: 0,
    };
    let mut waiting: Vec<PathBuf> = paths.iter().rev().cloned().collect();
    for _ in 0..MOST {
        let Some(path) = waiting.pop() else { break };
        look(&path, &mut survey, &mut waiting);
    }
    survey
}

fn look(path: &Path, survey: &mut Survey, waiting: &mut Vec<PathBuf>) {
    let Ok(found) = fs::metadata(path) else {
        survey.unreadable += 1;
        return;
    };
    if found.is_dir() {
        survey.folders += 1;
        match fs::read_dir(path) {
            // A link is left alone: it may lead back here.
            Ok(entries) => waiting.extend(
                entries
                    .flatten()
                    .filter(|entry| entry.file_type().is_ok_and(|kind| !kind.is_symlink()))
                    .filter(|entry| !entry.file_name().as_encoded_bytes().starts_with(b"."))
                    .take(MOST)
                    .map(|entry| entry.path()),
            ),
            Err(_) => survey.unreadable += 1,
        }
        return;
    }
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default().to_lowercase();
    if SOUND.contains(&extension.as_str()) {
        survey.sound_files += 1;
    } else if PICTURES.contains(&extension.as_str()) {
        survey.pictures += 1;
    } else {
        survey.other_files += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_is_counted_by_its_names() {
        let folder = tempfile::tempdir().unwrap();
        let album = folder.path().join("Album");
        fs::create_dir_all(album.join("CD 2")).unwrap();
        for name in ["01 One.WAV", "02 Two.flac", "CD 2/01 Three.aiff", "cover.jpg", "notes.txt", ".DS_Store"] {
            fs::write(album.join(name), "").unwrap();
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink(&album, album.join("again")).unwrap();
        let survey = of(&[album, folder.path().join("gone.wav")]);
        assert_eq!(survey.names, ["Album", "gone.wav"]);
        let counted = (survey.folders, survey.sound_files, survey.pictures, survey.other_files, survey.unreadable);
        assert_eq!(counted, (2, 3, 1, 1, 1));
    }

    #[test]
    fn of_very_much_only_the_beginning_is_looked_at() {
        let folder = tempfile::tempdir().unwrap();
        for number in 0..MOST + 10 {
            fs::write(folder.path().join(format!("{number}.wav")), "").unwrap();
        }
        let survey = of(&[folder.path().to_owned()]);
        assert_eq!((survey.folders as usize, survey.sound_files as usize), (1, MOST - 1));
    }
}
