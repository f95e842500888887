//! `make load`: two thousand tracks in 150 releases, at once, through the emulator's queues and the functions' real
//! programs. All go live, none twice, none is lost; how long that took is printed. The emulator hands out a FIFO queue's
//! messages one after the other, whatever their groups, so that the catalogue is slower here than on AWS.

#![expect(clippy::unwrap_used, reason = "what goes wrong ends it")]

#[expect(dead_code, reason = "the tests of the pipeline use the rest")]
#[path = "../../tests/pipeline/album.rs"]
mod album;
#[path = "../../src/testing/material.rs"]
mod material;
#[expect(dead_code, reason = "the tests of the pipeline use the rest")]
#[path = "../../tests/pipeline/world.rs"]
mod world;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use cloud::api::wire::LabelSettings;
use cloud::catalogue::State;
use cloud::ports::Labels as _;
use fake_cloud::emulator::Settings;
use serde_json::Value;

use album::Album;
use world::{ASK_AGAIN, LABEL, World};

const RELEASES: u32 = 150;
const TRACKS: u32 = 2_000;

#[tokio::main]
async fn main() {
    // Fewer, for a quick look.
    let releases = asked("LACQUER_LOAD_RELEASES").unwrap_or(RELEASES);
    let tracks = TRACKS * releases / RELEASES;
    let albums: Vec<Album> = (0..releases)
        // The first ones take what does not divide. Numbers apart, so that tones are.
        .map(|at| Album::new(LABEL, 10 * (at + 1), tracks / releases + u32::from(at < tracks % releases)))
        .collect();
    println!("{tracks} tracks in {releases} releases, on {} cores", std::thread::available_parallelism().unwrap());

    let world = World::new(Settings::default()).await;
    let settings = LabelSettings { review: false, ..LabelSettings::new(&LABEL.parse().unwrap()) };
    world.table.set(&LABEL.parse().unwrap(), &settings).await.unwrap();

    let begun = Instant::now();
    for album in &albums {
        album.deliver(&world.masters).await;
    }
    println!("delivered after {:.0} s", begun.elapsed().as_secs_f64());
    let mut told: BTreeMap<String, u32> = BTreeMap::new();
    let mut last = 0;
    while told.len() < albums.len() {
        tokio::time::sleep(ASK_AGAIN).await;
        count(&world, &mut told).await;
        if told.len() / 25 > last {
            last = told.len() / 25;
            println!("{} live and told after {:.0} s", told.len(), begun.elapsed().as_secs_f64());
        }
    }
    let took = begun.elapsed();

    // What came twice would come in a while.
    while !world.is_quiet().await {
        tokio::time::sleep(ASK_AGAIN).await;
    }
    tokio::time::sleep(Duration::from_secs(5)).await;
    count(&world, &mut told).await;
    for album in &albums {
        let record = world.record(album).await.unwrap();
        assert_eq!(record.state, State::Live, "{:?}", record.timeline);
        world.is_whole(&record).await;
        let times = record.timeline.iter().filter(|moment| moment.state == State::Live).count();
        assert_eq!(times, 1, "{:?}", record.timeline);
        assert_eq!(told[&album.manifest.release.title], 1, "{} was told of once", album.manifest.release.title);
    }
    println!(
        "all live, each told of once, nothing in the dead letters: {:.0} s, {:.1} tracks a second",
        took.as_secs_f64(),
        f64::from(tracks) / took.as_secs_f64()
    );
    for (function, mut ages) in ages(&world.emulator.log()) {
        ages.sort_unstable();
        let at = |share: usize| Duration::from_millis(ages[(ages.len() - 1) * share / 100]).as_secs_f64();
        println!(
            "{function}: {} messages waited {:.1} s (p50), {:.1} s (p99), {:.1} s (longest)",
            ages.len(),
            at(50),
            at(99),
            at(100)
        );
    }
}

fn asked(name: &str) -> Option<u32> {
    std::env::var(name).ok()?.parse().ok()
}

/// Takes what was told off the queue that follows the artist.
async fn count(world: &World, told: &mut BTreeMap<String, u32>) {
    loop {
        let received = world.sqs.receive_message().queue_url(&world.news[LABEL]).max_number_of_messages(10);
        let received = received.send().await.unwrap();
        if received.messages().is_empty() {
            return;
        }
        for message in received.messages() {
            let title = title(message.body().unwrap());
            *told.entry(title).or_default() += 1;
            let handle = message.receipt_handle().unwrap();
            world.sqs.delete_message().queue_url(&world.news[LABEL]).receipt_handle(handle).send().await.unwrap();
        }
    }
}

/// The release that a message is about: `Tidewater` and its number.
fn title(body: &str) -> String {
    let after = body.split_once("Tidewater ").map(|(_, after)| after).unwrap_or_default();
    let number: String = after.chars().take_while(char::is_ascii_digit).collect();
    format!("Tidewater {number}")
}

/// How long messages waited for each function, in milliseconds, as the functions' own figures say.
fn ages(log: &str) -> BTreeMap<String, Vec<u64>> {
    let mut ages: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for line in log.lines().filter(|line| line.contains("\"QueueAge\"")) {
        // As it comes it stands behind the function's name; the emulator repeats it with the call's end, without.
        let Some((name, figure)) = line.split_once(": {") else { continue };
        if name.contains(char::is_whitespace) || name.starts_with('{') {
            continue;
        }
        let Ok(figure) = serde_json::from_str::<Value>(&format!("{{{figure}")) else { continue };
        let function = figure["Function"].as_str().unwrap_or("a function").to_owned();
        ages.entry(function).or_default().extend(figure["QueueAge"].as_u64());
    }
    ages
}
