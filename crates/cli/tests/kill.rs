//! A delivery that is killed with SIGKILL, at every named crash point and at seeded times, goes on when it is run
//! again: it ends live, nothing that had been finished is done twice, and every message is there once.
//!
//! Named points exist in builds with the feature `failpoints` only; the whole file asks for it in Cargo.toml.

mod support;

use std::collections::BTreeSet;
use std::f64::consts::TAU;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use support::{Bench, extension, succeeded};

const SIGKILL: i32 = 9;
/// What a release of two tracks ends with: four renditions each.
const RENDITIONS: usize = 8;

/// Two short tracks and a picture. The second master is over a part's length, so that an upload has parts to lose.
fn album(folder: &Path) -> PathBuf {
    let album = folder.join("Killed");
    fs::create_dir_all(&album).expect("a folder");
    write_wav(&album.join("01 Short.wav"), 48_000, 2.0);
    write_wav(&album.join("02 Long.wav"), 192_000, 9.0);
    let picture = Command::new("ffmpeg")
        .args(["-v", "error", "-f", "lavfi", "-i", "testsrc2=size=3000x3000", "-frames:v", "1", "-pix_fmt", "rgb24"])
        .arg(album.join("cover.png"))
        .output()
        .expect("ffmpeg (make setup installs it)");
    succeeded(picture);
    album
}

const FIELDS: [&str; 12] = [
    "--set",
    "title=Killed",
    "--set",
    "artist=Nine Lives",
    "--set",
    "label=Again",
    "--set",
    "p_line=2026 Again",
    "--set",
    "c_line=2026 Again",
    "--set",
    "advisory=none",
];

/// A quiet tone in 24-bit stereo.
fn write_wav(path: &Path, rate: u32, seconds: f64) {
    let frames = (f64::from(rate) * seconds) as u32;
    let bytes = frames * 6;
    let mut wav = Vec::with_capacity(44 + bytes as usize);
    wav.extend_from_slice(b"RIFF");
    wav.extend_from_slice(&(36 + bytes).to_le_bytes());
    wav.extend_from_slice(b"WAVEfmt \x10\0\0\0\x01\0\x02\0");
    wav.extend_from_slice(&rate.to_le_bytes());
    wav.extend_from_slice(&(rate * 6).to_le_bytes());
    wav.extend_from_slice(b"\x06\0\x18\0data");
    wav.extend_from_slice(&bytes.to_le_bytes());
    for frame in 0..frames {
        let phase = f64::from(frame) / f64::from(rate) * 330.0 * TAU;
        let sample = (phase.sin() * 0.25 * f64::from(1 << 23)) as i32;
        for _ in 0..2 {
            wav.extend_from_slice(&sample.to_le_bytes()[..3]);
        }
    }
    fs::write(path, wav).expect("a writable folder");
}

/// The names of all crash points, as they stand in the sources of what is delivered with.
fn crash_points() -> BTreeSet<String> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut points = BTreeSet::new();
    for name in ["upload", "cloud", "desktop"] {
        let mut folders = vec![crates.join(name).join("src")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("the sources").flatten() {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                } else if extension(&path) == "rs" {
                    let source = fs::read_to_string(&path).expect("a source");
                    let names = source.split("fail_point!(\"").skip(1).filter_map(|rest| rest.split('"').next());
                    points.extend(names.map(str::to_owned));
                }
            }
        }
    }
    points
}

/// Points that a delivery which is only killed does not pass by: a person signs in, removes a draft, moves a delivery in
/// the queue, tries a failed one again, or changes a file while it is sent. `upload`'s own kill test ends a process at the
/// last one, and the desktop's tests of accounts stop for ever at the first; at the three of the desk no test does.
const NOT_ON_THE_WAY: [&str; 5] = [
    "account.refresh-token-saved",
    "desktop.draft-removed",
    "desktop.queue-moved",
    "desktop.requeued",
    "upload.aborted",
];

