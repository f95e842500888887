use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Once;

use desktop::import::{ImportControl, ImportError, Progress, import};
use release::{Problem, Release, Severity};

use crate::album::{Album, tone, tracks, wav, wav_with};

fn problems(release: &Release) -> Vec<Problem> {
    let mut problems = release::check(release, &release::check::Context { today: jiff::civil::date(2026, 1, 1) });
    problems.retain(|problem| problem.severity == Severity::Error);
    problems
}

fn message(album: &Album, error: &ImportError) -> String {
    album.plain(error)
}

#[test]
fn nothing_at_all() {
    let error = import(&[], &ImportControl::new()).unwrap_err();
    assert!(matches!(error, ImportError::NothingChosen));
    assert_eq!(
        error.to_string(),
        "Nothing was chosen. Choose a folder with the album's sound files, or the files themselves."
    );
}

#[test]
fn a_folder_without_sound() {
    let album = Album::new();
    album.write("booklet.pdf", "%PDF-1.7");
    album.write("notes.txt", "buy milk");
    let error = album.try_import().unwrap_err();
    assert_eq!(
        message(&album, &error),
        "No sound that can be read was found in ALBUM. Lacquer reads WAV, AIFF, FLAC, ALAC and CAF, and for listening \
         MP3, AAC and Vorbis."
    );
    let ImportError::NoAudio { left_out, .. } = error else { panic!("{error}") };
    assert_eq!(album.left_out(&left_out), ["ALBUM/booklet.pdf is a document.", "ALBUM/notes.txt is a document."]);
}

#[test]
fn a_folder_whose_sound_cannot_be_read() {
    let album = Album::new();
    album.write("01 A.wav", "");
    album.write("02 B.wav", "this is a text");
    assert_eq!(
        message(&album, &album.try_import().unwrap_err()),
        "No sound that can be read was found in ALBUM. ALBUM/01 A.wav is empty, and 1 more could not be used. Export it \
         again."
    );
}

#[test]
fn a_path_where_nothing_is() {
    let album = Album::new();
    let error = album.try_import().unwrap_err();
    assert_eq!(
        message(&album, &error),
        "ALBUM is not there. See whether the disk is still connected and the name is right."
    );
    // Beside a good one it is left out.
    album.wav("01 A.wav");
    let paths = [album.path().join("02 B.wav"), album.path().join("01 A.wav"), PathBuf::new()];
    let imported = import(&paths, &ImportControl::new()).unwrap();
    assert_eq!(tracks(&imported), ["1-1 A"]);
    assert_eq!(album.left_out(&imported.left_out), [" is not there.", "ALBUM/02 B.wav is not there."]);
}

