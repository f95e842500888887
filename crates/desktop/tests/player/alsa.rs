//! Players in processes of their own: the real way to a sound card, as far as ALSA, whose `file` plug-in writes what a card
//! would get; and what `LACQUER_SOUND` puts in its place.

#![cfg(target_os = "linux")]

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::Command as Process;

use desktop::player::{Command, PlayState, Player};

use crate::stage::{Stage, assert_same, decoded, item};

/// Run by the test below in a process of its own, since ALSA reads its configuration once.
#[test]
fn child() {
    let Some(files) = std::env::var_os("LACQUER_TEST_PLAYS") else { return };
    let player = Player::start().unwrap();
    let items = std::env::split_paths(&files).map(|path| item(&path)).collect();
    player.send(Command::PlayList { items, start_at: 0, position: Default::default() });
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut views = player.views();
    let ended = |view: &desktop::player::PlayerView| view.pieces > 0 && view.state != PlayState::Playing;
    let view = runtime.block_on(async { views.wait_for(|view| ended(view)).await.unwrap().clone() });
    player.close();
    println!("state: {:?}", view.state);
}

/// Plays files in another process, with these variables, and gives what it said of its state at the end.
fn run_child(variables: &[(&str, &OsStr)], files: &[&Path]) -> String {
    let output = Process::new(std::env::current_exe().unwrap())
        .args(["--exact", "alsa::child", "--nocapture"])
        .env("LACQUER_TEST_PLAYS", std::env::join_paths(files).unwrap())
        .env_remove("LACQUER_SOUND")
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).unwrap();
    said.lines().find_map(|line| line.strip_prefix("state: ")).unwrap().to_owned()
}

#[test]
fn a_card_gets_every_sample_through_cpal_and_alsa() {
    let stage = Stage::new(desktop::player::output::Pace::Quick);
    let (captured, configuration) = (stage.path("captured.raw"), stage.path("asound.conf"));
    let text = format!(
        "pcm.!default {{ type plug slave.pcm \"captured\" }}\n\
         pcm.captured {{ type file slave.pcm \"sink\" file \"{}\" format \"raw\" }}\n\
         pcm.sink {{ type null }}\n",
        captured.display()
    );
    fs::write(&configuration, text).unwrap();
    let files = ["a.flac", "b.wav"].map(|name| stage.music(name, 3.0, "-sample_fmt s16"));
    let state = run_child(&[("ALSA_CONFIG_PATH", configuration.as_os_str())], &[&files[0], &files[1]]);
    assert_eq!(state, "Stopped");

    let bytes = fs::read(&captured).unwrap();
    let got = bytes.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes));
    let wanted = [decoded(&files[0]), decoded(&files[1])].concat();
    // The sink plays faster than anything is decoded, and gets silence where nothing is there yet: that may stand
    // between samples, and nothing else.
    let mut wanted = wanted.chunks_exact(2).peekable();
    let mut left = None;
    for sample in got {
        let Some(first) = left.take() else {
            left = Some(sample);
            continue;
        };
        if wanted.peek().is_some_and(|wanted| **wanted == [first, sample]) {
            wanted.next();
        } else {
            assert_eq!([first, sample], [0.0, 0.0], "{} frames are to come", wanted.count());
        }
    }
    assert_eq!(wanted.count(), 0, "frames that the card did not get");
}

#[test]
fn a_machine_without_a_card_says_so() {
    let stage = Stage::new(desktop::player::output::Pace::Quick);
    let configuration = stage.path("asound.conf");
    fs::write(&configuration, "pcm.!default { type hw card 31 }\n").unwrap();
    let file = stage.music("a.wav", 1.0, "-c:a pcm_s16le");
    let state = run_child(&[("ALSA_CONFIG_PATH", configuration.as_os_str())], &[&file]);
    insta::assert_snapshot!(state, @r#"NoDevice { reason: "There is no sound device.", help: "Connect headphones or speakers, then play again." }"#);
}

#[test]
fn the_variable_puts_a_file_in_the_card_s_place() {
    let stage = Stage::new(desktop::player::output::Pace::Quick);
    // So short that it is there as a whole before the first frame is due.
    let file = stage.music("a.flac", 0.4, "-c:a flac");
    for kind in ["file", "quick-file"] {
        let name = format!("{kind}.raw");
        let variable = format!("{kind}:{}", stage.path(&name).display());
        assert_eq!(run_child(&[("LACQUER_SOUND", variable.as_ref())], &[&file]), "Stopped");
        assert_same(&stage.captured(&name), &decoded(&file));
    }
    let state = run_child(&[("LACQUER_SOUND", "none".as_ref())], &[&file]);
    assert!(state.starts_with("NoDevice"), "{state}");
}
