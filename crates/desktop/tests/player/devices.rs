//! Devices that are not there, or not any more.

use std::time::Duration;

use desktop::player::output::{Capture, Pace};
use desktop::player::{Command, PlayState, Player};

use crate::stage::{Stage, assert_same, decoded};

fn no_device(state: &PlayState) -> Option<String> {
    match state {
        PlayState::NoDevice { reason, help } => Some(format!("{reason} {help}")),
        _ => None,
    }
}

#[test]
fn without_a_device_it_says_so() {
    let mut stage = Stage::new(Pace::Quick);
    stage.player = Player::with_output(|| Box::new(Capture::new(Vec::new()))).unwrap();
    let path = stage.music("a.wav", 1.0, "-c:a pcm_s16le");
    stage.play_from(&[&path], Duration::from_millis(300));
    let view = stage.wait_for(|view| no_device(&view.state).is_some());
    insta::assert_snapshot!(no_device(&view.state).unwrap(), @"There is no sound device. Connect headphones or speakers, then play again.");
    assert_eq!((view.devices.len(), view.position_ms, view.device.as_ref()), (0, 300, None));
}

#[test]
fn when_a_device_vanishes_it_goes_on_on_another_where_it_was() {
    let stage = Stage::with_devices(Pace::Metered, &["one", "two"], &[]);
    let path = stage.music("a.wav", 4.0, "-c:a pcm_s24le");
    let whole = decoded(&path);
    stage.play(&[&path]);
    stage.roll(44_100);
    let view = stage.wait_for(|view| view.position_ms == 1000);
    let names: Vec<&str> = view.devices.iter().map(|device| device.name.as_str()).collect();
    assert_eq!(names, ["Device one", "Device two"]);

    stage.controls.unplug("one");
    let view = stage.wait_for(|view| no_device(&view.state).is_some());
    insta::assert_snapshot!(no_device(&view.state).unwrap(), @r#"The sound device "Device one" is not connected. Connect it again, or choose another device."#);
    assert_eq!((view.position_ms, view.devices.len()), (1000, 1));
    assert_eq!(stage.captured("one"), whole[..88_200]);

    stage.player.send(Command::UseDevice(Some("two".to_owned())));
    let view = stage.wait_for_state(&PlayState::Playing);
    assert_eq!((view.device.as_deref(), view.chosen_device.as_deref()), (Some("Device two"), Some("two")));
    stage.controls.allow(1 << 40);
    stage.captured_to_the_end();
    let rest = stage.captured("two");
    assert!(rest[0].abs() <= whole[88_200].abs());
    assert_same(&rest[884..], &whole[88_200 + 884..]);
}

#[test]
fn a_device_that_is_back_is_played_on_again() {
    let stage = Stage::new(Pace::Metered);
    let path = stage.music("a.wav", 3.0, "-c:a pcm_s24le");
    stage.player.send(Command::UseDevice(Some("one".to_owned())));
    stage.play(&[&path]);
    stage.roll(22_050);
    stage.wait_for(|view| view.position_ms == 500);
    stage.controls.unplug("one");
    stage.wait_for(|view| no_device(&view.state).is_some());
    // Still gone.
    stage.player.send(Command::Play);
    stage.player.send(Command::SetVolume(0.5));
    let view = stage.wait_for(|view| view.volume < 1.0);
    insta::assert_snapshot!(no_device(&view.state).unwrap(), @r#"The sound device "Device one" is not connected. Connect it again, or choose another device."#);
    stage.controls.plug("one");
    stage.player.send(Command::SetVolume(1.0));
    stage.player.send(Command::Play);
    stage.wait_for_state(&PlayState::Playing);
    stage.controls.allow(1 << 40);
    let captured = stage.captured_to_the_end();
    assert_same(&captured[44_100 + 884..], &decoded(&path)[44_100 + 884..]);
}

#[test]
fn a_device_that_is_lost_in_a_pause_is_no_matter_until_it_plays() {
    let stage = Stage::with_devices(Pace::Metered, &["one", "two"], &[]);
    let path = stage.music("a.wav", 2.0, "-c:a pcm_s24le");
    stage.play(&[&path]);
    stage.roll(22_050);
    stage.player.send(Command::Pause);
    stage.wait_for_state(&PlayState::Paused);
    stage.controls.unplug("one");
    assert_eq!(stage.wait_for(|view| view.devices.len() == 1).state, PlayState::Paused);
    // The system's choice is another device now.
    stage.player.send(Command::Play);
    assert_eq!(stage.wait_for_state(&PlayState::Playing).device.as_deref(), Some("Device two"));
    stage.controls.allow(1 << 40);
    stage.captured_to_the_end();
    assert_same(&stage.captured("two")[884..], &decoded(&path)[44_100 + 884..]);
}
