//! Functions that are killed, at every named point and at seeded passages of them, and the same end.

use cloud::CRASH_POINTS;
use cloud::catalogue::State;
use fake_cloud::emulator::{Function, Settings};

use crate::album::Album;
use crate::world::{LABEL, World};

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

async fn killed_at(world: &World, number: u32, kills: &[(Function, String)]) {
    for (function, point) in kills {
        world.cloud.kill_at(*function, point).await.unwrap();
    }
    let album = Album::new(LABEL, number, 2);
    let live = world.go_live(&album).await;
    assert_eq!(live.state, State::Live);
    let heard = world.heard_of(&album).await;
    world.is_whole(&live).await;
    let most = if kills.iter().any(|(_, point)| point.starts_with(MAY_DOUBLE)) { 2 } else { 1 };
    assert!(heard.len() <= most, "{kills:?}: {heard:?}");
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
