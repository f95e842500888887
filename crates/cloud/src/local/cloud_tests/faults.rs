//! Deliveries that are not as they should be.

use std::fs;

use release::{Crc64, Sha256, keys};
use upload::ObjectStore as _;

use super::{Workspace, release_at, release_when};
use crate::catalogue::{State, sample};
use crate::testing::{Album, put, wav};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_missing_file_is_named_and_may_be_sent_later() {
    let workspace = Workspace::new();
    let cloud = workspace.open();
    let worker = cloud.spawn();
    let album = Album::new(2);
    album.deliver(cloud.masters().as_ref(), 1).await;
    fs::remove_file(cloud.masters().path_of(&album.master_key(2)).unwrap()).unwrap();
    cloud.notice();

    let view = release_at(&cloud, State::Failed).await;
    let messages: Vec<String> = view.reasons.iter().map(ToString::to_string).collect();
    assert_eq!(
        messages,
        [
            "The master of track 2 “Tone 2” is not in the store. Deliver the release again: only what is missing is sent."
        ]
    );
    let master = album.release.tracks[1].master.as_ref().unwrap();
    assert_eq!(view.reasons[0].resend, Some(master.asset.sha256));

    album.send_files(cloud.masters().as_ref()).await;
    cloud.try_again(view.key.release).await.unwrap();
    let view = release_at(&cloud, State::Live).await;
    assert_eq!((view.attempt, view.reasons), (2, Vec::new()));
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_file_is_moved_aside_so_that_it_can_be_sent_anew() {
    let workspace = Workspace::new();
    let cloud = workspace.open();
    let worker = cloud.spawn();
    let album = Album::new(2);
    put(cloud.masters().as_ref(), &album.master_key(1), b"not what was analysed").await;
    album.deliver(cloud.masters().as_ref(), 1).await;
    cloud.notice();

    let view = release_at(&cloud, State::Failed).await;
    insta::assert_snapshot!(view.reasons[0], @"The master of track 1 “Tone 1” arrived damaged: its bytes are not those that were analysed. They were moved aside. Deliver the release again: only what is missing is sent.");
    assert_eq!(cloud.masters().confirm(&album.master_key(1)).await.unwrap(), None);

    // The next delivery sends it anew.
    album.deliver(cloud.masters().as_ref(), 2).await;
    cloud.notice();
    release_at(&cloud, State::Live).await;
    worker.stop().await;
}

/// A partner's program, or one with a bug, that is wrong about files that are in the store and whole.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_manifest_that_is_wrong_about_a_whole_file_is_blamed_itself() {
    let workspace = Workspace::new();
    let cloud = workspace.open();
    let worker = cloud.spawn();
    let mut album = Album::new(2);
    album.deliver(cloud.masters().as_ref(), 1).await;
    cloud.notice();
    release_at(&cloud, State::Live).await;

    let right = album.release.clone();
    album.release.tracks[0].master.as_mut().unwrap().asset.crc64 = Crc64(1);
    album.release.tracks[1].master.as_mut().unwrap().asset.bytes -= 1;
    album.release.artwork.as_mut().unwrap().asset.crc64 = Crc64(1);
    album.deliver(cloud.masters().as_ref(), 2).await;
    cloud.notice();
    let view = release_at(&cloud, State::Failed).await;
    let reasons: Vec<String> = view.reasons.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(reasons.join("\n"), @r"
The artwork arrived as it should be, but the manifest gives a wrong checksum (CRC-64/NVME) for it. Deliver the release again with a manifest that is right about it. The file need not be sent again.
The master of track 1 “Tone 1” arrived as it should be, but the manifest gives a wrong checksum (CRC-64/NVME) for it. Deliver the release again with a manifest that is right about it. The file need not be sent again.
The master of track 2 “Tone 2” arrived as it should be, but the manifest gives a wrong size for it. Deliver the release again with a manifest that is right about it. The file need not be sent again.
");
    assert!(view.reasons.iter().all(|reason| reason.resend.is_none()));
    for asset in right.assets() {
        let key = keys::asset(&sample::key().label, asset);
        assert!(cloud.masters().confirm(&key).await.unwrap().is_some(), "{key} was moved aside");
    }

    // One that is right finds all its files, and is live.
    album.release = right;
    album.send_manifest(cloud.masters().as_ref(), 3).await;
    cloud.notice();
    release_at(&cloud, State::Live).await;
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_rendition_is_made_of_a_master_whose_hash_is_wrong() {
    let workspace = Workspace::new();
    let cloud = workspace.open();
    let worker = cloud.spawn();
    let mut album = Album::new(1);
    // Its size and checksum are right, so only hashing all of it tells.
    let name = album.master_key(1);
    let forged = Sha256::of(b"something else");
    album.release.tracks[0].master.as_mut().unwrap().asset.sha256 = forged;
    put(cloud.masters().as_ref(), &album.master_key(1), &wav(220.0)).await;
    put(cloud.masters().as_ref(), &name, &wav(220.0)).await;
    album.deliver(cloud.masters().as_ref(), 1).await;
    cloud.notice();

    let view = release_at(&cloud, State::Failed).await;
    assert_eq!(view.reasons[0].resend, Some(forged));
    assert_eq!(cloud.masters().confirm(&album.master_key(1)).await.unwrap(), None);
    assert!(cloud.renditions().keys_with_suffix("").await.unwrap().is_empty());
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn artwork_whose_hash_is_wrong_is_put_into_nothing() {
    let workspace = Workspace::new();
    let cloud = workspace.open();
    let worker = cloud.spawn();
    let mut album = Album::new(1);
    let picture = b"a picture".to_vec();
    album.set_artwork(&picture);
    let forged = Sha256::of(b"another picture");
    album.release.artwork.as_mut().unwrap().asset.sha256 = forged;
    let key = keys::asset(&sample::key().label, &album.release.artwork.as_ref().unwrap().asset);
    put(cloud.masters().as_ref(), &key, &picture).await;
    album.deliver(cloud.masters().as_ref(), 1).await;
    cloud.notice();

    let view = release_at(&cloud, State::Failed).await;
    insta::assert_snapshot!(view.reasons[0], @"The artwork arrived damaged: its bytes are not those that were analysed. They were moved aside. Deliver the release again: only what is missing is sent.");
    assert_eq!(view.reasons[0].resend, Some(forged));
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_master_that_cannot_be_decoded_fails_its_track_at_once() {
    let workspace = Workspace::new();
    let cloud = workspace.open();
    let worker = cloud.spawn();
    let mut album = Album::new(2);
    // What an analysis of an earlier version of the app may have let through.
    let claims = album.release.tracks[0].master.clone().unwrap();
    let text = b"This is not sound at all, whatever its name says. ".repeat(100);
    album.set_broken_master(1, text, claims);
    album.deliver(cloud.masters().as_ref(), 1).await;
    cloud.notice();

    let view = release_when(&cloud, |view| view.state == State::Failed && view.tracks[1].is_ready).await;
    insta::assert_snapshot!(view.reasons[0], @"The master of track 1 “Tone 1” cannot be used. This is not an audio file: it is text. Export the master as WAV, AIFF or FLAC, or leave this file out.");
    assert_eq!(view.tracks[0].failure.as_ref(), view.reasons.first());
    // The bytes are the right ones: there is nothing to send anew, and nothing is moved away.
    assert_eq!(view.reasons[0].resend, None);
    assert!(cloud.masters().confirm(&album.master_key(1)).await.unwrap().is_some());
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_manifest_that_cannot_be_read_fails_its_release_and_no_other() {
    let workspace = Workspace::new();
    let cloud = workspace.open();
    let worker = cloud.spawn();
    let label = sample::key().label;
    let poisoned = release::ReleaseId::new(sample::start(), 99);
    let key = keys::manifest(&label, poisoned, sample::delivery(1));
    put(cloud.masters().as_ref(), &key, b"{\"format\": \"lacquer.delivery\", \"version\": 7}").await;
    Album::new(1).deliver(cloud.masters().as_ref(), 1).await;
    put(cloud.masters().as_ref(), "elsewhere/x.delivery.json", b"{}").await;
    cloud.notice();

    release_at(&cloud, State::Live).await;
    worker.stop().await;
    let view = cloud.release(poisoned).await.unwrap().unwrap();
    assert_eq!(view.state, State::Failed);
    insta::assert_snapshot!(view.reasons[0], @"The delivery's manifest cannot be read: version 7 of the manifest is not known here; version 1 is. Deliver the release again, with the newest version of the app.");
    let dead = cloud.dead_letters().await.unwrap();
    assert_eq!((dead.len(), dead[0].queue.as_str()), (1, "intake"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_manifest_of_another_release_is_refused() {
    let workspace = Workspace::new();
    let cloud = workspace.open();
    let worker = cloud.spawn();
    let album = Album::new(1);
    album.send_files(cloud.masters().as_ref()).await;
    let label = sample::key().label;
    let elsewhere = release::ReleaseId::new(sample::start(), 99);
    let key = keys::manifest(&label, elsewhere, sample::delivery(1));
    put(cloud.masters().as_ref(), &key, &album.manifest(1).to_json()).await;
    cloud.notice();
    let mut changes = cloud.changes();
    while cloud.dead_letters().await.unwrap().is_empty() {
        changes.changed().await.unwrap();
    }
    assert_eq!(cloud.release(elsewhere).await.unwrap().unwrap().state, State::Failed);
    assert_eq!(cloud.release(album.release.id).await.unwrap(), None);
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_release_that_fails_the_checks_is_refused_with_their_words() {
    let workspace = Workspace::new();
    let cloud = workspace.open();
    let worker = cloud.spawn();
    let mut album = Album::new(1);
    album.release.tracks[0].title = String::new();
    album.release.label = String::new();
    album.deliver(cloud.masters().as_ref(), 1).await;
    cloud.notice();
    let view = release_at(&cloud, State::Failed).await;
    let reasons: Vec<String> = view.reasons.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(reasons.join("\n"), @r#"
The release has no label. Enter the label's name as it is to be shown.
Track 1 has no title. Enter the title as it is to be shown.
"#);
    worker.stop().await;
}
