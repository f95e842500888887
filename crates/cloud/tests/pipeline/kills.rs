//! Functions that are killed, at every named point and at seeded passages of them, and the same end.

use std::collections::BTreeSet;

use cloud::CRASH_POINTS;
use cloud::catalogue::State;
use fake_cloud::Kills;
use fake_cloud::emulator::{Function, Settings};
use serde_json::Value;

use crate::album::Album;
use crate::end::end_of;
use crate::ledger::{begun, notes};
use crate::world::{LABEL, UNDISTURBED, World};

/// How many tracks a release has: each is transcoded by a process of its own.
const TRACKS: u32 = 2;
/// Where a function may double what followers are told: it died between telling and noting it.
const MAY_DOUBLE: &str = "notify.mail-written";

/// Who passes a crash point, here.
fn functions(point: &str) -> &'static [Function] {
    match point.split('.').next() {
        Some("intake") => &[Function::Intake],
        Some("transcode") => &[Function::Transcode],
        Some("notify") => &[Function::Notify],
        // Records are written by whoever has something to say.
        _ if point == "catalogue.job-sent" => &[Function::Notify],
        _ => &[Function::Intake, Function::Catalogue],
    }
}

/// Where functions die while a release goes live: each point kills a process.
type Deadly = Vec<(Function, Vec<String>)>;

/// An emulator whose schedule does not come meanwhile: its calls take processes too, and passages are a process's own.
async fn without_schedule() -> World {
    World::new(Settings { patience: Some(0.5), minute: Some(3600.0), ..Settings::default() }).await
}

/// Has the same delivery go live twice: of a label that nobody disturbs, and of one whose functions die on the way.
async fn killed_at(world: &World, number: u32, kills: &Deadly) {
    let album = Album::new(LABEL, number, TRACKS);
    let twin = album.of_label(UNDISTURBED);
    let undisturbed = world.go_live(&twin).await;
    let told = world.heard_of(&twin).await;
    assert_eq!(told.len(), 1, "{told:?}");
    world.is_whole(&undisturbed).await;
    world.rests(&twin).await;

    let deaths = || Function::ALL.map(|function| world.cloud.deaths(function, &world.emulator.log()));
    let mut wanted = deaths();
    for (function, points) in kills {
        wanted[*function as usize] += points.len();
        world.cloud.kill_at(*function, &points.join(",")).await.unwrap();
    }
    let live = world.go_live(&album).await;
    assert_eq!(live.state, State::Live);
    let mut heard = world.heard_of(&album).await;
    world.is_whole(&live).await;
    world.rests(&album).await;
    // The last one may have ended its work before it died.
    world
        .until(&format!("each death of {kills:?}"), || deaths().iter().zip(&wanted).all(|(died, due)| died >= due))
        .await;
    assert_eq!(deaths(), wanted, "{kills:?}: no other function died, and none more often\n{}", world.emulator.log());

    // One thing may be there twice, word for word: the e-mail. All else is what it would be.
    let most =
        if kills.iter().flat_map(|(_, points)| points).any(|point| point.starts_with(MAY_DOUBLE)) { 2 } else { 1 };
    assert!(heard.len() <= most, "{kills:?}: {heard:?}");
    heard.dedup_by_key(|message| text_of(message));
    let texts = |messages: &[String]| messages.iter().map(|message| text_of(message)).collect::<Vec<_>>();
    assert_eq!(texts(&heard), texts(&told), "{kills:?}");
    let (expected, found) = (end_of(world, &twin, &undisturbed).await, end_of(world, &album, &live).await);
    assert_eq!(found, expected, "{kills:?}");

    // Only what was interrupted was made again: what was ended never, and nothing of a track whose function lived.
    let delivery = album.manifest.delivery.to_string();
    let made = begun(&notes(world, LABEL, &delivery));
    let once = begun(&notes(world, UNDISTURBED, &delivery));
    assert!(once.values().all(|count| *count == 1), "{once:?}");
    assert_eq!(made.keys().collect::<Vec<_>>(), once.keys().collect::<Vec<_>>());
    let deaths: usize = kills.iter().filter(|kill| kill.0 == Function::Transcode).map(|(_, points)| points.len()).sum();
    let again: BTreeSet<&String> = made.iter().filter(|(_, count)| **count > 1).map(|((track, _), _)| track).collect();
    assert!(again.len() <= deaths, "{kills:?}: {made:?}");
    assert!(made.values().all(|count| *count <= 1 + deaths), "{kills:?}: {made:?}");
}

/// What a follower reads of a message of the topic.
fn text_of(message: &str) -> [String; 2] {
    let told: Value = serde_json::from_str(message).unwrap();
    ["Subject", "Message"].map(|field| told[field].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn killed_at_every_named_point_it_goes_live_all_the_same() {
    let world = without_schedule().await;
    let deadly = |function, point: &str| {
        let times = if function == Function::Transcode { TRACKS } else { 1 };
        (function, (0..times).map(|_| point.to_owned()).collect())
    };
    let all: Deadly = CRASH_POINTS
        .iter()
        .flat_map(|point| functions(point).iter().map(|function| deadly(*function, point)))
        .collect();
    // One of each function's points in a round, so that a round's functions die one after the other.
    let mut left = all;
    let mut number = 0;
    while !left.is_empty() {
        let mut round: Deadly = Vec::new();
        left.retain(|kill| {
            let fits = round.iter().all(|(function, _)| *function != kill.0);
            if fits {
                round.push(kill.clone());
            }
            !fits
        });
        number += 1;
        killed_at(&world, number, &round).await;
    }
}

#[tokio::test]
async fn killed_at_seeded_passages_it_goes_live_all_the_same() {
    let world = without_schedule().await;
    let mut kills = Kills::seeded(0x5eed);
    for number in 1..=6 {
        killed_at(&world, number, &kills.of_release(TRACKS as usize)).await;
    }
}
