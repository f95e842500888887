//! The thin way through, each message once.

use std::sync::Arc;

use cloud::aws::table::Table;
use cloud::catalogue::State;
use cloud::ports::{ManualClock, Overdue as _};
use fake_cloud::emulator::{Function, Settings};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::album::Album;
use crate::world::{LABEL, World};

/// Another than the delivery's id.
const TRACE: &str = "a partner's order 4711";

#[tokio::test]
async fn an_album_goes_live_and_who_follows_its_artist_hears_of_it() {
    let world = World::new(Settings { patience: Some(0.5), ..Settings::default() }).await;
    let mut album = Album::new(LABEL, 1, 2);
    // As a partner's program may choose it.
    TRACE.clone_into(&mut album.manifest.trace);
    let live = world.go_live(&album).await;
    world.is_whole(&live).await;
    let heard = world.heard_of(&album).await;
    assert_eq!(heard.len(), 1, "{heard:?}");
    assert!(heard[0].contains("Vesper Bloom") && heard[0].contains("Tone 2"), "{heard:?}");

    // Every line about this piece of work has the manifest's trace, and figures are in the embedded metric format.
    let log = world.emulator.log();
    let release = album.manifest.release.id.to_string();
    for function in [Function::Intake, Function::Transcode, Function::Catalogue, Function::Notify] {
        let entries = world.entries(function).into_iter();
        let said: Vec<Value> = entries.filter(|entry| entry["span"]["release"] == release).collect();
        assert!(!said.is_empty(), "{function:?} says nothing\n{log}");
        assert!(said.iter().all(|entry| entry["span"]["trace"] == TRACE), "{function:?}: {said:#?}");
    }
    assert!(log.contains("\"Namespace\":\"Lacquer\"") && log.contains("QueueAge"), "{log}");
}

#[tokio::test]
async fn the_schedule_makes_a_release_live_once_its_date_has_come_and_tells_it_once() {
    let settings = Settings { patience: Some(0.5), minute: Some(1.0), ..Settings::default() };
    let world = World::new(settings).await;
    let mut album = Album::new(LABEL, 1, 1);
    album.manifest.release.release_date = jiff::civil::date(2999, 1, 1).into();
    album.deliver(&world.masters).await;
    let in_review = world.stands(&album, State::InReview).await;
    world.approve(&in_review).await;
    world.stands(&album, State::Ready).await;
    sweeps(&world, 2).await;
    assert_eq!(world.record(&album).await.unwrap().state, State::Ready, "its date has not come");

    // Nobody calls the function but the template's own rule.
    world.is_due(&album, Timestamp::now() + SignedDuration::from_secs(2)).await;
    let live = world.stands(&album, State::Live).await;
    assert!(live.since >= live.current.accepted().unwrap().due.unwrap(), "{live:?}");
    let heard = world.heard_of(&album).await;
    assert_eq!(heard.len(), 1, "{heard:?}");
    sweeps(&world, 2).await;
    world.rests(&album).await;
    assert_eq!(world.news_of(&album).await, [""; 0], "the next ones find nothing to do");
    world.is_whole(&live).await;
}

#[tokio::test]
async fn news_that_outlived_the_table_s_stream_is_told_once_by_the_schedule() {
    let settings = Settings { patience: Some(0.5), minute: Some(1.0), ..Settings::default() };
    let world = World::new(settings).await;
    let album = Album::new(LABEL, 1, 1);
    album.deliver(&world.masters).await;
    let in_review = world.stands(&album, State::InReview).await;
    world.rests(&album).await;

    // Whoever is to tell it cannot: the stream's function, and the one that sweeps.
    for function in [Function::Notify, Function::Catalogue] {
        world.cloud.set_variable(function, "LACQUER_TABLE", Some("gone")).await.unwrap();
    }
    // What the stream's function has not done within five minutes is the sweep's.
    let earlier = Timestamp::now() - SignedDuration::from_mins(10);
    let table = Table::new(world.dynamodb.clone(), world.cloud.table.clone(), Arc::new(ManualClock::new(earlier)));
    world.approve_in(Arc::new(table), &in_review).await;
    let live = world.stands(&album, State::Live).await;
    let left = || world.said(Function::Notify, "an errand failed");
    world.until("the stream's function", || !left().is_empty()).await;
    let open = world.table.errands(Timestamp::now(), 10).await.unwrap();
    assert_eq!(open.len(), 1, "{open:?}");
    assert_eq!(world.news_of(&album).await, [""; 0]);

    // Nobody calls the function but the template's own rule.
    world.cloud.set_variable(Function::Catalogue, "LACQUER_TABLE", Some(&world.cloud.table)).await.unwrap();
    let heard = world.heard_of(&album).await;
    assert_eq!(heard.len(), 1, "{heard:?}");
    world.rests(&album).await;
    world.cloud.set_variable(Function::Notify, "LACQUER_TABLE", Some(&world.cloud.table)).await.unwrap();
    sweeps(&world, 2).await;
    assert_eq!(world.news_of(&album).await, [""; 0], "neither the next ones nor the stream tell it again");
    let told = |function| world.said(function, "news is told").len();
    assert_eq!((told(Function::Catalogue), told(Function::Notify)), (1, 0));
    world.is_whole(&live).await;
}

/// Waits until the schedule has come some times more.
async fn sweeps(world: &World, more: usize) {
    // A figure at the end of each, also where there are none.
    let ended = || {
        let entries = world.entries(Function::Catalogue);
        entries.iter().filter(|entry| entry.get("StuckReleases").is_some()).count()
    };
    let before = ended();
    world.until("the schedule", || ended() >= before + more).await;
}
