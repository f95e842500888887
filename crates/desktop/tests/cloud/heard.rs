//! Renditions are heard over links that run out.

use std::time::Duration;

use audio::SampleReader;
use desktop::player::output::{Capture, CaptureDevice, Pace};
use desktop::player::{PlayState, Player};
use desktop::{PictureSource, PlaySource, State};

use crate::stage::{MIRA, Stage, deliver, stands};

#[tokio::test(flavor = "multi_thread")]
async fn renditions_are_heard_to_the_sample_over_links_that_run_out() {
    let stage = Stage::new().await;
    let computer = stage.joined(MIRA).await;
    let capture = CaptureDevice {
        id: "file".to_owned(),
        name: "File".to_owned(),
        path: Some(computer.folder.path().join("heard")),
        rates: Vec::new(),
        pace: Pace::Quick,
    };
    let player = Player::with_output(move || Box::new(Capture::new(vec![capture]))).unwrap();
    let session = computer.open_with(player).await;
    let draft = computer.draft(&session, &["Harbour", "Low Light"]).await;
    let delivery = deliver(&session, draft).await;
    stage.hear_of(draft, delivery, false).await;
    let release = stands(&session, draft, State::Live).await;
    let source = |track: usize| PlaySource::Rendition {
        release: draft,
        track: release.tracks[track].id,
        profile: "flac".to_owned(),
    };
    // A link runs out before it is used.
    stage.api.refuse_links(1);
    session.play(vec![source(0), source(1)], 0, Duration::ZERO).await.unwrap();
    let mut views = session.player().views();
    views.wait_for(|view| view.pieces == 2 && view.state == PlayState::Stopped).await.unwrap();
    assert_eq!(session.player().view().skipped.len(), 0);
    let refused = stage.api.asked("/link/").iter().filter(|asked| asked.status == 403).count();
    assert_eq!((refused, stage.api.asked("/v1/renditions/").len()), (1, 3), "it had to be asked for anew");

    let view = session.view();
    let masters: Vec<f32> = [0, 1]
        .into_iter()
        .flat_map(|track| {
            let draft = &view.draft(draft).unwrap().draft;
            let file = &draft.files[&draft.release.tracks[track].id];
            let mut reader = SampleReader::open(std::fs::File::open(&file.path).unwrap()).unwrap();
            let mut samples = Vec::new();
            while let Some(block) = reader.read().unwrap() {
                samples.extend_from_slice(block);
            }
            samples
        })
        .collect();
    session.player().close();
    let heard = std::fs::read(computer.folder.path().join("heard")).unwrap();
    let heard: Vec<f32> = heard.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    let sound = |samples: &[f32]| samples.iter().copied().filter(|sample| *sample != 0.0).collect::<Vec<f32>>();
    assert!(sound(&heard) == sound(&masters), "what is heard is what the masters hold");
    session.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_computer_without_the_files_hears_draws_and_shows_a_release() {
    let stage = Stage::new().await;
    let first = stage.joined(MIRA).await;
    let session = first.open().await;
    let draft = first.draft(&session, &["Harbour"]).await;
    let delivery = deliver(&session, draft).await;
    stage.hear_of(draft, delivery, false).await;
    session.close().await;

    let other = stage.joined(MIRA).await;
    let session = other.open().await;
    let release = stands(&session, draft, State::Live).await;
    let source = PlaySource::ReleaseMaster { release: draft, track: release.tracks[0].id };
    let shape = session.waveform(source.clone()).await.unwrap();
    assert!(shape.waveform.bins.len() > 50);
    let picture = session.picture(PictureSource::Release(draft), 96).await.unwrap();
    assert_eq!(image::load_from_memory(&picture).unwrap().width(), 96);
    assert_eq!(session.release_details(draft).await.unwrap().delivery, delivery);
    session.close().await;
    // It was read once, and is kept.
    let links = stage.api.asked("/link/").len();
    let session = other.open().await;
    let again = session.waveform(source).await.unwrap();
    assert_eq!(again, shape);
    assert_eq!(stage.api.asked("/link/").len(), links);
    session.close().await;
}
