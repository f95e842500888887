//! The same, with the functions killed: at every named point, and at seeded passages of them.

use std::collections::BTreeSet;

use cloud::CRASH_POINTS;
use fake_cloud::Kills;
use fake_cloud::emulator::{Function, Settings, Stack};
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

/// What goes live while functions die at seeded passages.
const SEEDED: [&str; 2] = ["Flood", "Neap"];

#[tokio::test]
async fn the_functions_die_at_every_named_point_and_at_seeded_ones_and_all_ends_the_same() {
    let every: BTreeSet<&str> =
        NAMED.iter().flat_map(|(_, kills)| kills.iter().flat_map(|(_, points)| points.iter().copied())).collect();
    assert_eq!(every, CRASH_POINTS.into_iter().collect(), "every named point has its turn");

    let stage = Stage::new();
    // The schedule does not come meanwhile: its calls take processes too, and passages are a process's own.
    let settings = Settings { patience: Some(0.5), minute: Some(3600.0), ..Settings::default() };
    let cloud = LabelCloud::start_with(settings, Stack::default()).await.unwrap();
    let label = Label { stage: &stage, cloud: &cloud };
    let ebb = music::tones(&stage.path("Ebb"), &[0.5, 0.6]);
    let flood = music::tones(&stage.path("Flood"), &[0.7, 0.8]);
    let neap = music::tones(&stage.path("Neap"), &[0.4, 0.9]);
    let albums: [(_, &[_]); 4] =
        [(album(), &[]), (ebb, &[("title", "Ebb")]), (flood, &[("title", "Flood")]), (neap, &[("title", "Neap")])];
    let workspace = label.workspace(&albums).await;
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
    let mut wanted = [0; Function::ALL.len()];
    for (function, points) in NAMED.iter().flat_map(|(_, kills)| *kills) {
        wanted[*function as usize] += points.len();
    }
    label.have_died(wanted).await;

    let mut news = Vec::new();
    let mut seeded = Kills::seeded(0x0a1b);
    for title in SEEDED {
        let kills = seeded.of_release(2);
        for (function, points) in &kills {
            wanted[*function as usize] += points.len();
            cloud.deployed.kill_at(*function, &points.join(",")).await.unwrap();
        }
        println!("{title}: {kills:?}");
        label.deliver(&app, title).await;
        label.is_quiet().await;
        label.have_died(wanted).await;
        let may_double = kills.iter().flat_map(|(_, points)| points).any(|point| point.starts_with(MAY_DOUBLE));
        news.push((title, if may_double { 2 } else { 1 }));
    }
    label.is_whole(4, 9).await;
    let told = cloud.news().await.unwrap();
    for (title, most) in [(TITLE, 2), ("Ebb", 1)].into_iter().chain(news) {
        is_told(&told, title, most);
    }
}
