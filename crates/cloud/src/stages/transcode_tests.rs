use std::sync::Arc;
use std::sync::atomic::Ordering;

use release::{Crc64, Recipe, keys, profile};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use upload::ObjectStore as _;

use super::transcode;
use crate::catalogue::{Fact, sample};
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
    let job = TranscodeJob { key, delivery, track: track.id, attempt: 1, trace };
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
    let job = TranscodeJob { key, delivery: manifest.delivery, track: track.id, attempt: 1, trace: String::new() };
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
