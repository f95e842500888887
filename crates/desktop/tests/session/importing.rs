//! Imports as the window has them: many files, several at a time, stopped on the way.

use std::io::{Seek as _, SeekFrom, Write as _};

use desktop::SessionError;
use desktop::import::ImportError;

use super::*;

/// A WAV file of silence, as long as it says, that takes no room on the disk.
fn long_silence(path: &Path, bytes: u32) {
    let whole = album::wav(1);
    let mut file = fs::File::create(path).unwrap();
    file.write_all(&whole[..44]).unwrap();
    file.set_len(44 + u64::from(bytes)).unwrap();
    for (place, length) in [(4, bytes + 36), (40, bytes)] {
        file.seek(SeekFrom::Start(place)).unwrap();
        file.write_all(&length.to_le_bytes()).unwrap();
    }
}

/// A WAV file of a few frames, each another one.
fn short(number: u32) -> Vec<u8> {
    let mut wav = album::wav(1);
    wav.truncate(44 + 400);
    wav[4..8].copy_from_slice(&(36_u32 + 400).to_le_bytes());
    wav[40..44].copy_from_slice(&400_u32.to_le_bytes());
    wav[44..48].copy_from_slice(&number.to_le_bytes());
    wav
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_is_stopped_in_the_middle_of_a_file() {
    let place = Place::new();
    let folder = place.path().join("Ann Ash - Long");
    fs::create_dir(&folder).unwrap();
    long_silence(&folder.join("01 Long.wav"), 3_000_000_000);
    let session = place.open().await;
    let importing = tokio::spawn({
        let session = session.clone();
        async move { session.import(vec![folder]).await }
    });
    let import = session
        .wait_for(|view| view.imports.first().filter(|one| one.bytes_done > 0 && one.files_done == 0).map(|one| one.id))
        .await
        .unwrap();
    session.cancel_import(import).await.unwrap();
    let ended = importing.await.unwrap();
    assert!(matches!(ended, Err(SessionError::Import(ImportError::Cancelled))), "{ended:?}");
    assert!(session.view().imports.is_empty() && session.view().drafts.is_empty());
    // One that has ended is none to stop.
    session.cancel_import(import).await.unwrap();
    session.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn five_hundred_files_in_a_tree_and_an_import_beside_them() {
    let place = Place::new();
    let folder = place.path().join("Ann Ash - Archive");
    for disc in 1..=10_u32 {
        let folder = folder.join(format!("CD {disc}"));
        fs::create_dir_all(&folder).unwrap();
        for number in 1..=50 {
            fs::write(folder.join(format!("{number:02} Piece {number}.wav")), short(disc * 100 + number)).unwrap();
        }
    }
    fs::write(folder.join("CD 1/51 Broken.wav"), "this is no sound").unwrap();
    let other = album::write(place.path(), &["Harbour", "Low Light"]);
    let session = place.open().await;
    let (many, few) = tokio::join!(session.import(vec![folder.clone()]), session.import(vec![other]));
    let (many, few) = (many.unwrap(), few.unwrap());
    let view = session.view();
    let draft = &view.draft(many).unwrap().draft;
    assert_eq!(draft.release.tracks.len(), 500);
    assert_eq!(draft.release.tracks.last().map(|track| (track.disc, track.number)), Some((10, 50)));
    assert_eq!(draft.left_out.len(), 1);
    assert_eq!(view.draft(few).unwrap().draft.release.tracks.len(), 2);
    assert!(view.imports.is_empty());

    // Read again, it is a step that can be undone, and what was taken out stays out.
    let gone: Vec<_> = draft.release.tracks.iter().take(2).map(|track| track.id).collect();
    session.remove_tracks(many, gone.clone()).await.unwrap();
    assert_eq!(session.import(vec![folder.clone()]).await.unwrap(), many);
    assert_eq!(session.view().draft(many).unwrap().draft.release.tracks.len(), 498);
    fs::remove_file(folder.join("CD 10/50 Piece 50.wav")).unwrap();
    assert_eq!(session.import(vec![folder]).await.unwrap(), many);
    let read_again = session.view().draft(many).unwrap().clone();
    assert_eq!(read_again.draft.release.tracks.len(), 497);
    assert_eq!(read_again.undo.as_deref(), Some("reading the files again"));
    session.undo(many).await.unwrap();
    assert_eq!(session.view().draft(many).unwrap().draft.release.tracks.len(), 498);
    session.put_back_tracks(many, gone).await.unwrap();
    assert_eq!(session.view().draft(many).unwrap().draft.release, draft.release);
    session.close().await;
}
