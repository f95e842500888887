use std::sync::Arc;
use std::sync::atomic::Ordering;

use release::{Crc64, Recipe, keys, profile};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use upload::ObjectStore as _;

use super::intake_tests::Versions;
use super::{Intake, Masters, Transcode, dispatch, intake, record, transcode};
use crate::catalogue::{Fact, State, sample};
use crate::ports::Renditions as _;
use crate::testing::{Album, Memory};
use crate::{Message, TranscodeJob};

/// libFLAC codes the same samples otherwise on a processor that can do more, and objects are written once.
#[tokio::test]
async fn a_rendition_that_another_worker_coded_otherwise_is_taken() {
    let memory = Memory::new(sample::start());
    let scratch = TempDir::new().unwrap();
    let album = Album::new(1);
    album.deliver(memory.masters.as_ref(), 1).await;
    let manifest = album.manifest(1);
    let (key, track) = (sample::key(), &manifest.release.tracks[0]);
    let (flac, label) = (profile::ALL[0], key.label.clone());
    let recipe = Recipe::of(&manifest, track, flac).unwrap();
    let theirs = b"the same samples, in other bytes";
    memory.renditions.place(&keys::rendition(&key.label, recipe, flac), theirs);

    let (delivery, trace) = (manifest.delivery, manifest.trace.clone());
    let job = TranscodeJob { key, delivery, manifest_version: None, track: track.id, attempt: 1, trace };
    let ports = memory.transcode(scratch.path());
    transcode(&ports, &job, &(Arc::new(|_| ()) as _), &CancellationToken::new()).await.unwrap();

    let facts = memory.facts(&label, &[recipe]).await.unwrap();
    assert_eq!(facts[&recipe].sound.bytes, theirs.len() as u64);
    let told = memory.waiting();
    let Some((Message::Happened(event), _)) = told.first() else { panic!("{told:?}") };
    assert_eq!(event.fact, Fact::TrackReady { track: track.id });
    assert!(memory.renditions.puts().len() > 1, "the other renditions are made");
}

/// A store without checksums cannot tell at intake, so it is told once the master was hashed.
#[tokio::test]
async fn a_master_that_only_the_manifest_is_wrong_about_stays() {
    let memory = Memory::new(sample::start());
    let scratch = TempDir::new().unwrap();
    let mut album = Album::new(1);
    album.release.tracks[0].master.as_mut().unwrap().asset.crc64 = Crc64(1);
    album.deliver(memory.masters.as_ref(), 1).await;
    let manifest = album.manifest(1);
    let (key, track) = (sample::key(), &manifest.release.tracks[0]);
    let job = TranscodeJob {
        key,
        delivery: manifest.delivery,
        manifest_version: None,
        track: track.id,
        attempt: 1,
        trace: String::new(),
    };
    let ports = memory.transcode(scratch.path());
    for sizes_alone in [true, false] {
        memory.masters.sizes_alone.store(sizes_alone, Ordering::Relaxed);
        transcode(&ports, &job, &(Arc::new(|_| ()) as _), &CancellationToken::new()).await.unwrap();
        let told = memory.waiting();
        let Some((Message::Happened(event), dedup)) = told.first() else { panic!("{told:?}") };
        let Fact::TrackFailed { reason, .. } = &event.fact else { panic!("{:?}", event.fact) };
        assert!(reason.message.ends_with("the manifest gives a wrong checksum (CRC-64/NVME) for it."), "{reason}");
        assert!(memory.masters.confirm(&album.master_key(1)).await.unwrap().is_some(), "moved aside");
        memory.handled(dedup);
    }
    assert_eq!(memory.renditions.puts().len(), 0);
}

/// What is put over the manifest between intake and transcode, or before it is tried again, changes nothing.
#[tokio::test]
async fn the_version_that_was_taken_in_is_made_whatever_is_put_over_it() {
    let memory = Memory::new(sample::start());
    let scratch = TempDir::new().unwrap();
    let key = Album::new(2).deliver(memory.masters.as_ref(), 1).await;
    let reader = Arc::new(Versions(Arc::clone(&memory.masters)));
    let masters = Masters { store: Arc::clone(&memory.masters) as _, reader };
    let taking_in = Intake { masters: masters.clone(), ..memory.intake() };
    let making = Transcode { masters, ..memory.transcode(scratch.path()) };
    intake(&taking_in, &key, Some("first")).await.unwrap();
    for event in [sample::failed(1, 1, 1, "The disk is full."), sample::event(1, Fact::TriedAgain)] {
        record(&memory.recorder(), &event).await.unwrap().unwrap();
    }
    let mut versions = Vec::new();
    loop {
        for entry in memory.errands() {
            dispatch(&memory.dispatch(), &entry).await.unwrap();
        }
        let waiting = memory.waiting();
        if waiting.is_empty() {
            break;
        }
        for (message, dedup) in waiting {
            match &message {
                Message::Manifest { key, version, .. } => {
                    versions.push(("manifest", version.clone()));
                    intake(&taking_in, key, version.as_deref()).await.unwrap();
                }
                Message::Transcode(job) => {
                    versions.push(("track", job.manifest_version.clone()));
                    let stop = CancellationToken::new();
                    transcode(&making, job, &(Arc::new(|_| ()) as _), &stop).await.unwrap();
                }
                Message::Happened(event) => record(&memory.recorder(), event).await.unwrap().unwrap(),
            }
            memory.handled(&dedup);
        }
    }
    assert_eq!(memory.record(&sample::key()).unwrap().state, State::Live);
    versions.sort();
    let first = |what| (what, Some("first".to_owned()));
    // Two tracks, tried twice.
    assert_eq!(versions, [first("manifest"), first("track"), first("track"), first("track"), first("track")]);
}
