//! The session, from a folder of files to live releases and letters.

#![cfg(test)]

mod album;
mod importing;
mod listening;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use desktop::{Draft, Handover, Options, Outcome, Session, View};
use lofty::config::WriteOptions;
use lofty::tag::{ItemKey, Tag, TagExt as _, TagType};
use release::{DeliveryId, Field, FieldName, Recipe, ReleaseId};
use tempfile::TempDir;

struct Place(TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn home(&self) -> PathBuf {
        self.0.path().join("workspace")
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    async fn open(&self) -> Session {
        Session::open(&self.home(), Options::default()).await.unwrap()
    }
}

/// What a view shows of drafts, but for what only this session knows.
fn drafts(view: &View) -> Vec<Arc<Draft>> {
    view.drafts.iter().map(|view| Arc::clone(&view.draft)).collect()
}

async fn outcome(session: &Session, delivery: DeliveryId) -> Outcome {
    session.wait_for(|view| view.outcome(delivery)).await.unwrap()
}

fn recipes(view: &View, release: ReleaseId) -> BTreeSet<Recipe> {
    let tracks = view.release(release).unwrap().tracks.iter();
    tracks.flat_map(|track| track.renditions.iter().map(|rendition| rendition.recipe)).collect()
}

/// The objects under a folder of the workspace, and when each was last written.
fn objects(folder: &Path) -> BTreeSet<(PathBuf, std::time::SystemTime)> {
    let Ok(entries) = fs::read_dir(folder) else { return BTreeSet::new() };
    let mut found = BTreeSet::new();
    for entry in entries {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            found.extend(objects(&entry.path()));
        } else {
            found.insert((entry.path(), entry.metadata().unwrap().modified().unwrap()));
        }
    }
    found
}

#[tokio::test]
async fn an_album_goes_all_the_way_and_is_corrected() {
    let place = Place::new();
    let folder = album::write(place.path(), &["Harbour", "Low Light"]);
    let session = place.open().await;
    session.subscribe("Ann Ash", "ann@example.org").await.unwrap();
    let draft = session.import(vec![folder.clone()]).await.unwrap();
    let titles: Vec<String> =
        session.view().draft(draft).unwrap().draft.release.tracks.iter().map(|track| track.title.clone()).collect();
    assert_eq!(titles, ["Harbour", "Low Light"]);
    album::complete(&session, draft).await.unwrap();
    let first = session.queue(draft).await.unwrap();
    assert_eq!(first.how, Handover::New);
    assert_eq!(outcome(&session, first.delivery).await, Outcome::Live);

    let view = session.view();
    let release = view.release(draft).unwrap();
    for rendition in release.tracks.iter().flat_map(|track| &track.renditions) {
        let path = view.rendition_path(rendition).unwrap();
        assert!(path.is_file(), "{}", path.display());
        assert!(path.starts_with(place.home().canonicalize().unwrap().join("renditions")));
    }
    assert_eq!(view.mails.len(), 1);
    assert!(view.mails[0].path.as_ref().unwrap().is_file());

    // What did not change is shared by views: whoever shows them sees so at a glance.
    assert!(session.subscribe("Bo Birk", "bo@example.org").await.unwrap());
    let later = session.view();
    assert!(!Arc::ptr_eq(&view.subscriptions, &later.subscriptions));
    assert!(Arc::ptr_eq(&view.releases, &later.releases) && Arc::ptr_eq(&view.mails, &later.mails));

    // The same folder again: the same release, with what was entered, and nothing to send.
    assert_eq!(session.import(vec![folder.clone()]).await.unwrap(), draft);
    let again = session.queue(draft).await.unwrap();
    assert_eq!((again.how, again.delivery), (Handover::Unchanged, first.delivery));

    // A corrected title: no asset is written anew, all renditions are other ones, nobody is told twice.
    let assets = objects(&place.home().join("masters/local/assets"));
    let before = recipes(&session.view(), draft);
    session.edit(draft, Field::of_release(FieldName::Title), "Slack Water Again").await.unwrap();
    let second = session.queue(draft).await.unwrap();
    assert_eq!(second.how, Handover::New);
    assert_eq!(outcome(&session, second.delivery).await, Outcome::Live);
    assert_eq!(objects(&place.home().join("masters/local/assets")), assets);
    let view = session.view();
    assert_eq!(view.release(draft).unwrap().title, "Slack Water Again");
    assert!(recipes(&view, draft).is_disjoint(&before));
    assert_eq!(view.mails.len(), 1);
    assert_eq!(view.mails_of(draft).count(), 1, "the letter of the first delivery is about this release");
    session.close().await;

    // All of it is there when the workspace is opened again.
    let session = place.open().await;
    let there = session.view();
    assert_eq!(drafts(&there), drafts(&view));
    assert_eq!(there.releases, view.releases);
    assert_eq!(there.mails, view.mails);
    assert_eq!(there.queue, view.queue);
    session.close().await;
}

