use std::sync::Arc;

use release::{Recipe, keys, profile};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

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