/// Runs until live, however often it was killed before, and asserts what a person would look at.
fn assert_goes_live(bench: &Bench, album: &Path, context: &str) {
    let output = bench.deliver(album, &FIELDS).output().expect("the command line starts");
    assert!(output.status.success(), "{context}: {}\n{}", output.status, String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("live"), "{context}: not live:\n{said}");
    bench.assert_nothing_done_twice(context);
    assert_eq!(bench.renditions().len(), RENDITIONS, "{context}: {:?}", bench.renditions());
    assert_eq!(bench.mails().len(), 1, "{context}: {:?}", bench.mails());
    let manifests =
        bench.files("masters").iter().filter(|path| path.to_string_lossy().ends_with(".delivery.json")).count();
    assert_eq!(manifests, 1, "{context}: one delivery, one manifest");
    assert_eq!(bench.files("scratch"), [] as [PathBuf; 0], "{context}: left behind");
}

#[test]
fn killed_at_every_named_point_it_goes_live() {
    let source = tempfile::tempdir().expect("a temporary folder");
    let album = album(source.path());
    let points = crash_points();
    for area in ["upload.", "transcode.", "catalogue.", "notify.", "desktop."] {
        assert!(points.iter().any(|point| point.starts_with(area)), "no crash point of {area}: {points:?}");
    }
    let mut unreached = Vec::new();
    for point in &points {
        let bench = Bench::new();
        bench.subscribe("Nine Lives", "nine@example.com");
        let killed = bench
            .deliver(&album, &FIELDS)
            .env("LACQUER_KILL_AT", point)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .expect("the command line starts");
        if killed.signal() != Some(SIGKILL) {
            unreached.push(point.clone());
        }
        assert_goes_live(&bench, &album, &format!("killed at {point}"));
    }
    assert_eq!(unreached, NOT_ON_THE_WAY, "the crash points that a delivery does not pass by");
    println!("killed at {} named points", points.len());
}

#[test]
fn killed_at_seeded_times_it_goes_live() {
    let source = tempfile::tempdir().expect("a temporary folder");
    let album = album(source.path());
    let mut whole = {
        let bench = Bench::new();
        bench.subscribe("Nine Lives", "nine@example.com");
        let start = Instant::now();
        assert_goes_live(&bench, &album, "never killed");
        start.elapsed()
    };
    let rounds: u32 = std::env::var("LACQUER_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(50);
    let mut random = Seeded(2026);
    let mut killed = 0;
    for round in 0..rounds {
        let bench = Bench::new();
        bench.subscribe("Nine Lives", "nine@example.com");
        // Up to three kills a delivery, each at a moment within the time that a whole one takes.
        for attempt in 0..=random.below(3) {
            let moment = whole.mul_f64(f64::from(random.below(1000)) / 1000.0);
            let begun = Instant::now();
            let met = kill_after(bench.deliver(&album, &FIELDS), moment);
            killed += u32::from(met);
            if !met && attempt == 0 {
                // The machine had more to do when the whole was timed: this is what it takes now.
                whole = begun.elapsed();
            }
        }
        assert_goes_live(&bench, &album, &format!("round {round}"));
    }
    assert!(killed > rounds / 2, "only {killed} of the kills met a delivery that still ran");
    println!("killed {killed} times in {rounds} deliveries");
}

/// Starts a command and kills it after a while; false where it ended by itself before.
fn kill_after(mut command: Command, moment: Duration) -> bool {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the command line starts");
    let pid = rustix::process::Pid::from_child(&child);
    let (ended, waiting) = mpsc::channel();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            if waiting.recv_timeout(moment) == Err(mpsc::RecvTimeoutError::Timeout) {
                // Not reaped before `wait` returns, so that the number cannot have become another process's.
                let _ = rustix::process::kill_process(pid, rustix::process::Signal::KILL);
            }
        });
        let status = child.wait().expect("a child to wait for");
        let _ = ended.send(());
        status.signal() == Some(SIGKILL)
    })
}

/// A small generator of the same numbers every time (SplitMix64).
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, bound: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % u64::from(bound)) as u32
    }
}
