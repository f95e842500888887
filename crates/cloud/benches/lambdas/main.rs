//! `make bench-lambdas`: what the functions' packaged programs take to start, and what the transcode function takes for a
//! master of four minutes on one and two cores, beside a function that calls ffmpeg. Nothing is asserted of a time; noise is
//! large on a machine that does other things: trust CPU times and the least of several.

#![expect(clippy::unwrap_used, reason = "what goes wrong ends it")]

#[expect(dead_code, reason = "the tests of the pipeline use the rest")]
#[path = "../../tests/pipeline/album.rs"]
mod album;
mod cold;
mod instance;
mod master;
#[path = "../../src/testing/material.rs"]
mod material;
mod runtime;
mod work;
#[expect(dead_code, reason = "the tests of the pipeline use the rest")]
#[path = "../../tests/pipeline/world.rs"]
mod world;

use std::path::PathBuf;
use std::time::Duration;

use fake_cloud::emulator::Settings;

use world::World;

#[tokio::main]
async fn main() {
    // `benches/lambdas` unpacks them there.
    let programs = PathBuf::from(std::env::var_os("LACQUER_BOOTSTRAPS").expect("run by benches/lambdas"));
    let world = World::new(Settings::default()).await;
    cold::measure(&world, &programs, asked("STARTS").unwrap_or(21)).await;
    work::measure(&world, &programs, asked("ROUNDS").unwrap_or(3)).await;
}

fn asked<N: std::str::FromStr>(name: &str) -> Option<N> {
    std::env::var(name).ok()?.parse().ok()
}

fn median(all: &[Duration]) -> Duration {
    let mut sorted = all.to_vec();
    sorted.sort_unstable();
    sorted[sorted.len() / 2]
}

fn least(all: &[Duration]) -> Duration {
    all.iter().copied().min().unwrap_or_default()
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1_000.0)
}

fn seconds(time: f64) -> String {
    format!("{time:.1} s")
}
