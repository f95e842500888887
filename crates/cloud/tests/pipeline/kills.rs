//! Functions that are killed, at every named point and at seeded passages of them, and the same end.

use std::collections::BTreeSet;

use cloud::CRASH_POINTS;
use cloud::catalogue::State;
use fake_cloud::emulator::{Function, Settings};
use serde_json::Value;

use crate::album::Album;
use crate::end::end_of;
use crate::ledger::{begun, notes};
use crate::world::{LABEL, UNDISTURBED, World};

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

/// Has the same delivery go live twice: of a label that nobody disturbs, and of one whose functions die on the way.
async fn killed_at(world: &World, number: u32, kills: &[(Function, String)]) {
    // Processes of an earlier round may not have come to where they die.
    for function in [Function::Intake, Function::Transcode, Function::Catalogue, Function::Notify] {
        world.cloud.set_variable(function, "LACQUER_KILL_AT", None).await.unwrap();
    }
    let album = Album::new(LABEL, number, 2);
    let twin = album.of_label(UNDISTURBED);
    let undisturbed = world.go_live(&twin).await;
    let told = world.heard_of(&twin).await;
    assert_eq!(told.len(), 1, "{told:?}");
    world.is_whole(&undisturbed).await;
    world.rests(&twin).await;

    let deaths = || world.emulator.log().matches("-transcode: died").count();
    let deaths_before = deaths();
    for (function, point) in kills {
        world.cloud.kill_at(*function, point).await.unwrap();
    }
    let live = world.go_live(&album).await;
    assert_eq!(live.state, State::Live);
    let mut heard = world.heard_of(&album).await;
    world.is_whole(&live).await;
    world.rests(&album).await;

    // One thing may be there twice, word for word: the e-mail. All else is what it would be.
    let most = if kills.iter().any(|(_, point)| point.starts_with(MAY_DOUBLE)) { 2 } else { 1 };
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
    // Several processes of a function may die at the same point: those that ran beside each other.
    let deaths = deaths() - deaths_before;
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
    let world = World::new(Settings { patience: Some(0.5), ..Settings::default() }).await;
    let all: Vec<(Function, String)> = CRASH_POINTS
        .iter()
        .flat_map(|point| functions(point).iter().map(|function| (*function, (*point).to_owned())))
        .collect();
    // One of each function's points in a round, so that a round's functions die one after the other.
    let mut left = all;
    let mut number = 0;
    while !left.is_empty() {
        let mut round: Vec<(Function, String)> = Vec::new();
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
    let world = World::new(Settings { patience: Some(0.5), ..Settings::default() }).await;
    let mut seed = 0x5eed_u64;
    let mut next = |below: u64| {
        // SplitMix64, so that every run kills at the same passages.
        seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (seed ^ (seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % below).unwrap()
    };
    for number in 1..=6 {
        let kills = [Function::Intake, Function::Transcode, Function::Catalogue, Function::Notify].map(|function| {
            let points: Vec<&&str> = CRASH_POINTS.iter().filter(|point| functions(point).contains(&function)).collect();
            let point = points[next(points.len() as u64)];
            (function, format!("{point}:{}", 1 + next(3)))
        });
        killed_at(&world, number, &kills).await;
    }
}