#[test]
fn files_that_are_not_what_they_are_called() {
    let album = Album::new();
    album.wav("01 Good.wav");
    album.write("02 Empty.wav", "");
    album.write("03 Text.wav", "This is a text that somebody called a sound file.");
    album.write("04 Zeros.flac", [0; 4096]);
    album.write("05 Picture.wav", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    album.write("06 Archive.wav", b"PK\x03\x04rest of an archive");
    album.write("07 Header only.wav", b"RIFF\x24\0\0\0WAVEfmt ");
    album.write("08 Noise.flac", [b"fLaC".to_vec(), tone("x").iter().map(|s| s.to_le_bytes()[0]).collect()].concat());
    album.write("09 Video.mov", b"\0\0\0\x14ftypqt  \0\0\0\0");
    album.write("10 Strange.mp3", [b"ID3\x04\0\0\0\0\0\0".to_vec(), vec![7; 3000]].concat());
    album.write("11 Windows.wma", b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\0\xaa\0\x62\xce\x6c");
    let imported = album.import();
    assert_eq!(tracks(&imported), ["1-1 Good"]);
    let left_out = album.left_out(&imported.left_out);
    insta::assert_snapshot!(left_out.join("\n"));
    for left in imported.left_out.iter().filter(|left| left.reason.is_trouble()) {
        assert!(!left.reason.help().is_empty(), "{left}");
    }
}

#[test]
fn what_lies_around_in_an_album_s_folder() {
    let album = Album::new();
    album.wav("01 A.wav");
    for name in [
        ".DS_Store",
        "._01 A.wav",
        ".hidden/02 B.wav",
        "__MACOSX/01 A.wav",
        "Album.cue",
        "Album.log",
        "Album.m3u8",
        "Booklet.pdf",
        "Thumbs.db",
        "Tracks.csv",
        "Stems.zip",
        "Session.ptx",
        "checksums.md5",
    ] {
        album.write(name, "content");
    }
    let imported = album.import();
    assert_eq!(tracks(&imported), ["1-1 A"]);
    insta::assert_snapshot!(album.left_out(&imported.left_out).join("\n"));
    assert!(imported.left_out.iter().all(|left| !left.reason.is_trouble()));
}

#[test]
fn a_hidden_file_that_is_given_by_name_is_meant() {
    let album = Album::new();
    let path = album.wav(".hidden/.01 A.wav");
    assert_eq!(import(&[path], &ImportControl::new()).unwrap().release.tracks.len(), 1);
}

#[test]
fn a_flac_that_was_cut_off() {
    let album = Album::new();
    album.wav("01 Good.wav");
    let path = album.ffmpeg("02 Cut.flac", &["-af", "aloop=loop=30:size=4410"]);
    let length = fs::metadata(&path).unwrap().len();
    OpenOptions::new().write(true).open(&path).unwrap().set_len(length / 2).unwrap();
    let imported = album.import();
    assert_eq!(album.left_out(&imported.left_out), [""; 0]);
    assert_eq!(tracks(&imported), ["1-1 Good", "1-2 Cut"]);
    assert!(imported.release.tracks[1].master.as_ref().unwrap().facts.is_truncated());
    let problem = problems(&imported.release).into_iter().find(|problem| problem.code == "master-truncated").unwrap();
    assert!(problem.message.contains("Cut") && problem.help.contains("Copy or export"), "{problem:?}");
}

#[test]
fn a_wav_that_was_cut_off() {
    let album = Album::new();
    let whole = wav(tone("a"));
    album.write("01 A.wav", &whole[..whole.len() / 2]);
    let imported = album.import();
    assert!(imported.release.tracks[0].master.as_ref().unwrap().facts.is_truncated());
}

#[test]
fn an_mp3_as_a_master() {
    let album = Album::new();
    album.wav("01 Good.wav");
    album.ffmpeg("02 Lossy.mp3", &[]);
    let imported = album.import();
    assert_eq!(tracks(&imported), ["1-1 Good", "1-2 Lossy"]);
    let problem = problems(&imported.release).into_iter().find(|problem| problem.code == "master-lossy").unwrap();
    assert!(problem.message.contains("Lossy") && problem.help.contains("Add the original"), "{problem:?}");
}

#[test]
fn two_files_with_the_same_number() {
    let album = Album::new();
    for name in ["01 A.wav", "02 B.wav", "02 C.wav"] {
        album.wav(name);
    }
    let imported = album.import();
    assert_eq!(tracks(&imported), ["1-1 A", "1-2 B", "1-2 C"]);
    let problem = problems(&imported.release).into_iter().find(|problem| problem.code == "number-twice").unwrap();
    assert!(problem.message.contains('B') && problem.message.contains('C'), "{problem:?}");
}

#[test]
fn titles_that_are_long_or_run_from_right_to_left() {
    let album = Album::new();
    let long = "Ünderstanding ".repeat(15).trim_end().to_owned();
    let right_to_left = "שיר \u{202b}(remix)\u{202c} أغنية";
    album.ffmpeg("01 x.flac", &["-metadata", &format!("title={long}")]);
    album.wav(&format!("02 {right_to_left}.wav"));
    album.wav(&format!("03 {}.wav", "é".repeat(115)));
    let imported = album.import();
    let titles: Vec<&str> = imported.release.tracks.iter().map(|track| track.title.as_str()).collect();
    assert!(long.chars().count() > 200);
    assert_eq!(titles, [long.as_str(), right_to_left, &"é".repeat(115)]);
}

#[cfg(unix)]
#[test]
fn names_that_are_not_unicode() {
    use std::os::unix::ffi::OsStrExt as _;
    let album = Album::new();
    let folder = Path::new(std::ffi::OsStr::from_bytes(b"Caf\xe9"));
    album.write(folder.join(std::ffi::OsStr::from_bytes(b"01 Fen\xeatre.wav")), wav(tone("a")));
    album.write(folder.join(std::ffi::OsStr::from_bytes(b"caf\xe9.pdf")), "x");
    let path = album.write(folder.join(std::ffi::OsStr::from_bytes(b"02 Table.wav")), wav(tone("b")));
    let imported = album.import();
    assert_eq!(tracks(&imported), ["1-1 Fen\u{fffd}tre", "1-2 Table"]);
    assert_eq!(imported.files[&imported.release.tracks[1].id].path, path);
    assert_eq!(album.left_out(&imported.left_out), ["ALBUM/Caf\u{fffd}/caf\u{fffd}.pdf is a document."]);
    assert_eq!(
        imported.notes.iter().map(|note| album.plain(note)).collect::<Vec<_>>(),
        ["The name of ALBUM/Caf\u{fffd}/01 Fen\u{fffd}tre.wav is not Unicode."]
    );
    // The path is kept as it is, and found again from what is stored.
    let file = imported.files.values().next().unwrap();
    let stored = serde_json::to_string(file).unwrap();
    let found: desktop::import::TrackFile = serde_json::from_str(&stored).unwrap();
    assert_eq!((&found.path, found.identity, &found.digest), (&file.path, file.identity, &file.digest));
    assert!(found.path.is_file());
}

/// Runs something once, after the folders were looked through and before any file is read.
fn before_reading(act: impl Fn() + Send + Sync + 'static) -> ImportControl {
    ImportControl::new().on_progress(move |progress| {
        if matches!(progress, Progress::Found { .. }) {
            act();
        }
    })
}

#[test]
fn a_file_that_vanishes_before_it_is_read() {
    let album = Album::new();
    album.wav("01 A.wav");
    let path = album.wav("02 B.wav");
    let imported = import(&[album.path()], &before_reading(move || fs::remove_file(&path).unwrap())).unwrap();
    assert_eq!(tracks(&imported), ["1-1 A"]);
    assert_eq!(album.left_out(&imported.left_out), ["ALBUM/02 B.wav is not there."]);
}

#[test]
fn a_file_that_is_emptied_before_it_is_read() {
    let album = Album::new();
    album.wav("01 A.wav");
    let path = album.wav("02 B.wav");
    let control = before_reading(move || fs::write(&path, "").unwrap());
    let imported = import(&[album.path()], &control).unwrap();
    assert_eq!(tracks(&imported), ["1-1 A"]);
    assert_eq!(album.left_out(&imported.left_out), ["ALBUM/02 B.wav is empty."]);
}

#[cfg(unix)]
#[test]
fn a_file_that_becomes_a_pipe_before_it_is_read() {
    let album = Album::new();
    album.wav("01 A.wav");
    let path = album.wav("02 B.wav");
    let control = before_reading(move || {
        fs::remove_file(&path).unwrap();
        pipe(&path);
    });
    let imported = import(&[album.path()], &control).unwrap();
    assert_eq!(album.left_out(&imported.left_out), ["ALBUM/02 B.wav is not an ordinary file."]);
}

#[test]
fn a_file_that_changes_or_vanishes_while_it_is_read() {
    for (expected, act) in [
        ("ALBUM/01 A.wav was changed while it was being read.", (|path| append(path)) as fn(&Path)),
        ("ALBUM/01 A.wav is not there.", |path| fs::remove_file(path).unwrap()),
    ] {
        let album = Album::new();
        let path = album.wav("01 A.wav");
        let once = Once::new();
        let control = ImportControl::new().on_progress(move |progress| {
            if matches!(progress, Progress::Read { files: 0, .. }) {
                once.call_once(|| act(&path));
            }
        });
        let error = import(&[album.path()], &control).unwrap_err();
        let ImportError::NoAudio { left_out, .. } = error else { panic!("{error}") };
        assert_eq!(album.left_out(&left_out), [expected]);
    }
}

fn append(path: &Path) {
    OpenOptions::new().append(true).open(path).unwrap().write_all(b"more").unwrap();
}

#[cfg(unix)]
fn pipe(path: &Path) {
    assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[cfg(unix)]
#[test]
fn things_that_are_called_sound_files_and_are_no_files() {
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;
    let album = Album::new();
    album.wav("01 A.wav");
    album.write("02 Folder.wav/notes.txt", "x");
    pipe(&album.path().join("03 Pipe.wav"));
    let _socket = UnixListener::bind(album.path().join("04 Socket.wav")).unwrap();
    symlink("nowhere", album.path().join("05 Dangling.wav")).unwrap();
    symlink("06 Itself.wav", album.path().join("06 Itself.wav")).unwrap();
    symlink("/dev/zero", album.path().join("07 Device.wav")).unwrap();
    let imported = album.import();
    assert_eq!(tracks(&imported), ["1-1 A"]);
    assert_eq!(
        album.left_out(&imported.left_out),
        [
            "ALBUM/02 Folder.wav/notes.txt is a document.",
            "ALBUM/03 Pipe.wav is not an ordinary file.",
            "ALBUM/04 Socket.wav is not an ordinary file.",
            "ALBUM/05 Dangling.wav is not there.",
            "ALBUM/06 Itself.wav is a link to a place that is looked through already.",
            "ALBUM/07 Device.wav is not an ordinary file.",
        ]
    );
}

#[cfg(unix)]
#[test]
fn links_are_followed_once() {
    use std::os::unix::fs::symlink;
    let album = Album::new();
    album.wav("01 A.wav");
    let elsewhere = Album::new();
    elsewhere.wav("02 B.wav");
    symlink(elsewhere.path(), album.path().join("Elsewhere")).unwrap();
    symlink("..", elsewhere.path().join("Back")).unwrap();
    symlink(album.path(), elsewhere.path().join("Round")).unwrap();
    let imported = album.import();
    assert_eq!(tracks(&imported), ["1-1 A", "1-2 B"]);
    let left_out = album.left_out(&imported.left_out);
    assert!(left_out[0].starts_with("ALBUM/Elsewhere/Back"), "{left_out:?}");
    assert_eq!(
        left_out.last().map(String::as_str),
        Some("ALBUM/Elsewhere/Round is a link to a place that is looked through already.")
    );
}

#[test]
fn a_tree_that_is_very_deep() {
    let album = Album::new();
    album.wav("01 A.wav");
    album.wav(&format!("{}02 B.wav", "d/".repeat(15)));
    album.wav(&format!("{}03 C.wav", "d/".repeat(200)));
    let imported = album.import();
    assert_eq!(tracks(&imported), ["1-1 A", "1-2 B"]);
    assert_eq!(
        album.left_out(&imported.left_out),
        [format!("ALBUM/{} is more than 16 folders deep.", vec!["d"; 16].join("/"))]
    );
}

#[test]
fn tags_that_make_no_sense() {
    let album = Album::new();
    let info = b"INFOIART\x08\0\0\0Ann Ash\0";
    album.write("01 A.wav", wav_with(tone("a"), &[(b"id3 ", b"ID3\x09\0\0\0\0\0\x7fgarbage"), (b"LIST", info)]));
    album.write("02 B.wav", wav_with(tone("b"), &[(b"LIST", b"INFOINAM\xff\xff\xff\xff")]));
    album.ffmpeg("03 C.flac", &["-metadata", "track=x", "-metadata", "date=soon", "-metadata", "ISRC=nonsense"]);
    let imported = album.import();
    assert_eq!(tracks(&imported), ["1-1 A", "1-2 B", "1-3 C"]);
    // What was meant as a code is kept, for the check to name.
    assert_eq!(imported.release.tracks[2].isrc, release::Entry::Invalid("nonsense".to_owned()));
    assert!(imported.release.release_date.is_missing());
    // One block of tags that makes no sense does not hide the other.
    assert_eq!(imported.release.track_artist(&imported.release.tracks[0]), "Ann Ash");
    let notes: Vec<String> = imported.notes.iter().map(|note| album.plain(note)).collect();
    assert!(notes[0].starts_with("The tags of ALBUM/01 A.wav cannot be read: "), "{notes:?}");
}
