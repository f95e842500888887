//! The whole pipeline over ports in memory, with messages that come twice and in any order, and ports that fail.

use std::sync::Arc;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use release::ReleaseId;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use super::{Album, Fault, Memory};
use crate::Message;
use crate::catalogue::{OutboxEntry, ReleaseKey, State, sample};
use crate::ports::{Queue as _, Subscription, Subscriptions as _};
use crate::stages::{StageError, dispatch, intake, record, transcode};

/// What the scheduler does next.
#[derive(Debug, Clone)]
enum Step {
    /// Hands a waiting message to its stage; `again` leaves it there, to come once more.
    Message { which: Index, again: bool },
    /// Works on an entry of the outbox.
    Errand { which: Index },
    /// Hears of a manifest once more.
    Rumour { delivery: bool },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        5 => (any::<Index>(), any::<bool>()).prop_map(|(which, again)| Step::Message { which, again }),
        4 => any::<Index>().prop_map(|which| Step::Errand { which }),
        1 => any::<bool>().prop_map(|delivery| Step::Rumour { delivery }),
    ];
    vec(step, 0..40)
}

fn faults() -> impl Strategy<Value = Vec<Fault>> {
    vec(prop_oneof![8 => Just(Fault::None), 1 => Just(Fault::Before), 1 => Just(Fault::After)], 0..120)
}

struct World {
    memory: Arc<Memory>,
    scratch: TempDir,
}

impl World {
    async fn handle(&self, message: &Message) -> Result<(), StageError> {
        match message {
            Message::Manifest { key, version, .. } => intake(&self.memory.intake(), key, version.as_deref()).await,
            Message::Transcode(job) => {
                let ports = self.memory.transcode(self.scratch.path());
                let (progress, stop) = (Arc::new(|_| ()), CancellationToken::new());
                let done = transcode(&ports, job, &(progress as _), &stop).await;
                // A lease whose return was lost runs out.
                self.memory.clock.advance(jiff::SignedDuration::from_mins(3));
                done
            }
            Message::Happened(event) => Ok(record(&self.memory.recorder(), event).await.map(drop)?),
        }
    }

    async fn work_on(&self, (message, dedup): &(Message, String), again: bool) {
        match self.handle(message).await {
            Ok(()) if !again => self.memory.handled(dedup),
            Ok(()) | Err(StageError::Busy { .. }) => {}
            Err(error) => assert!(error.is_passing(), "{error}"),
        }
    }

    async fn run_errand(&self, entry: &OutboxEntry) {
        if let Err(error) = dispatch(&self.memory.dispatch(), entry).await {
            assert!(error.is_passing(), "{error}");
        }
    }

    /// Until nothing is left to do.
    async fn settle(&self) {
        loop {
            let (messages, errands) = (self.memory.waiting(), self.memory.errands());
            if messages.is_empty() && errands.is_empty() {
                return;
            }
            for errand in &errands {
                self.run_errand(errand).await;
            }
            for message in &messages {
                self.work_on(message, false).await;
            }
        }
    }
}

async fn run(steps: Vec<Step>, faults: Vec<Fault>, corrected: bool) {
    let world = World { memory: Memory::new(sample::start()), scratch: TempDir::new().unwrap() };
    let memory = &world.memory;
    let mut album = Album::new(2);
    let follower = |artist: &str, email: &str| Subscription {
        artist: artist.to_owned(),
        email: email.parse().unwrap(),
        since: sample::start(),
    };
    memory.subscribe(&follower("Vesper Bloom", "fan@example.org")).await.unwrap();
    memory.subscribe(&follower("vesper  bloom", "other@example.org")).await.unwrap();

    let mut manifests = vec![album.deliver(memory.masters.as_ref(), 1).await];
    if corrected {
        "Tidewaters".clone_into(&mut album.release.tracks[1].title);
        manifests.push(album.deliver(memory.masters.as_ref(), 2).await);
    }
    for key in &manifests {
        memory.send(&Message::Manifest { key: key.clone(), version: None, trace: None }, key).await.unwrap();
    }

    memory.set_faults(faults);
    for step in steps {
        let (messages, errands) = (memory.waiting(), memory.errands());
        match step {
            Step::Message { which, again } if !messages.is_empty() => {
                world.work_on(which.get(&messages), again).await;
            }
            Step::Errand { which } if !errands.is_empty() => world.run_errand(which.get(&errands)).await,
            Step::Rumour { delivery } => {
                let key = &manifests[usize::from(delivery) % manifests.len()];
                let _ = memory.send(&Message::Manifest { key: key.clone(), version: None, trace: None }, key).await;
            }
            Step::Message { .. } | Step::Errand { .. } => {}
        }
    }
    memory.set_faults([]);
    world.settle().await;

    let record = memory.record(&sample::key()).unwrap();
    assert_eq!(record.state, State::Live, "{:?}", record.timeline);
    assert_eq!(record.current.id, sample::delivery(if corrected { 2 } else { 1 }));
    // To each follower once, also where both deliveries went live.
    assert_eq!(memory.letters().len(), 2);
    let made = memory.renditions.puts();
    assert!(made.values().all(|times| *times == 1), "{made:?}");
    let current = record.current.accepted().unwrap();
    assert!(
        current.tracks.iter().flat_map(|track| &track.renditions).all(|rendition| made.contains_key(&rendition.key))
    );
    assert_eq!(std::fs::read_dir(world.scratch.path()).unwrap().count(), 0);
}

/// A partner's program that gives the deliveries of two releases the same id, and their tracks as well.
#[tokio::test]
async fn releases_whose_deliveries_have_the_same_id_both_go_live() {
    let world = World { memory: Memory::new(sample::start()), scratch: TempDir::new().unwrap() };
    let memory = &world.memory;
    let first = Album::new(2);
    let mut second = first.clone();
    second.release.id = ReleaseId::new(sample::start(), 77);
    let follower = Subscription {
        artist: "Vesper Bloom".to_owned(),
        email: "fan@example.org".parse().unwrap(),
        since: sample::start(),
    };
    memory.subscribe(&follower).await.unwrap();
    for album in [&first, &second] {
        let key = album.deliver(memory.masters.as_ref(), 1).await;
        memory.send(&Message::Manifest { key: key.clone(), version: None, trace: None }, &key).await.unwrap();
    }
    world.settle().await;
    for release in [first.release.id, second.release.id] {
        let record = memory.record(&ReleaseKey { release, ..sample::key() }).unwrap();
        assert_eq!(record.state, State::Live, "{:?}", record.timeline);
    }
    assert_eq!(memory.letters().len(), 2, "of each");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_happens_to_messages_a_delivery_goes_live_once(
        steps in steps(), faults in faults(), corrected in any::<bool>(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(run(steps, faults, corrected));
    }
}
