//! The longest releases fit into items and transactions.

use release::{Sha256, TrackId};

use super::super::catalogue::record_item;
use super::Fixture;
use crate::catalogue::sample::{accepted, accepting, approval, event, key, play, ready, start};
use crate::catalogue::{Accepted, Fact, OutboxEntry, Record, RenditionRef};
use crate::ports::{Catalogue as _, Outbox as _, Overdue as _, SaveError};

const TRACKS: u32 = 500;

/// A release of 500 tracks by 200 artists, with four renditions a track and long names.
fn long() -> Accepted {
    let mut long = accepted(1, TRACKS);
    long.artists = (0..200).map(|number| format!("{} {number}", "Ensemble für alte Musik ".repeat(3))).collect();
    for track in &mut long.tracks {
        track.title = format!("{} ({})", "Ein Lied von der See ".repeat(4), track.number);
        track.renditions = ["flac", "wav-16-44", "mp3-320", "preview"]
            .map(|profile| {
                let recipe = Sha256::of(format!("{} {profile}", track.number).as_bytes()).to_string();
                let key = format!("night-office/renditions/{recipe}.{profile}");
                RenditionRef { profile: profile.to_owned(), recipe: recipe.parse().unwrap(), key }
            })
            .to_vec();
    }
    long.review = true;
    long
}

#[tokio::test]
async fn a_release_of_500_tracks_by_200_artists_goes_live() {
    let fixture = Fixture::new().await;
    let table = fixture.table().await;
    let (long, mut version) = (long(), None);
    let mut events = vec![event(1, Fact::Arrived), accepting(1, 1, long.clone())];
    events.extend((1..=TRACKS).map(|number| ready(1, number)));
    // All is heard.
    events.push(event(1, Fact::Decided(approval(&long, 1))));
    let (record, changes) = play(None, &events);
    let mut outbox: Vec<OutboxEntry> = Vec::new();
    for change in changes.iter().filter(|change| !change.outbox.is_empty()).chain(changes.last()) {
        table.save(&change.record, version, &change.outbox).await.unwrap();
        version = Some(version.unwrap_or(0) + 1);
        outbox.extend(change.outbox.iter().filter(|entry| !outbox.contains(entry)).cloned().collect::<Vec<_>>());
    }
    let stored = table.load(&key()).await.unwrap().unwrap();
    assert_eq!(Some(stored.record), record);
    assert_eq!(table.errands(jiff::Timestamp::MAX, 10).await.unwrap(), outbox);
    assert_eq!(outbox.iter().flat_map(OutboxEntry::news).count(), 200);
    for entry in outbox {
        table.done(&entry.id, &[]).await.unwrap();
    }
}

/// What does not fit even so is refused with its size, before it is sent, and no trying helps.
#[tokio::test]
async fn what_does_not_fit_is_named() {
    let mut large = accepted(1, TRACKS);
    for (number, track) in large.tracks.iter_mut().enumerate() {
        track.title = (0..40).map(|part| Sha256::of(format!("{number} {part}").as_bytes()).to_string()).collect();
    }
    let record = play(None, &[accepting(1, 1, large)]).0.unwrap();
    let error = record_item(&record, 1, start()).unwrap_err();
    assert!(!error.passing && error.to_string().contains("KB fit into an item"), "{error}");

    let fixture = Fixture::new().await;
    let (small, changes) = play(None, &[accepting(1, 1, accepted(1, 1))]);
    let many: Vec<OutboxEntry> = changes[0].outbox.iter().cycle().take(100).cloned().collect();
    let error = fixture.table().await.save(&small.unwrap(), None, &many).await.unwrap_err();
    assert!(matches!(error, SaveError::Port(error) if !error.passing));
}

/// How much of an item's 400 KB the longest release takes; `docs/table.md` says so.
#[test]
fn the_longest_release_takes_half_an_item() {
    let long = long();
    let mut events = vec![accepting(1, 1, long.clone())];
    events.extend((1..=TRACKS).map(|number| ready(1, number)));
    events.push(event(1, Fact::Decided(approval(&long, 1))));
    let record: Record = play(None, &events).0.unwrap();
    assert_eq!(record.current.outcomes.len(), long.tracks.iter().map(|track| track.id).collect::<Vec<TrackId>>().len());
    let item = record_item(&record, 1, start()).unwrap();
    let bytes = item["record"].as_b().unwrap().as_ref().len();
    assert!((100_000..300_000).contains(&bytes), "{bytes}");
}
