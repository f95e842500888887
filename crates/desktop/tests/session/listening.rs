//! Hearing and seeing drafts and releases.

use std::time::Duration;

use desktop::player::output::{Capture, CaptureDevice, Pace};
use desktop::player::{PlayState, Player, Sound};
use desktop::{PictureSource, PlaySource};
use jiff::Timestamp;
use release::TrackId;

use super::*;

async fn open(place: &Place) -> Session {
    let device = CaptureDevice {
        id: "file".to_owned(),
        name: "File".to_owned(),
        path: Some(place.path().join("heard")),
        rates: Vec::new(),
        pace: Pace::Quick,
    };
    let player = Player::with_output(move || Box::new(Capture::new(vec![device]))).unwrap();
    Session::open(&place.home(), Options { player, ..Options::default() }).await.unwrap()
}

#[tokio::test]
async fn drafts_masters_and_renditions_are_heard_drawn_and_seen() {
    let place = Place::new();
    let folder = album::write(place.path(), &["Harbour", "Low Light"]);
    let session = open(&place).await;
    let draft = session.import(vec![folder.clone()]).await.unwrap();
    album::complete(&session, draft).await.unwrap();
    let tracks: Vec<TrackId> =
        session.view().draft(draft).unwrap().draft.release.tracks.iter().map(|track| track.id).collect();
    let of_draft = |track| PlaySource::DraftMaster { draft, track };
    let of_release = |track| PlaySource::ReleaseMaster { release: draft, track };
    let rendition = |track| PlaySource::Rendition { release: draft, track, profile: "mp3-320".to_owned() };

    let refusal = session.play(vec![of_release(tracks[0])], 0, Duration::ZERO).await.unwrap_err().to_string();
    assert_eq!(refusal, format!("No release {draft} was delivered from here. Deliver it first."));
    let delivery = session.queue(draft).await.unwrap().delivery;
    assert_eq!(outcome(&session, delivery).await, Outcome::Live);

    let kinds: [&dyn Fn(TrackId) -> PlaySource; 3] = [&of_draft, &of_release, &rendition];
    for source in kinds {
        let sources = vec![source(tracks[0]), source(tracks[1])];
        session.play(sources.clone(), 1, Duration::ZERO).await.unwrap();
        let mut views = session.player().views();
        let id = sources[1].to_string();
        let view = views.wait_for(|view| view.item.as_ref().is_some_and(|item| item.id == id)).await.unwrap().clone();
        let item = view.item.clone().unwrap();
        assert_eq!((item.title.as_str(), view.index, view.pieces), ("Low Light", 1, 2));
        assert!(matches!(&item.sound, Sound::File(path) if path.is_file()), "{item:?}");
        views.wait_for(|view| view.state == PlayState::Stopped).await.unwrap();
        assert_eq!(session.player().view().skipped.len(), 0);
    }

    // One shape for all, and of each track its own.
    let shape = session.waveform(of_draft(tracks[0])).await.unwrap();
    assert!(shape.waveform.bins.len() > 50);
    assert_eq!(shape.sample_rate, 44_100);
    assert_eq!(session.waveform(of_release(tracks[0])).await.unwrap(), shape);
    assert_eq!(session.waveform(rendition(tracks[0])).await.unwrap(), shape);
    assert_ne!(session.waveform(of_draft(tracks[1])).await.unwrap(), shape);

    for source in [PictureSource::Draft(draft), PictureSource::Release(draft)] {
        let picture = image::load_from_memory(&session.picture(source, 120).await.unwrap()).unwrap();
        assert_eq!((picture.width(), picture.height()), (120, 120));
        let image::Rgb([r, g, b]) = *picture.to_rgb8().get_pixel(60, 60);
        assert!(r.abs_diff(20) < 6 && g.abs_diff(60) < 6 && b.abs_diff(90) < 6, "{r} {g} {b}");
    }

    let details = session.release_details(draft).await.unwrap();
    assert_eq!(details.delivery, delivery);
    assert_eq!(details.release.artwork.as_ref().unwrap().width, 4000);
    let master = details.release.tracks[0].master.as_ref().unwrap();
    assert_eq!(master.facts.format.sample_rate, 44_100);
    assert!(master.loudness.true_peak_dbtp.is_some());

    // A draft that is gone, and what was measured of its files: the master is read, once.
    session.remove(draft).await.unwrap();
    session.close().await;
    fs::remove_dir_all(&folder).unwrap();
    let session = open(&place).await;
    assert_eq!(session.waveform(rendition(tracks[0])).await.unwrap(), shape);
    assert_eq!(session.waveform(of_release(tracks[0])).await.unwrap(), shape);
    assert!(session.waveform(of_draft(tracks[0])).await.is_err());
    session.close().await;
}

#[tokio::test]
async fn what_cannot_be_heard_or_seen_is_said() {
    let place = Place::new();
    let folder = album::write(place.path(), &["Harbour"]);
    let session = open(&place).await;
    let draft = session.import(vec![folder.clone()]).await.unwrap();
    let track = session.view().draft(draft).unwrap().draft.release.tracks[0].id;
    let unknown = TrackId::new(Timestamp::UNIX_EPOCH, 7);
    let play = |track| session.play(vec![PlaySource::DraftMaster { draft, track }], 0, Duration::ZERO);
    let refusal = play(unknown).await.unwrap_err().to_string();
    assert!(refusal.ends_with(&format!("has no track {unknown}. It may have been removed.")), "{refusal}");
    let file = folder.join("01 Harbour.wav").canonicalize().unwrap();
    fs::remove_file(&file).unwrap();
    let refusal = play(track).await.unwrap_err().to_string();
    let expected = format!(
        "{}, the file of \"Harbour\", is not there. Put it back where it was, or import the release's folder anew.",
        file.display()
    );
    assert_eq!(refusal, expected);
    session.remove_artwork(draft).await.unwrap();
    let refusal = session.picture(PictureSource::Draft(draft), 96).await.unwrap_err().to_string();
    assert!(refusal.ends_with("has no artwork. Choose a picture for it."), "{refusal}");
    let refusal = session.picture(PictureSource::Release(draft), 96).await.unwrap_err().to_string();
    assert_eq!(refusal, format!("No release {draft} was delivered from here. Deliver it first."));
    assert!(session.release_details(draft).await.is_err());
    session.close().await;
}
