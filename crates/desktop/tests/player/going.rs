//! Pausing, and going elsewhere.

use std::time::Duration;

use desktop::player::output::Pace;
use desktop::player::{Command, PlayState};

use crate::stage::{Stage, assert_same, decoded, find};

/// Samples of a fade: 10 ms at 44.1 kHz, and one frame for rounding.
const FADE: usize = 442 * 2;

/// That samples are others, made ever louder from silence.
fn assert_fades_in(samples: &[f32], full: &[f32]) {
    for (i, (got, full)) in samples.iter().zip(full).enumerate() {
        let gain = (i / 2 + 1) as f32 / 441.0;
        assert!((got - full * gain.min(1.0)).abs() < 1e-3, "sample {i}: {got} of {full}");
    }
}

fn assert_fades_out(samples: &[f32], full: &[f32]) {
    for (i, (got, full)) in samples.iter().zip(full).enumerate() {
        let gain = 1.0 - (i / 2 + 1) as f32 / 441.0;
        assert!((got - full * gain.max(0.0)).abs() < 1e-3, "sample {i}: {got} of {full}");
    }
}

#[test]
fn seeking_lands_on_the_frame_in_every_kind_of_file() {
    for (name, arguments) in [
        ("a.wav", "-c:a pcm_s24le"),
        ("a.flac", "-c:a flac"),
        ("a.m4a", "-c:a alac"),
        ("a.mp3", "-c:a libmp3lame -b:a 192k"),
        ("a.ogg", "-c:a libvorbis"),
    ] {
        let stage = Stage::new(Pace::Metered);
        let path = stage.music(name, 6.0, arguments);
        let whole = decoded(&path);
        stage.play(&[&path]);
        stage.roll(44_100);
        // Forward, in time for frame 150,001, and back.
        stage.player.send(Command::Seek(Duration::from_nanos(3_401_383_220)));
        stage.wait_for(|view| view.position_ms == 3401);
        stage.roll(44_100);
        stage.player.send(Command::Seek(Duration::from_millis(500)));
        stage.wait_for(|view| view.position_ms == 500);
        stage.controls.allow(1 << 40);
        let captured = stage.captured_to_the_end();

        assert_eq!(captured[..88_200], whole[..88_200], "{name}");
        assert_fades_out(&captured[88_200..88_200 + 882], &whole[88_200..]);
        let target = 150_001 * 2;
        let start = find(&captured, &whole[target + FADE..target + FADE + 200]) - FADE;
        assert_fades_in(&captured[start..], &whole[target..target + FADE]);
        assert!(
            captured[start.min(88_200 + FADE)..start].iter().all(|sample| *sample == 0.0),
            "{name}: silence between"
        );
        assert!((start - 88_200) / 2 <= 2048, "{name}: a short one");
        let until = 2 * 88_200;
        assert_eq!(captured[start + FADE..until], whole[target + FADE..target + until - start], "{name}");

        let back = until + find(&captured[until..], &whole[44_100 + FADE..44_100 + FADE + 200]) - FADE;
        assert_fades_in(&captured[back..], &whole[44_100..44_100 + FADE]);
        assert_same(&captured[back + FADE..], &whole[44_100 + FADE..]);
    }
}

#[test]
fn a_short_pause_loses_nothing() {
    let stage = Stage::new(Pace::Metered);
    let path = stage.music("a.wav", 4.0, "-c:a pcm_s16le");
    let whole = decoded(&path);
    stage.play(&[&path]);
    stage.roll(44_100);
    assert_eq!(stage.wait_for(|view| view.position_ms == 1000).state, PlayState::Playing);
    stage.player.send(Command::PlayOrPause);
    stage.wait_for_state(&PlayState::Paused);
    stage.roll(11_025);
    stage.player.send(Command::PlayOrPause);
    stage.wait_for_state(&PlayState::Playing);
    stage.controls.allow(1 << 40);
    let captured = stage.captured_to_the_end();
    assert_gap(&captured, &whole, 88_200, 22_050);
}

#[test]
fn a_long_pause_lets_the_device_go_and_loses_nothing() {
    let stage = Stage::new(Pace::Metered);
    let path = stage.music("a.flac", 4.0, "-c:a flac");
    let whole = decoded(&path);
    stage.play(&[&path]);
    stage.roll(44_100);
    assert_eq!(stage.wait_for(|view| view.position_ms == 1000).device.as_deref(), Some("Device one"));
    stage.player.send(Command::Pause);
    stage.wait_for_state(&PlayState::Paused);
    stage.controls.allow(44_100);
    stage.controls.wait_until_closed();
    assert_eq!(stage.wait_for(|view| view.device.is_none()).state, PlayState::Paused);
    let paused = usize::try_from(stage.controls.frames()).unwrap() - 44_100;
    stage.player.send(Command::Play);
    stage.controls.allow(1 << 40);
    let captured = stage.captured_to_the_end();
    assert_gap(&captured, &whole, 88_200, paused * 2);
}

