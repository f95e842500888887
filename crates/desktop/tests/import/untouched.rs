use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::album::Album;

/// Every file and folder of a tree: when it was written, its permissions, and its bytes.
fn state(root: &Path) -> BTreeMap<PathBuf, (SystemTime, bool, Option<Vec<u8>>)> {
    let mut states = BTreeMap::new();
    let mut waiting = vec![root.to_path_buf()];
    while let Some(path) = waiting.pop() {
        let metadata: Metadata = fs::symlink_metadata(&path).unwrap();
        if metadata.is_dir() {
            waiting.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        }
        let bytes = metadata.is_file().then(|| fs::read(&path).unwrap());
        states.insert(path, (metadata.modified().unwrap(), metadata.permissions().readonly(), bytes));
    }
    states
}

fn album() -> Album {
    let album = Album::new();
    album.wav("CD1/01 A.wav");
    album.ffmpeg("CD1/02 B.flac", &["-metadata", "title=B"]);
    album.ffmpeg("CD2/01 C.m4a", &["-c:a", "alac"]);
    album.ffmpeg("CD2/02 D.mp3", &[]);
    album.write("cover.jpg", "no picture");
    album.write("broken.flac", "fLaC");
    album.write("empty.wav", "");
    album
}

#[test]
fn an_import_changes_nothing() {
    let album = album();
    let before = state(&album.path());
    assert_eq!(album.import().release.tracks.len(), 4);
    assert_eq!(state(&album.path()), before);
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_to_is_imported_all_the_same() {
    use std::os::unix::fs::PermissionsExt as _;
    let album = album();
    let set = |mode: u32, file_mode: u32| {
        for path in state(&album.path()).keys().rev() {
            let mode = if path.is_dir() { mode } else { file_mode };
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        }
    };
    set(0o500, 0o400);
    let before = state(&album.path());
    let imported = album.import();
    let after = state(&album.path());
    set(0o700, 0o600);
    assert_eq!(imported.release.tracks.len(), 4);
    assert_eq!(after, before);
}
