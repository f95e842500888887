use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command as Process;
use std::sync::Arc;
use std::time::Duration;

use audio::SampleReader;
use desktop::player::output::{Capture, CaptureControls, CaptureDevice, Pace};
use desktop::player::{Command, Item, PlayState, Player, PlayerView, Sound};

/// A player on captured devices, and a folder for what is played.
pub(crate) struct Stage {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) player: Player,
    pub(crate) controls: CaptureControls,
}

impl Stage {
    /// One device that has every rate.
    pub(crate) fn new(pace: Pace) -> Self {
        Self::with_devices(pace, &["one"], &[])
    }

    /// Devices of these names, each writing to a file of its name, with these rates.
    pub(crate) fn with_devices(pace: Pace, names: &[&str], rates: &[u32]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let device = |name: &&str| CaptureDevice {
            id: (*name).to_owned(),
            name: format!("Device {name}"),
            path: Some(folder.path().join(name)),
            rates: rates.to_vec(),
            pace,
        };
        let capture = Capture::new(names.iter().map(device).collect());
        let controls = capture.controls();
        let player = Player::with_output(move || Box::new(capture)).unwrap();
        Self { folder, player, controls }
    }

    /// A file in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Real music, from its 20th second on, as ffmpeg makes it of these arguments.
    pub(crate) fn music(&self, name: &str, seconds: f64, arguments: &str) -> PathBuf {
        let path = self.path(name);
        let before = format!("-ss 20 -t {seconds}");
        ffmpeg(&before, &piece("battle.ogg"), &format!("-map 0:a -map_metadata -1 {arguments}"), &path);
        path
    }

    /// Plays files, the first from its beginning.
    pub(crate) fn play(&self, paths: &[&Path]) {
        self.play_from(paths, Duration::ZERO);
    }

    pub(crate) fn play_from(&self, paths: &[&Path], position: Duration) {
        let items = paths.iter().map(|path| item(path)).collect();
        self.player.send(Command::PlayList { items, start_at: 0, position });
    }

    /// Lets metered devices play frames, and waits until they did.
    pub(crate) fn roll(&self, frames: u64) {
        self.controls.allow(frames);
        self.controls.wait_until_played();
    }

    /// Waits until something is shown.
    pub(crate) fn wait_for(&self, shown: impl Fn(&PlayerView) -> bool) -> Arc<PlayerView> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let mut views = self.player.views();
        runtime.block_on(async { views.wait_for(|view| shown(view)).await.unwrap().clone() })
    }

    pub(crate) fn wait_for_state(&self, state: &PlayState) -> Arc<PlayerView> {
        self.wait_for(|view| view.state == *state)
    }

    /// Waits until the list was played, and gives what the first device got.
    pub(crate) fn captured_to_the_end(&self) -> Vec<f32> {
        self.wait_for(|view| view.pieces > 0 && view.state == PlayState::Stopped);
        self.player.close();
        self.captured("one")
    }

    /// What a device got up to now, both channels.
    pub(crate) fn captured(&self, device: &str) -> Vec<f32> {
        let bytes = std::fs::read(self.path(device)).unwrap();
        bytes.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()
    }
}

pub(crate) fn item(path: &Path) -> Item {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    Item { id: name.clone(), title: name, sound: Sound::File(path.to_owned()) }
}

/// What a file holds.
pub(crate) fn decoded(path: &Path) -> Vec<f32> {
    let mut reader = SampleReader::open(File::open(path).unwrap()).unwrap();
    let mut samples = Vec::new();
    while let Some(block) = reader.read().unwrap() {
        samples.extend_from_slice(block);
    }
    assert!(samples.iter().any(|sample| sample.abs() > 0.05), "{} is not silent", path.display());
    samples
}

/// That `samples` are `wanted`, and after them nothing but silence.
pub(crate) fn assert_same(samples: &[f32], wanted: &[f32]) {
    assert!(samples.len() >= wanted.len(), "{} samples of {}", samples.len(), wanted.len());
    let other = samples.iter().zip(wanted).position(|(got, wanted)| got.to_bits() != wanted.to_bits());
    assert_eq!(other, None, "the first sample of {} that is another", wanted.len());
    assert!(samples[wanted.len()..].iter().all(|sample| *sample == 0.0), "silence after the end");
}

/// Where a run of samples begins in others.
pub(crate) fn find(samples: &[f32], run: &[f32]) -> usize {
    samples.windows(run.len()).position(|window| window == run).expect("the run is there")
}

pub(crate) fn write_wav(path: &Path, rate: u32, frames: &[[f32; 2]]) {
    let data: Vec<u8> = frames.iter().flatten().flat_map(|sample| sample.to_le_bytes()).collect();
    std::fs::write(path, [wav_header(rate, 2, 32, 3, u32::try_from(data.len()).unwrap()), data].concat()).unwrap();
}

/// A WAV file's header: kind 1 is integers, 3 floating-point numbers.
pub(crate) fn wav_header(rate: u32, channels: u16, bits: u16, kind: u16, data: u32) -> Vec<u8> {
    let frame = channels * bits / 8;
    let mut header = Vec::new();
    header.extend(b"RIFF");
    header.extend((data + 36).to_le_bytes());
    header.extend(b"WAVEfmt ");
    header.extend(16_u32.to_le_bytes());
    for number in [kind, channels] {
        header.extend(number.to_le_bytes());
    }
    header.extend(rate.to_le_bytes());
    header.extend((rate * u32::from(frame)).to_le_bytes());
    header.extend(frame.to_le_bytes());
    header.extend(bits.to_le_bytes());
    header.extend(b"data");
    header.extend(data.to_le_bytes());
    header
}

/// A piece of Debian's wesnoth-1.16-music.
fn piece(name: &str) -> PathBuf {
    let listed = Process::new("dpkg").args(["-L", "wesnoth-1.16-music"]).output();
    let listed = listed.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let usual = format!("/usr/share/games/wesnoth/1.16/data/core/music/{name}");
    let path = PathBuf::from(listed.lines().find(|line| line.ends_with(&format!("/{name}"))).unwrap_or(&usual));
    assert!(path.is_file(), "{} is missing: install wesnoth-1.16-music", path.display());
    path
}

fn ffmpeg(before: &str, input: &Path, arguments: &str, output: &Path) {
    let status = Process::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-y"])
        .args(before.split_whitespace())
        .arg("-i")
        .arg(input)
        .args(arguments.split_whitespace())
        .arg(output)
        .status();
    let status = status.unwrap_or_else(|error| panic!("ffmpeg cannot be run ({error}): install it"));
    assert!(status.success(), "ffmpeg makes {}", output.display());
}
