//! Files that cannot be played.

use std::fs;

use desktop::player::output::Pace;
use desktop::player::{PlayState, Skipped};

use crate::stage::{Stage, assert_same, decoded};

fn told(skipped: &[Skipped]) -> String {
    let line = |skipped: &Skipped| format!("{}: {} {}", skipped.item.title, skipped.reason, skipped.help.unwrap_or(""));
    skipped.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_cannot_be_played_is_skipped_and_said() {
    let stage = Stage::new(Pace::Quick);
    let good = ["a.wav", "z.flac"].map(|name| stage.music(name, 2.0, "-sample_fmt s16"));
    let bad = ["notes.wav", "empty.flac", "gone.wav", "half.wav"].map(|name| stage.path(name));
    fs::write(&bad[0], "Side A: loud. Side B: louder.").unwrap();
    fs::write(&bad[1], "").unwrap();
    fs::write(&bad[3], &fs::read(&good[0]).unwrap()[..20]).unwrap();
    stage.play(&[&good[0], &bad[0], &bad[1], &bad[2], &bad[3], &good[1]]);
    let captured = stage.captured_to_the_end();
    assert_same(&captured, &[decoded(&good[0]), decoded(&good[1])].concat());
    let view = stage.player.view();
    assert_eq!(view.index, 5);
    insta::assert_snapshot!(told(&view.skipped), @r"
    notes.wav: This is not an audio file: it is text. Export the master as WAV, AIFF or FLAC, or leave this file out.
    empty.flac: This is not an audio file: it is empty. Copy or export the file again.
    gone.wav: The file is no longer there. Put it back, or connect the disk that it is on.
    half.wav: The WAV file is damaged: its format is cut off. Copy or export the file again.
    ");
}

#[test]
fn a_file_that_vanishes_while_another_plays_is_skipped() {
    let stage = Stage::new(Pace::Metered);
    let paths = ["a.wav", "b.wav", "c.wav"].map(|name| stage.music(name, 3.0, "-c:a pcm_s24le"));
    let wanted = [decoded(&paths[0]), decoded(&paths[2])].concat();
    stage.play(&[&paths[0], &paths[1], &paths[2]]);
    stage.roll(44_100);
    fs::remove_file(&paths[1]).unwrap();
    stage.controls.allow(1 << 40);
    assert_same(&stage.captured_to_the_end(), &wanted);
    assert_eq!(stage.player.view().skipped[0].item.title, "b.wav");
}

#[test]
fn where_nothing_can_be_played_it_says_why() {
    let stage = Stage::new(Pace::Quick);
    let path = stage.path("notes.wav");
    fs::write(&path, "Side A: loud. Side B: louder.").unwrap();
    stage.play(&[&path, &stage.path("gone.wav")]);
    let view = stage.wait_for(|view| matches!(view.state, PlayState::Failed { .. }));
    let PlayState::Failed { reason, help } = &view.state else { unreachable!("it was waited for") };
    insta::assert_snapshot!(format!("{reason} {}", help.unwrap_or("")), @"This is not an audio file: it is text. Export the master as WAV, AIFF or FLAC, or leave this file out.");
    assert_eq!((view.skipped.len(), view.device.as_ref()), (2, None));
    // What is there by then can be played.
    let good = stage.music("good.wav", 1.0, "-c:a pcm_s16le");
    stage.play(&[&good]);
    assert_same(&stage.captured_to_the_end(), &decoded(&good));
    assert_eq!(stage.player.view().skipped.len(), 0);
}
