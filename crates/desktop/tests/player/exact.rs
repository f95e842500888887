//! Sample for sample.

use std::f64::consts::TAU;

use desktop::player::Command;
use desktop::player::output::Pace;

use crate::stage::{Stage, assert_same, decoded, write_wav};

#[test]
fn a_card_gets_what_the_file_holds() {
    for (name, arguments) in [
        ("24.flac", "-c:a flac -sample_fmt s32"),
        ("16.wav", "-ar 48000 -c:a pcm_s16le"),
        ("24.wav", "-ar 96000 -c:a pcm_s24le"),
        ("a.ogg", "-c:a libvorbis"),
    ] {
        let stage = Stage::new(Pace::Quick);
        let path = stage.music(name, 5.0, arguments);
        stage.play(&[&path]);
        let captured = stage.captured_to_the_end();
        assert_same(&captured, &decoded(&path));
        let view = stage.player.view();
        assert_eq!(view.skipped.len(), 0, "{name}");
        assert_eq!(view.length_ms, Some(5000), "{name}");
    }
}

#[test]
fn mono_is_heard_on_both_sides() {
    let stage = Stage::new(Pace::Quick);
    let path = stage.music("mono.wav", 2.0, "-ac 1 -c:a pcm_s24le");
    stage.play(&[&path]);
    let both: Vec<f32> = decoded(&path).iter().flat_map(|sample| [*sample; 2]).collect();
    assert_same(&stage.captured_to_the_end(), &both);
}

/// The halves of a piece, cut within what a decoder takes for one block.
fn halves(stage: &Stage) -> [std::path::PathBuf; 3] {
    let whole = stage.music("whole.wav", 6.0, "-c:a pcm_s24le");
    let samples: Vec<[f32; 2]> = decoded(&whole).as_chunks::<2>().0.to_vec();
    let (first, second) = samples.split_at(123_457);
    for (name, samples) in [("first.wav", first), ("second.wav", second)] {
        write_wav(&stage.path(name), 44_100, samples);
    }
    [whole, stage.path("first.wav"), stage.path("second.wav")]
}

#[test]
fn two_halves_played_one_after_the_other_are_the_whole() {
    let stage = Stage::new(Pace::Quick);
    let [whole, first, second] = halves(&stage);
    stage.play(&[&first, &second]);
    assert_same(&stage.captured_to_the_end(), &decoded(&whole));
    assert_eq!(stage.player.view().index, 1);
}

#[test]
fn two_halves_are_the_whole_at_another_rate_too() {
    let captured = |files: usize| {
        let stage = Stage::with_devices(Pace::Quick, &["one"], &[48_000]);
        let [whole, first, second] = halves(&stage);
        if files == 1 {
            stage.play(&[&whole])
        } else {
            stage.play(&[&first, &second])
        }
        stage.captured_to_the_end()
    };
    let (whole, halves) = (captured(1), captured(2));
    // Six seconds; silence follows.
    assert_same(&halves, &whole[..6 * 48_000 * 2]);
    assert_same(&whole, &halves[..6 * 48_000 * 2]);
}

/// A tone at −3 dB whose frequency rises from 40 Hz to 18 kHz in two seconds, with soft ends.
fn sweep(rate: u32) -> Vec<[f32; 2]> {
    let rate = f64::from(rate);
    (0..(2.0 * rate) as usize)
        .map(|i| {
            let t = i as f64 / rate;
            let edge = (t.min(2.0 - t) / 0.1).clamp(0.0, 1.0);
            let tone = 0.7 * (TAU * (40.0 * t + 17_960.0 * t * t / 4.0)).sin();
            [(tone * (0.5 - 0.5 * (edge * TAU / 2.0).cos())) as f32; 2]
        })
        .collect()
}

#[test]
fn another_rate_of_the_device_keeps_length_and_sound() {
    for (file, device) in [(44_100, 48_000), (96_000, 48_000), (48_000, 44_100)] {
        let stage = Stage::with_devices(Pace::Quick, &["one"], &[device]);
        let path = stage.path("sweep.wav");
        write_wav(&path, file, &sweep(file));
        stage.play(&[&path]);
        let captured = stage.captured_to_the_end();
        let ideal: Vec<f32> = sweep(device).into_iter().flatten().collect();
        let power = |samples: &mut dyn Iterator<Item = f64>| samples.map(|sample| sample * sample).sum::<f64>();
        let signal = power(&mut ideal.iter().map(|sample| f64::from(*sample)));
        let error = power(&mut captured.iter().zip(&ideal).map(|(got, ideal)| f64::from(got - ideal)));
        let ratio = 10.0 * (signal / error).log10();
        assert!(ratio > 100.0, "{file} to {device} Hz: {ratio:.1} dB");
        assert!(captured[ideal.len()..].iter().all(|sample| *sample == 0.0), "{file} to {device} Hz: too long");
    }
}

#[test]
fn a_last_sample_that_is_not_silent_is_the_last_at_another_rate_too() {
    let stage = Stage::with_devices(Pace::Quick, &["one"], &[48_000]);
    let path = stage.path("flat.wav");
    write_wav(&path, 44_100, &[[0.5; 2]; 50_001]);
    stage.play(&[&path]);
    let captured = stage.captured_to_the_end();
    let frames = captured.iter().rposition(|sample| *sample != 0.0).unwrap() / 2 + 1;
    // 50,001 × 48,000 / 44,100 is 54,423.1.
    assert_eq!(frames, 54_423);
}

#[test]
fn half_the_volume_is_6_02_db_less() {
    let stage = Stage::new(Pace::Quick);
    let path = stage.music("a.wav", 3.0, "-c:a pcm_s24le");
    stage.player.send(Command::SetVolume(0.5));
    stage.play(&[&path]);
    let captured = stage.captured_to_the_end();
    let half: Vec<f32> = decoded(&path).iter().map(|sample| sample * 0.5).collect();
    assert_same(&captured, &half);
    let power = |samples: &[f32]| samples.iter().map(|sample| f64::from(*sample).powi(2)).sum::<f64>();
    let level = 10.0 * (power(&captured) / power(&decoded(&path))).log10();
    assert!((level + 6.02).abs() < 0.005, "{level} dB");
    assert!((stage.player.view().volume - 0.5).abs() < 1e-9);
}