#[tokio::test]
async fn a_release_waits_for_review_and_for_its_date() {
    let place = Place::new();
    let folder = album::write(place.path(), &["Harbour"]);
    let session = place.open().await;
    session.set_workspace("Low Tide".to_owned(), true, true).await.unwrap();
    let draft = session.import(vec![folder]).await.unwrap();
    album::complete(&session, draft).await.unwrap();
    let date = Field::of_release(FieldName::ReleaseDate);
    session.edit(draft, date, "2999-01-01").await.unwrap();
    let delivery = session.queue(draft).await.unwrap().delivery;
    assert_eq!(outcome(&session, delivery).await, Outcome::InReview);

    let view = session.view();
    let release = view.release(draft).unwrap();
    let decision = desktop::Decision {
        release: draft,
        delivery,
        heard: recipes(&view, draft),
        metadata: release.metadata.unwrap(),
        verdict: desktop::Verdict::Approve,
        by: "Mo".to_owned(),
        at: jiff::Timestamp::now(),
    };
    session.decide(decision).await.unwrap();
    let due = "2999-01-01T00:00:00Z".parse().unwrap();
    assert_eq!(outcome(&session, delivery).await, Outcome::Due(Some(due)));

    session.withdraw(draft, "A sample was not cleared.").await.unwrap();
    assert_eq!(outcome(&session, delivery).await, Outcome::Withdrawn);
    // Delivered again as it is, it comes back by a new delivery.
    let again = session.queue(draft).await.unwrap();
    assert_eq!(again.how, Handover::New);
    assert_eq!(outcome(&session, again.delivery).await, Outcome::InReview);
    session.close().await;
}

#[tokio::test]
async fn the_same_bar_code_from_another_folder_is_the_same_release() {
    let place = Place::new();
    let folder = album::write(place.path(), &["Harbour"]);
    let session = place.open().await;
    let draft = session.import(vec![folder.clone()]).await.unwrap();
    album::complete(&session, draft).await.unwrap();
    let track = session.view().draft(draft).unwrap().draft.release.tracks[0].id;
    let delivery = session.queue(draft).await.unwrap().delivery;
    assert_eq!(outcome(&session, delivery).await, Outcome::Live);

    // Without its draft, a delivery still tells what these files are.
    session.remove(draft).await.unwrap();
    assert_eq!(session.import(vec![folder.clone()]).await.unwrap(), draft);
    assert_eq!(session.view().draft(draft).unwrap().draft.release.tracks[0].id, track);
    // The same folder, named otherwise.
    let roundabout = folder.join("..").join(folder.file_name().unwrap());
    assert_eq!(session.import(vec![roundabout]).await.unwrap(), draft);
    // Another folder, with no bar code: another release.
    let moved = place.path().join("moved");
    fs::rename(&folder, &moved).unwrap();
    let other = session.import(vec![moved.clone()]).await.unwrap();
    assert_ne!(other, draft);
    session.remove(other).await.unwrap();
    // And with the bar code that this one was given: the same.
    session.edit(draft, Field::of_release(FieldName::Upc), "190295810726").await.unwrap();
    let mut tag = Tag::new(TagType::Id3v2);
    tag.insert_text(ItemKey::Barcode, "190295810726".to_owned());
    tag.save_to_path(moved.join("01 Harbour.wav"), WriteOptions::default()).unwrap();
    assert_eq!(session.import(vec![moved.clone()]).await.unwrap(), draft);
    let view = session.view();
    let found = &view.draft(draft).unwrap().draft;
    assert_eq!((found.release.tracks[0].id, found.sources.as_slice()), (track, &[moved.canonicalize().unwrap()][..]));
    session.close().await;
}

