//! What is chosen at the desk.

use super::*;
use crate::player::output::{Capture, CaptureDevice, Pace};
use crate::player::{Command as Order, Player};
use crate::settings::{DeskSettings, Theme};

/// A player on two devices that write nothing.
fn player() -> Player {
    let device = |id: &str| CaptureDevice {
        id: id.to_owned(),
        name: id.to_uppercase(),
        path: None,
        rates: Vec::new(),
        pace: Pace::Quick,
    };
    let capture = Capture::new(vec![device("one"), device("two")]);
    Player::with_output(move || Box::new(capture)).unwrap()
}

async fn open(place: &Place) -> Session {
    let options = Options { player: player(), ..Options::default() };
    Session::open(&place.home(), options).await.unwrap()
}

/// Waits until the player's volume and device are these.
async fn sounds(session: &Session, volume: f32, device: Option<&str>) {
    let is_so = |view: &crate::player::PlayerView| (view.volume, view.chosen_device.as_deref()) == (volume, device);
    session.player().views().wait_for(|view| is_so(view)).await.unwrap();
}

#[tokio::test]
async fn what_is_chosen_is_there_when_it_is_opened_again() {
    let place = Place::new();
    let session = open(&place).await;
    let chosen = DeskSettings {
        queue_paused: true,
        parallel_parts: 9,
        rate_limit: Some(2_000_000),
        volume: 0.5,
        output_device: Some("two".to_owned()),
        theme: Theme::Dark,
        welcomed: true,
    };
    session.set_desk(chosen.clone()).await.unwrap();
    sounds(&session, 0.5, Some("two")).await;
    let refusal = session.set_desk(DeskSettings { parallel_parts: 40, ..chosen.clone() }).await.unwrap_err();
    assert_eq!(refusal.to_string(), "40 parts cannot be sent at a time. Choose a number from 1 to 16.");
    assert_eq!(*session.view().settings, chosen);
    session.close().await;

    let session = open(&place).await;
    assert_eq!(*session.view().settings, chosen);
    sounds(&session, 0.5, Some("two")).await;
    session.close().await;
}

#[tokio::test]
async fn volume_and_device_are_kept_however_they_are_chosen() {
    let place = Place::new();
    let session = open(&place).await;
    session.player().send(Order::SetVolume(0.25));
    session.player().send(Order::UseDevice(Some("one".to_owned())));
    session
        .wait_for(|view| (view.settings.volume == 0.25 && view.settings.output_device.is_some()).then_some(()))
        .await
        .unwrap();
    // What was chosen right before the end is kept too.
    session.player().send(Order::SetVolume(0.75));
    sounds(&session, 0.75, Some("one")).await;
    session.pause_queue(false).await.unwrap();
    session.close().await;
    let session = open(&place).await;
    assert_eq!((session.view().settings.volume, session.view().settings.output_device.as_deref()), (0.75, Some("one")));
    session.close().await;
}
