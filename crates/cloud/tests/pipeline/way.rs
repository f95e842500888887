//! The thin way through, each message once.

use cloud::catalogue::State;
use fake_cloud::emulator::{Function, Settings};
use serde_json::json;

use crate::album::Album;
use crate::world::{LABEL, World};

#[tokio::test]
async fn an_album_goes_live_and_who_follows_its_artist_hears_of_it() {
    let world = World::new(Settings { patience: Some(0.5), ..Settings::default() }).await;
    let album = Album::new(LABEL, 1, 2);
    let live = world.go_live(&album).await;
    world.is_whole(&live).await;
    let heard = world.heard_of(&album).await;
    assert_eq!(heard.len(), 1, "{heard:?}");
    assert!(heard[0].contains("Vesper Bloom") && heard[0].contains("Tone 2"), "{heard:?}");

    // Every line about this piece of work has the delivery's trace, and figures are in the embedded metric format.
    let log = world.emulator.log();
    let trace = format!("\"trace\":\"{}\"", album.manifest.delivery);
    assert!(log.lines().any(|line| line.contains("catalogued") && line.contains(&trace)), "{log}");
    assert!(log.contains("\"Namespace\":\"Lacquer\"") && log.contains("QueueAge"), "{log}");

    // A release with a date waits for the schedule, which an operator may stand in for.
    let mut dated = Album::new(LABEL, 2, 1);
    dated.manifest.release.release_date = jiff::civil::date(2999, 1, 1).into();
    dated.deliver(&world.masters).await;
    let in_review = world.stands(&dated, State::InReview).await;
    world.approve(&in_review).await;
    world.stands(&dated, State::Ready).await;
    let swept = world.cloud.invoke(Function::Catalogue, &json!({ "sweep": true })).await.unwrap();
    assert_eq!(swept["failures"], 0, "{swept}");
    assert_eq!(world.record(&dated).await.unwrap().state, State::Ready, "its date has not come");
}
