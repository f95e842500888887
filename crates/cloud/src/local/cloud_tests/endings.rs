//! What ends on the way, and how it goes on.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::{Workspace, mails_when, release_at};
use crate::Message;
use crate::catalogue::State;
use crate::ports::Queue as _;
use crate::testing::Album;

/// Every file under a folder, with what would differ had it been written again.
fn files(folder: &Path) -> Vec<(PathBuf, SystemTime, u64)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        if entry.file_type().unwrap().is_dir() {
            found.extend(files(&entry.path()));
        } else {
            let metadata = entry.metadata().unwrap();
            found.push((entry.path(), metadata.modified().unwrap(), std::os::unix::fs::MetadataExt::ino(&metadata)));
        }
    }
    found.sort();
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_ends_at_any_time_is_taken_over_by_the_next() {
    let workspace = Workspace::new();
    let album = Album::new(3);
    let mut kept = Vec::new();
    // Each worker ends after one more change than the last, until one gets to the end.
    for patience in 1.. {
        let cloud = workspace.open();
        if patience == 1 {
            cloud.subscribe("Vesper Bloom", "fan@example.org").await.unwrap();
            album.deliver(cloud.masters().as_ref(), 1).await;
        }
        let now = files(&workspace.home.path().join("renditions"));
        assert!(kept.iter().all(|file| now.contains(file)), "a rendition was made twice");
        kept = now;

        let mut changes = cloud.changes();
        let worker = cloud.spawn();
        for _ in 0..patience * 3 {
            let is_done = cloud.release(album.release.id).await.unwrap().is_some_and(|view| view.state == State::Live)
                && !cloud.mails().await.unwrap().is_empty();
            if is_done {
                worker.stop().await;
                assert_eq!(fs::read_dir(cloud.outbox()).unwrap().count(), 1);
                return;
            }
            changes.changed().await.unwrap();
        }
        if patience % 2 == 0 {
            worker.stop().await;
        } else {
            drop(worker);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_database_is_made_anew_from_what_is_in_the_store() {
    let workspace = Workspace::new();
    let cloud = workspace.open();
    cloud.subscribe("Vesper Bloom", "fan@example.org").await.unwrap();
    let worker = cloud.spawn();
    Album::new(1).deliver(cloud.masters().as_ref(), 1).await;
    cloud.notice();
    release_at(&cloud, State::Live).await;
    mails_when(&cloud, 1).await;
    worker.stop().await;
    let renditions = workspace.home.path().join("renditions");
    let (made, letters) = (files(&renditions), files(cloud.outbox()));
    drop(cloud);
    for name in ["cloud.db", "cloud.db-wal", "cloud.db-shm"] {
        let _ = fs::remove_file(workspace.home.path().join(name));
    }

    let cloud = workspace.open();
    cloud.subscribe("Vesper Bloom", "fan@example.org").await.unwrap();
    let worker = cloud.spawn();
    let view = release_at(&cloud, State::Live).await;
    assert!(view.tracks[0].renditions.iter().all(|rendition| rendition.facts.is_some()));
    mails_when(&cloud, 1).await;
    worker.stop().await;
    assert_eq!((files(&renditions), files(cloud.outbox())), (made, letters));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_manifest_that_arrived_while_the_app_was_closed_is_taken_in_at_the_start() {
    let workspace = Workspace::new();
    let cloud = workspace.open();
    Album::new(1).deliver(cloud.masters().as_ref(), 1).await;
    let worker = cloud.spawn();
    release_at(&cloud, State::Live).await;
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_delivery_that_ends_the_app_again_and_again_is_given_up() {
    let workspace = Workspace::new();
    let cloud = workspace.open();
    let album = Album::new(1);
    let key = album.deliver(cloud.masters().as_ref(), 1).await;
    cloud.parts.queue().send(&Message::Manifest { key: key.clone(), version: None, trace: None }, &key).await.unwrap();
    let often = "UPDATE messages SET interruptions = 100, taken = 1";
    cloud.parts.database.write("testing", |transaction| transaction.execute(often, [])).await.unwrap();

    let worker = cloud.spawn();
    let view = release_at(&cloud, State::Failed).await;
    insta::assert_snapshot!(view.reasons[0], @"The delivery could not be taken in: the app ended 101 times while it worked on it. Try the release again when that is mended, or deliver it anew.");
    cloud.try_again(album.release.id).await.unwrap();
    release_at(&cloud, State::Live).await;
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn work_that_this_machine_cannot_do_fails_the_track_and_can_be_tried_again() {
    let workspace = Workspace::new();
    let cloud = workspace.open();
    let worker = cloud.spawn();
    let scratch = workspace.home.path().join("scratch/transcode");
    fs::remove_dir(&scratch).unwrap();
    let album = Album::new(1);
    album.deliver(cloud.masters().as_ref(), 1).await;
    cloud.notice();

    let view = release_at(&cloud, State::Failed).await;
    insta::assert_snapshot!(view.reasons[0].to_string().replace(&*scratch.to_string_lossy(), "[scratch]"), @"Track 1 “Tone 1”: its renditions could not be made: making a folder in [scratch]: entity not found. Try the release again when that is mended, or deliver it anew.");
    // Buried once the catalogue knows.
    let mut changes = cloud.changes();
    while cloud.dead_letters().await.unwrap().is_empty() {
        changes.changed().await.unwrap();
    }

    fs::create_dir(&scratch).unwrap();
    cloud.try_again(album.release.id).await.unwrap();
    release_at(&cloud, State::Live).await;
    worker.stop().await;
}
