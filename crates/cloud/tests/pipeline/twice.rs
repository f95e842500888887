//! Every message twice, one after the other and at the same time.

use std::collections::BTreeSet;

use cloud::catalogue::State;
use cloud::ports::{LeaseOutcome, Leases as _};
use fake_cloud::emulator::{Delivery, Function, Settings};
use jiff::{SignedDuration, Timestamp};

use crate::album::Album;
use crate::ledger::{begun, notes};
use crate::world::{LABEL, World};

async fn goes_live_once(delivery: Delivery) {
    let world = World::new(Settings { delivery, patience: Some(0.5), ..Settings::default() }).await;
    let album = Album::new(LABEL, 1, 2);
    let live = world.go_live(&album).await;
    world.is_whole(&live).await;
    let heard = world.heard_of(&album).await;
    assert_eq!(heard.len(), 1, "{heard:?}");
    world.is_whole(&live).await;
    world.rests(&album).await;

    // Whoever came second found the renditions made, or somebody at them.
    let made = begun(&notes(&world, LABEL, &album.manifest.delivery.to_string()));
    assert_eq!(made.len(), live.current.accepted().unwrap().recipes().count());
    assert!(made.values().all(|count| *count == 1), "{made:?}");
    assert_eq!(counted_as_failed(&world), [""; 0]);
}

/// What the function that transcodes has counted as failed.
fn counted_as_failed(world: &World) -> Vec<String> {
    let words = ["tried again", "given up", "refused"];
    let said = words.iter().flat_map(|words| world.said(Function::Transcode, words));
    said.map(|entry| entry.to_string()).collect()
}

#[tokio::test]
async fn every_message_again_changes_nothing() {
    goes_live_once(Delivery::Again).await;
}

#[tokio::test]
async fn every_message_to_two_functions_at_once_changes_nothing() {
    goes_live_once(Delivery::TwiceAtOnce).await;
}

#[tokio::test]
async fn a_job_that_somebody_is_at_is_put_off_however_often_and_never_nearer_to_the_dead_letters() {
    let world = World::new(Settings { patience: Some(0.5), ..Settings::default() }).await;
    let album = Album::new(LABEL, 1, 1);
    let master = album.manifest.release.tracks[0].master.as_ref().unwrap().asset.sha256;
    let (now, job) = (Timestamp::now(), format!("{LABEL}/{master}"));
    let taken = world.table.acquire(&job, now, now + SignedDuration::from_hours(1)).await.unwrap();
    let LeaseOutcome::Taken(lease) = taken else { panic!("{taken:?}") };

    album.deliver(&world.masters).await;
    let put_off = || world.said(Function::Transcode, "put off");
    // The queue gives up what was received five times.
    world.until("the sixth time", || put_off().len() >= 6).await;
    assert_eq!(world.record(&album).await.unwrap().state, State::Transcoding);
    world.table.release(&lease).await.unwrap();
    world.stands(&album, State::InReview).await;
    world.rests(&album).await;

    let put_off = put_off();
    let copies: BTreeSet<&str> = put_off.iter().map(|entry| entry["span"]["message"].as_str().unwrap()).collect();
    assert_eq!(copies.len(), put_off.len(), "each time it is another message: {put_off:?}");
    assert!(put_off.iter().all(|entry| entry["receives"] == 1), "whose receipts are counted anew: {put_off:?}");
    assert_eq!(counted_as_failed(&world), [""; 0]);
    assert_eq!(world.held_by(&world.cloud.transcode_dead_letters).await, 0);
    let made = begun(&notes(&world, LABEL, &album.manifest.delivery.to_string()));
    assert!(!made.is_empty() && made.values().all(|count| *count == 1), "{made:?}");
}
