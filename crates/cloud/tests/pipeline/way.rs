//! The thin way through, each message once.

use cloud::catalogue::State;
use fake_cloud::emulator::{Function, Settings};
use serde_json::{Value, json};

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
        let name = format!("{}: ", world.cloud.name_of(function));
        let lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line.strip_prefix(&name)?).ok());
        let said: Vec<Value> = lines.filter(|line| line["span"]["release"] == release).collect();
        assert!(!said.is_empty(), "{name} says nothing\n{log}");
        assert!(said.iter().all(|line| line["span"]["trace"] == TRACE), "{name}{said:#?}");
    }
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
