//! The same, with the functions killed: at every named point, and at seeded passages of them.

use std::collections::BTreeSet;

use cloud::CRASH_POINTS;
use fake_cloud::emulator::Function;
use fake_cloud::label_cloud::LabelCloud;

use super::label::{ARTIST, Label, TITLE, is_told};
use crate::music;
use crate::stage::{Stage, album};

/// Where a function may double what followers are told: it died between telling and noting it.
const MAY_DOUBLE: &str = "notify.mail-written";

/// A function, and crash points of it.
type Points = (Function, &'static [&'static str]);

/// Who dies where while a release is on its way. Each point kills a process; a message is given up after five receives.
const NAMED: [(&str, &[Points]); 2] = [
    (
        TITLE,
        &[
            (
                Function::Intake,
                &["catalogue.before-commit", "catalogue.committed", "intake.arrival-noted", "intake.verdict-noted"],
            ),
            (
                Function::Transcode,
                &["transcode.lease-taken", "transcode.encoded", "transcode.hashed", "transcode.facts-noted"],
            ),
            (Function::Catalogue, &["catalogue.before-commit", "catalogue.committed"]),
            (Function::Notify, &["catalogue.job-sent", MAY_DOUBLE, "notify.entry-marked"]),
        ],
    ),
    (
        "Ebb",
        &[
            (Function::Transcode, &["transcode.published", "transcode.sent", "transcode.lease-released"]),
            (Function::Catalogue, &["catalogue.committed", "catalogue.before-commit"]),
        ],
    ),
];

/// Whoever passes a point, and the points that it passes.
const PASSED: [Points; 4] = [
    (Function::Intake, &["intake.", "catalogue.before-commit", "catalogue.committed"]),
    (Function::Transcode, &["transcode."]),
    (Function::Catalogue, &["catalogue.before-commit", "catalogue.committed"]),
    (Function::Notify, &["notify.", "catalogue.job-sent"]),
];

#[tokio::test]
async fn the_functions_die_at_every_named_point_and_at_seeded_ones_and_all_ends_the_same() {
    let every: BTreeSet<&str> =
        NAMED.iter().flat_map(|(_, kills)| kills.iter().flat_map(|(_, points)| points.iter().copied())).collect();
    assert_eq!(every, CRASH_POINTS.into_iter().collect(), "every named point has its turn");

    let stage = Stage::new();
    let cloud = LabelCloud::start().await.unwrap();
    let label = Label { stage: &stage, cloud: &cloud };
    let ebb = music::tones(&stage.path("Ebb"), &[0.5, 0.6]);
    let flood = music::tones(&stage.path("Flood"), &[0.7, 0.8]);
    let workspace =
        label.workspace(&[(album(), &[]), (ebb, &[("title", "Ebb")]), (flood, &[("title", "Flood")])]).await;
    let app = label.signed_in(&workspace).await;
    for artist in [ARTIST, "Nine Lives"] {
        label.subscribe(&app, artist).await;
    }

    for (title, kills) in NAMED {
        for (function, points) in kills {
            cloud.deployed.kill_at(*function, &points.join(",")).await.unwrap();
        }
        label.deliver(&app, title).await;
        label.is_quiet().await;
        let kills: usize = kills.iter().map(|(_, points)| points.len()).sum();
        println!("{title}: {kills} functions died");
    }
    for function in Function::ALL {
        let wanted = NAMED.iter().flat_map(|(_, kills)| *kills).filter(|(other, _)| *other == function);
        let wanted: usize = wanted.map(|(_, points)| points.len()).sum();
        assert_eq!(cloud.deaths(function), wanted, "{function:?} died at each of its points\n{}", cloud.emulator.log());
    }

    let seeded = seeded();
    for (function, points) in &seeded {
        cloud.deployed.kill_at(*function, points).await.unwrap();
    }
    label.deliver(&app, "Flood").await;
    label.is_whole(3, 7).await;
    let news = cloud.news().await.unwrap();
    is_told(&news, TITLE, 2);
    is_told(&news, "Ebb", 1);
    let may_double = seeded.iter().any(|(_, points)| points.contains(MAY_DOUBLE));
    is_told(&news, "Flood", if may_double { 2 } else { 1 });
}

/// Two points of each function, at passages of them that are the same in every run.
fn seeded() -> Vec<(Function, String)> {
    let mut seed = 0x0a1b_u64;
    let mut next = |below: usize| {
        // SplitMix64.
        seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (seed ^ (seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % below as u64).unwrap()
    };
    let mut points = |(function, passed): Points| {
        let points: Vec<&str> =
            CRASH_POINTS.into_iter().filter(|point| passed.iter().any(|passed| point.starts_with(passed))).collect();
        let two = [(); 2].map(|()| format!("{}:{}", points[next(points.len())], 1 + next(3)));
        (function, two.join(","))
    };
    PASSED.map(&mut points).to_vec()
}
