//! Memory does not grow with a file's length.

use std::fs::{self, File};
use std::io::Write as _;

use desktop::player::PlayState;
use desktop::player::output::{Capture, CaptureDevice, Pace};
use desktop::player::{Command, Player};

use crate::stage::{Stage, item, wav_header};

/// The most memory that this process had, in KiB.
fn most_memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Run by the test below in a process of its own, so that nothing else takes memory meanwhile.
#[test]
fn child() {
    if std::env::var_os("LACQUER_TEST_MEMORY").is_none() {
        return;
    }
    let mut stage = Stage::new(Pace::Quick);
    let pace = Pace::Quick;
    let device = CaptureDevice { id: "none".into(), name: "None".into(), path: None, rates: vec![8_000], pace };
    let capture = Capture::new(vec![device]);
    let controls = capture.controls();
    stage.player = Player::with_output(move || Box::new(capture)).unwrap();
    let path = stage.path("hour.wav");
    let frames: u32 = 8_000 * 3_600;
    let mut file = File::create(&path).unwrap();
    file.write_all(&wav_header(8_000, 2, 24, 1, frames * 6)).unwrap();
    file.set_len(44 + u64::from(frames) * 6).unwrap();
    let before = most_memory();
    stage.player.send(Command::PlayList { items: vec![item(&path)], start_at: 0, position: Default::default() });
    stage.wait_for_state(&PlayState::Playing);
    stage.wait_for_state(&PlayState::Stopped);
    assert_eq!(stage.player.view().length_ms, Some(3_600_000));
    stage.player.close();
    assert!(controls.frames() >= u64::from(frames));
    // The file has 165 MiB, decoded 220.
    let taken = most_memory() - before;
    assert!(taken < 8 * 1024, "{taken} KiB");
}

#[test]
fn an_hour_takes_no_more_than_a_ring() {
    let test = std::env::current_exe().unwrap();
    let arguments = ["--exact", "memory::child", "--nocapture"];
    let status = std::process::Command::new(test).args(arguments).env("LACQUER_TEST_MEMORY", "1").status().unwrap();
    assert!(status.success());
}
