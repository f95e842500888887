use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use desktop::import::{ImportControl, ImportError, Known, Progress, import};
use upload::digest::FileDigest;

use crate::album::{Album, fields, tracks};

#[test]
fn a_folder_becomes_a_draft() {
    let album = Album::new();
    let second = album.wav("02 Second.wav");
    album.wav("01 First.wav");
    album.wav("10 Tenth.wav");
    let imported = album.import();
    assert_eq!(tracks(&imported), ["1-1 First", "1-2 Second", "1-10 Tenth"]);
    assert_eq!(
        fields(&imported)[..3],
        ["release title: Some Album (name)", "release artist: Ann Ash (name)", "track 1 title: First (name)"]
    );
    let file = &imported.files[&imported.release.tracks[1].id];
    assert_eq!(file.path, second);
    assert_eq!(file.digest, FileDigest::of_file(&second).unwrap());
    let master = imported.release.tracks[1].master.as_ref().unwrap();
    assert_eq!(master.asset.sha256, release::Sha256::of(&fs::read(&second).unwrap()));
    assert_eq!((master.asset.bytes, master.asset.extension.as_str()), (file.identity.bytes, "wav"));
    assert_eq!((master.facts.frames, master.facts.format.sample_rate), (4_410, 44_100));
    assert!(master.loudness.sample_peak_dbfs.is_some_and(|peak| (-13.0..-12.0).contains(&peak)));
}

#[test]
fn folders_of_discs_become_one_release() {
    let album = Album::new();
    for name in ["CD1/01 A.wav", "CD1/02 B.wav", "CD2/01 C.wav", "Disc 3/01 D.wav", "00 Not numbered.wav"] {
        album.wav(name);
    }
    let imported = album.import();
    assert_eq!(tracks(&imported), ["1-1 A", "1-2 B", "1-3 00 Not numbered", "2-1 C", "3-1 D"]);
    assert_eq!(imported.release.title, "Some Album");
}

#[test]
fn disc_folders_that_are_given_themselves_belong_to_the_folder_around_them() {
    let album = Album::new();
    album.wav("CD1/01 A.wav");
    album.wav("CD2/01 B.wav");
    // In any order.
    let paths = [album.path().join("CD2"), album.path().join("CD1")];
    let imported = import(&paths, &ImportControl::new()).unwrap();
    assert_eq!(tracks(&imported), ["1-1 A", "2-1 B"]);
    assert_eq!(imported.release.display_title(), "Some Album");
}

#[test]
fn loose_files_become_a_release_without_a_title() {
    let album = Album::new();
    let paths = [album.wav("b.wav"), album.wav("a.wav"), album.wav("b.wav")];
    let imported = import(&paths, &ImportControl::new()).unwrap();
    assert_eq!(tracks(&imported), ["1-1 a", "1-2 b"]);
    assert_eq!(imported.release.title, "");
}

#[test]
fn a_file_that_is_given_beside_its_folder_is_one_track() {
    let album = Album::new();
    let file = album.wav("01 A.wav");
    let imported = import(&[file, album.path()], &ImportControl::new()).unwrap();
    assert_eq!(imported.release.tracks.len(), 1);
}

#[test]
fn sound_is_known_by_its_content_and_not_by_its_name() {
    let album = Album::new();
    album.write("01 First.txt", crate::album::wav(crate::album::tone("a")));
    album.write("02 Second", crate::album::wav(crate::album::tone("b")));
    album.ffmpeg("03 Third.flac", &[]);
    fs::rename(album.path().join("03 Third.flac"), album.path().join("03 Third.mp3")).unwrap();
    let imported = album.import();
    assert_eq!(tracks(&imported), ["1-1 First", "1-2 Second", "1-3 Third"]);
    let codec = |track: usize| imported.release.tracks[track].master.as_ref().unwrap().facts.format.codec;
    assert_eq!((codec(0), codec(2)), (release::Codec::Pcm, release::Codec::Flac));
    assert_eq!(imported.release.tracks[2].master.as_ref().unwrap().asset.extension, "flac");
}

#[test]
fn lossy_copies_and_videos_beside_the_masters_are_left_out() {
    let album = Album::new();
    album.wav("Masters/01 A.wav");
    album.wav("Masters/02 B.wav");
    album.ffmpeg("MP3/01 A.mp3", &[]);
    album.ffmpeg("MP3/02 B.mp3", &[]);
    let picture = ["-f", "lavfi", "-i", "color=s=64x64:d=0.1", "-c:v", "mpeg4", "-c:a", "aac"];
    album.ffmpeg("Video.mp4", &picture);
    let imported = album.import();
    assert_eq!(tracks(&imported), ["1-1 A", "1-2 B"]);
    assert_eq!(
        album.left_out(&imported.left_out),
        [
            "ALBUM/MP3/01 A.mp3 is not used, since the track is taken from ALBUM/Masters/01 A.wav, which loses nothing.",
            "ALBUM/MP3/02 B.mp3 is not used, since the track is taken from ALBUM/Masters/02 B.wav, which loses nothing.",
            "ALBUM/Video.mp4 is a video.",
        ]
    );
}