#[tokio::test]
async fn a_file_that_did_not_change_is_not_read_again() {
    let place = Place::new();
    let folder = album::write(place.path(), &["Harbour"]);
    let file = folder.join("01 Harbour.wav");
    let session = place.open().await;
    let draft = session.import(vec![folder.clone()]).await.unwrap();
    let sha256 = |session: &Session| {
        let view = session.view();
        view.draft(draft).unwrap().draft.release.tracks[0].master.as_ref().unwrap().asset.sha256
    };
    let before = sha256(&session);
    // Other bytes under the same length, time and number: only reading would tell.
    let modified = fs::metadata(&file).unwrap().modified().unwrap();
    fs::write(&file, album::wav(7)).unwrap();
    fs::File::options().write(true).open(&file).unwrap().set_modified(modified).unwrap();
    session.import(vec![folder.clone()]).await.unwrap();
    assert_eq!(sha256(&session), before);
    // And another time makes it be read.
    let later = modified + std::time::Duration::from_secs(1);
    fs::File::options().write(true).open(&file).unwrap().set_modified(later).unwrap();
    session.import(vec![folder]).await.unwrap();
    assert_ne!(sha256(&session), before);
    session.close().await;
}

#[tokio::test]
async fn what_was_entered_by_hand_survives_reading_the_folder_again() {
    let place = Place::new();
    let folder = album::write(place.path(), &["Harbour", "Low Light"]);
    let session = place.open().await;
    let draft = session.import(vec![folder.clone()]).await.unwrap();
    album::complete(&session, draft).await.unwrap();
    let picture = place.path().join("chosen.png");
    image::RgbImage::from_pixel(3000, 3000, image::Rgb([1, 2, 3])).save(&picture).unwrap();
    session.set_artwork(draft, picture.clone()).await.unwrap();
    let track = session.view().draft(draft).unwrap().draft.release.tracks[1].id;
    session.edit(draft, Field::of_track(track, FieldName::Title), "By Hand").await.unwrap();
    let before = session.view().draft(draft).unwrap().draft.clone();

    fs::write(folder.join("03 Slack Tide.wav"), album::wav(3)).unwrap();
    fs::remove_file(folder.join("01 Harbour.wav")).unwrap();
    assert_eq!(session.import(vec![folder.clone()]).await.unwrap(), draft);
    let after = session.view().draft(draft).unwrap().draft.clone();
    let titles: Vec<&str> = after.release.tracks.iter().map(|track| track.title.as_str()).collect();
    assert_eq!(titles, ["By Hand", "Slack Tide"]);
    assert_eq!(after.release.label, "Low Tide");
    assert_eq!(after.artwork.as_ref().unwrap().path, picture);
    assert_eq!(after.absent.len(), 1);

    fs::write(folder.join("01 Harbour.wav"), album::wav(1)).unwrap();
    fs::remove_file(folder.join("03 Slack Tide.wav")).unwrap();
    session.import(vec![folder]).await.unwrap();
    let restored = session.view().draft(draft).unwrap().draft.clone();
    assert_eq!(restored.release, before.release);
    session.close().await;
}

#[tokio::test]
async fn an_import_that_finds_nothing_or_is_cancelled_leaves_no_draft() {
    let place = Place::new();
    let empty = place.path().join("empty");
    fs::create_dir(&empty).unwrap();
    let session = place.open().await;
    assert!(session.import(vec![empty]).await.is_err());
    assert!(session.import(vec![]).await.is_err());
    let picture = session.set_artwork(ReleaseId::new(jiff::Timestamp::now(), 1), place.path().join("none.png")).await;
    assert!(picture.is_err());
    assert!(session.view().drafts.is_empty());
    assert!(session.view().imports.is_empty());
    session.close().await;
}

#[tokio::test]
async fn nothing_waits_for_views_that_nobody_reads() {
    let place = Place::new();
    let folder = album::write(place.path(), &["Harbour"]);
    let session = place.open().await;
    let _unread = session.views();
    let draft = session.import(vec![folder]).await.unwrap();
    for number in 0..300 {
        session.edit(draft, Field::of_release(FieldName::Title), &format!("Title {number}")).await.unwrap();
    }
    assert_eq!(session.view().draft(draft).unwrap().draft.release.title, "Title 299");
    session.close().await;
}