/// That the whole was played, with a gap of a known length that it fades into and out of.
fn assert_gap(captured: &[f32], whole: &[f32], at: usize, gap: usize) {
    assert_eq!(captured[..at], whole[..at]);
    // A fade takes 441 frames, or by rounding one more.
    let faded = [882, 884].into_iter().find(|faded| {
        captured[at + faded..at + gap].iter().all(|sample| *sample == 0.0)
            && captured[at + gap + FADE..at + gap + FADE + 2000] == whole[at + faded + FADE..at + faded + FADE + 2000]
    });
    let faded = faded.expect("after the gap it goes on where the fade ended");
    assert_fades_out(&captured[at..at + faded], &whole[at..]);
    assert_fades_in(&captured[at + gap..at + gap + FADE], &whole[at + faded..]);
    assert_same(&captured[at + gap + FADE..], &whole[at + faded + FADE..]);
}

#[test]
fn next_and_previous_begin_with_the_first_frame() {
    let stage = Stage::new(Pace::Metered);
    let paths = ["a.wav", "b.flac", "c.wav"].map(|name| stage.music(name, 2.0, "-sample_fmt s16"));
    stage.play(&[&paths[0], &paths[1], &paths[2]]);
    let shown = |index: usize, ms: u64| stage.wait_for(|view| view.index == index && view.position_ms == ms);
    stage.roll(10_000);
    shown(0, 226);
    let before = usize::try_from(stage.controls.frames()).unwrap() * 2;
    stage.player.send(Command::Next);
    assert_eq!(shown(1, 0).item.as_ref().unwrap().title, "b.flac");
    stage.roll(20_000);
    let captured = stage.captured("one");
    let whole = decoded(&paths[1]);
    let start = before + find(&captured[before..], &whole[..400]);
    assert_eq!(captured[start..], whole[..captured.len() - start]);
    assert!(start - before <= 4096 * 2);

    stage.player.send(Command::Next);
    shown(2, 0);
    stage.player.send(Command::Previous);
    shown(1, 0);
    stage.player.send(Command::Previous);
    shown(0, 0);
    stage.player.send(Command::Previous);
    stage.player.send(Command::Pause);
    let view = stage.wait_for_state(&PlayState::Paused);
    assert_eq!((view.index, view.position_ms, view.pieces), (0, 0, 3));
    // Paused, it goes there and stays paused.
    stage.player.send(Command::Next);
    assert_eq!(shown(1, 0).state, PlayState::Paused);
    stage.player.send(Command::Seek(Duration::from_millis(700)));
    assert_eq!(shown(1, 700).state, PlayState::Paused);
    stage.player.send(Command::Play);
    stage.wait_for_state(&PlayState::Playing);
    stage.player.send(Command::Next);
    stage.player.send(Command::Next);
    let view = stage.wait_for_state(&PlayState::Stopped);
    assert_eq!((view.index, view.position_ms), (2, 0));
}

#[test]
fn another_version_is_heard_from_the_same_place() {
    let stage = Stage::new(Pace::Metered);
    let master = stage.music("master.wav", 4.0, "-ar 96000 -c:a pcm_s24le");
    let rendition = stage.music("rendition.flac", 4.0, "-c:a flac");
    stage.play(&[&master]);
    stage.roll(96_000);
    let view = stage.wait_for(|view| view.position_ms == 1000);
    let before = usize::try_from(stage.controls.frames()).unwrap() * 2;
    stage.play_from(&[&rendition], Duration::from_millis(view.position_ms));
    stage.wait_for(|view| view.item.as_ref().is_some_and(|item| item.id == "rendition.flac"));
    stage.controls.allow(1 << 40);
    let captured = stage.captured_to_the_end();
    // The device was opened anew, at the rendition's rate.
    assert_fades_in(&captured[before..before + FADE], &decoded(&rendition)[88_200..]);
    assert_same(&captured[before + FADE..], &decoded(&rendition)[88_200 + FADE..]);
}

#[test]
fn a_stop_ends_it_and_play_begins_it_again() {
    let stage = Stage::new(Pace::Metered);
    let path = stage.music("a.wav", 2.0, "-c:a pcm_s24le");
    stage.play(&[&path]);
    stage.roll(20_000);
    stage.player.send(Command::Stop);
    assert_eq!(stage.wait_for_state(&PlayState::Stopped).position_ms, 0);
    stage.controls.allow(1 << 40);
    stage.controls.wait_until_closed();
    let before = usize::try_from(stage.controls.frames()).unwrap() * 2;
    stage.player.send(Command::Play);
    stage.wait_for_state(&PlayState::Playing);
    assert_same(&stage.captured_to_the_end()[before..], &decoded(&path));
}
