//! What the transcode function takes for a master, from its event to its answer: reading from S3, hashing, making four
//! renditions and sending them. And what a function takes that has ffmpeg do so.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use aws_sdk_s3::config::Credentials;
use fake_cloud::emulator::Function;
use fake_s3::FakeS3;
use jiff::Timestamp;
use release::{DeliveryId, Manifest};
use serde::Deserialize;
use serde_json::json;
use tempfile::TempDir;
use upload::{S3Settings, S3Store};

use crate::album::Album;
use crate::cold;
use crate::instance::Instance;
use crate::master::{KINDS, Kind};
use crate::material::put;
use crate::seconds;
use crate::world::{LABEL, World};

/// Bound to the first core, and to the first two.
const CORES: [&str; 2] = ["0", "0,1"];

/// What making a master's renditions took.
#[derive(Debug, Clone, Copy, Deserialize)]
struct Took {
    wall: f64,
    cpu: f64,
    /// Bytes of resident memory, at most.
    memory: u64,
}

/// Measures so many rounds, and prints the least of each.
pub(crate) async fn measure(world: &World, programs: &Path, rounds: u32) {
    println!("\n| master | cores | | time | CPU time | memory at most |\n|---|---|---|---|---|---|");
    let folder = TempDir::with_prefix("lacquer-masters-").unwrap();
    let mut lines = Vec::new();
    for (number, kind) in (1..).zip(KINDS) {
        let path = kind.make(folder.path());
        let bytes = std::fs::read(&path).unwrap();
        let size = bytes.len();
        let mut stage = Stage::new(world, Album::of(LABEL, 100 + number, [(bytes, kind.extension)])).await;
        let mut ours = [Vec::new(), Vec::new()];
        let mut theirs = [Vec::new(), Vec::new()];
        for _ in 0..rounds {
            for (at, cores) in CORES.into_iter().enumerate() {
                ours[at].push(stage.transcode(programs, cores).await);
                theirs[at].push(stage.ffmpeg(kind, cores).await);
            }
        }
        for (at, cores) in [1, 2].into_iter().enumerate() {
            for (who, all) in [("`transcode`", &ours[at]), ("ffmpeg in a function", &theirs[at])] {
                let took = best(all);
                println!(
                    "| {}, {} MB | {cores} | {who} | {} | {} | {} MB |",
                    kind.name,
                    size / 1_000_000,
                    seconds(took.wall),
                    seconds(took.cpu),
                    took.memory / 1_000_000,
                );
            }
        }
        lines.push((kind.name, best(&ours[0]).wall, best(&ours[1]).wall));
    }
    println!("\nThe least of {rounds} rounds each.\n");
    println!("| a model, by Amdahl's law through one and two cores | 3 cores | 4 cores | 6 cores |\n|---|---|---|---|");
    for (name, one, two) in lines {
        let spread = (2.0 * (1.0 - two / one)).clamp(0.0, 1.0);
        let on = |cores: f64| seconds(one * (1.0 - spread + spread / cores));
        println!("| {name}, {:.0} % of the work spread | {} | {} | {} |", spread * 100.0, on(3.0), on(4.0), on(6.0));
    }
}

fn best(all: &[Took]) -> Took {
    let least = |of: &dyn Fn(&Took) -> f64| all.iter().map(of).fold(f64::INFINITY, f64::min);
    Took {
        wall: least(&|took| took.wall),
        cpu: least(&|took| took.cpu),
        // Of memory the most: that is what has to be there.
        memory: all.iter().map(|took| took.memory).max().unwrap_or_default(),
    }
}

/// A master in an S3 of its own.
struct Stage {
    s3: FakeS3,
    store: S3Store,
    variables: BTreeMap<String, String>,
    masters: String,
    album: Album,
    round: u32,
}

impl Stage {
    async fn new(world: &World, album: Album) -> Self {
        let s3 = FakeS3::start().await.unwrap();
        let settings = S3Settings {
            bucket: world.cloud.masters.clone(),
            region: world.cloud.region.clone(),
            endpoint: Some(s3.endpoint()),
            path_style: true,
            full_object_checksums: true,
        };
        let store = S3Store::new(settings, Credentials::new("test", "test", None, None, "measuring"));
        album.deliver(&store).await;
        let mut variables = world.cloud.surroundings().await.unwrap();
        let emulator = world.cloud.endpoint.clone();
        for (name, value) in [
            ("AWS_ENDPOINT_URL", s3.endpoint()),
            ("AWS_ENDPOINT_URL_DYNAMODB", emulator.clone()),
            ("AWS_ENDPOINT_URL_SQS", emulator.clone()),
            ("AWS_ENDPOINT_URL_SNS", emulator),
            ("LACQUER_OBJECT_CHECKSUMS", "true".to_owned()),
            ("LACQUER_TAKE_OVER_SECONDS", "120".to_owned()),
        ] {
            variables.insert(name.to_owned(), value);
        }
        Self { s3, store, variables, masters: world.cloud.masters.clone(), album, round: 0 }
    }

    /// Has a new process of the function make all renditions.
    async fn transcode(&mut self, programs: &Path, cores: &str) -> Took {
        self.rename().await;
        let mut instance = Instance::start(programs, Function::Transcode, &self.variables, Some(cores)).await;
        instance.ready().await;
        let before = instance.used();
        let (answer, wall) = instance.deal_with(cold::transcode(&self.album)).await;
        let after = instance.used();
        assert_eq!(answer["batchItemFailures"], json!([]), "{}", instance.log());
        assert!(after.cpu - before.cpu > Duration::from_millis(500), "it found work to do: {}", instance.log());
        Took { wall: wall.as_secs_f64(), cpu: (after.cpu - before.cpu).as_secs_f64(), memory: after.memory }
    }

    /// Another title and another start of the preview, and every rendition is to be made anew.
    async fn rename(&mut self) {
        self.round += 1;
        let (now, old) = (Timestamp::now(), &self.album.manifest);
        let mut release = old.release.clone();
        for track in &mut release.tracks {
            track.title = format!("Measured {}", self.round);
            track.preview_start_ms = 60_000 + u64::from(self.round);
        }
        self.album.manifest =
            Manifest::new(DeliveryId::new(now, u128::from(self.round)), Some(old.delivery), now, release);
        put(&self.store, &self.album.manifest_key(), &self.album.manifest.to_json()).await;
    }

    /// Has `benches/ffmpeg_function.py` make the same of the same.
    async fn ffmpeg(&mut self, kind: Kind, cores: &str) -> Took {
        self.round += 1;
        let master = &self.album.manifest.release.tracks[0].master.as_ref().unwrap().asset;
        let (key, hash) = (release::keys::asset(&self.album.label, master), master.sha256.to_string());
        let python = std::env::var("LACQUER_PYTHON").unwrap();
        let mut command = Command::new("taskset");
        command
            .args(["-c", cores, &python, concat!(env!("CARGO_MANIFEST_DIR"), "/../../benches/ffmpeg_function.py")])
            .args([
                &self.s3.endpoint(),
                &self.masters,
                &key,
                &hash,
                &kind.bits.to_string(),
                &format!("made/{}", self.round),
            ])
            .env_remove("AWS_CA_BUNDLE")
            .env("AWS_ACCESS_KEY_ID", "test")
            .env("AWS_SECRET_ACCESS_KEY", "test")
            .env("AWS_DEFAULT_REGION", "eu-west-1");
        let ran = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        serde_json::from_slice(&ran.stdout).unwrap()
    }
}