#[test]
fn a_folder_may_be_given_from_within() {
    let album = Album::new();
    album.wav("CD1/01 A.wav");
    let within = album.path().join("CD1").join("..");
    let imported = import(&[within], &ImportControl::new()).unwrap();
    assert_eq!((tracks(&imported), imported.release.title.as_str()), (vec!["1-1 A".to_owned()], "Some Album"));
}

#[test]
fn progress_is_told_by_bytes_and_never_goes_back() {
    let album = Album::new();
    let length: u64 = ["1.wav", "2.wav", "3.wav"].map(|name| fs::metadata(album.wav(name)).unwrap().len()).iter().sum();
    let told: Arc<Mutex<Vec<Progress>>> = Arc::default();
    let telling = Arc::clone(&told);
    let control = ImportControl::new().on_progress(move |progress| telling.lock().unwrap().push(progress));
    import(&[album.path()], &control).unwrap();
    let told = told.lock().unwrap();
    assert_eq!(told[0], Progress::Found { files: 3, bytes: length });
    assert_eq!(told.last(), Some(&Progress::Read { files: 3, bytes: length, of: length }));
    let done: Vec<u64> =
        told[1..].iter().map(|p| if let Progress::Read { bytes, .. } = p { *bytes } else { u64::MAX }).collect();
    assert!(done.is_sorted(), "{done:?}");
}

#[test]
fn an_import_is_stopped_before_it_reads_and_while_it_does() {
    let album = Album::new();
    for name in ["1.wav", "2.wav", "3.wav"] {
        album.wav(name);
    }
    let flag = Arc::new(AtomicBool::new(true));
    let control = ImportControl::new().cancelled_by(Arc::clone(&flag));
    assert!(matches!(import(&[album.path()], &control), Err(ImportError::Cancelled)));

    flag.store(false, Ordering::Relaxed);
    let stop = Arc::clone(&flag);
    let control = control.on_progress(move |progress| {
        if matches!(progress, Progress::Read { .. }) {
            stop.store(true, Ordering::Relaxed);
        }
    });
    assert!(matches!(import(&[album.path()], &control), Err(ImportError::Cancelled)));
}

#[test]
fn what_is_known_of_a_file_is_not_read_again() {
    let album = Album::new();
    let path = album.wav("01 A.wav");
    album.wav("02 B.wav");
    let first = album.import();
    let files: Vec<_> = first.files.values().cloned().collect();
    let control = move |marked: bool| {
        let files = files.clone();
        ImportControl::new().with_known(move |path, identity| {
            let file = files.iter().find(|file| file.path == path && file.identity == *identity)?;
            let mut known = Known { digest: file.digest.clone(), analysis: file.analysis.clone() };
            if marked {
                // Decoding would never find this, so whoever sees it did not decode.
                known.analysis.facts.frames = 7;
            }
            Some(known)
        })
    };
    let again = import(&[album.path()], &control(false)).unwrap();
    let masters = |imported: &desktop::import::Imported| -> Vec<_> {
        imported.release.tracks.iter().map(|track| track.master.clone().unwrap()).collect()
    };
    assert_eq!(masters(&again), masters(&first));
    let again = import(&[album.path()], &control(true)).unwrap();
    assert_eq!(masters(&again).iter().map(|master| master.facts.frames).collect::<Vec<_>>(), [7, 7]);

    // A changed file is another one.
    fs::write(&path, crate::album::wav(crate::album::tone("longer").repeat(2))).unwrap();
    let again = import(&[album.path()], &control(true)).unwrap();
    assert_eq!(masters(&again).iter().map(|master| master.facts.frames).collect::<Vec<_>>(), [8_820, 7]);
}

#[test]
fn one_file_is_described_without_reading_its_sound() {
    let album = Album::new();
    let path = album.wav("03 - Ann Ash - Some Song.wav");
    let described = desktop::import::describe(&path).unwrap();
    assert_eq!(tracks(&described), ["1-3 Some Song"]);
    assert_eq!(described.release.display_artist(), "Ann Ash");
    let master = described.release.tracks[0].master.as_ref().unwrap();
    assert_eq!((master.facts.format.sample_rate, master.facts.frames), (44_100, 0));
}
