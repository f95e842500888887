//! The session over drafts that are on its desk already: what is sent, in which order, and what is on disk when.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use proptest::prelude::*;
use release::{Advisory, Contributor, Entry, Field, FieldName, ReleaseId, Role, keys};
use tempfile::TempDir;
use upload::digest::FileDigest;

use super::*;
use crate::delivery::DeliveryState;
use crate::desk::Desk;
use crate::draft::{Draft, SourceFile, sample};
use crate::home::Home;
use crate::import::FileIdentity;
use crate::outcome::Outcome;
use crate::workspace::WorkspaceFile;

/// A workspace and a folder of files; both go with it.
struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn home(&self) -> PathBuf {
        self.folder.path().join("workspace")
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Puts drafts on the desk, as earlier imports would have.
    fn with_drafts(self, drafts: &[Draft]) -> Self {
        let home = Home::prepare(&self.home()).unwrap();
        WorkspaceFile::open(&home, Timestamp::now()).unwrap();
        let (mut desk, _) = Desk::open(&home.desk(), Timestamp::now()).unwrap();
        for draft in drafts {
            desk.save_draft(draft).unwrap();
        }
        self
    }

    /// A release that may be queued, with its files on disk.
    fn ready(&self, number: u128) -> Draft {
        let mut draft = sample::draft(number, &format!("/album {number}"));
        for track in 1..=2 {
            let path = self.file(&format!("{number}-{track}.wav"));
            let bytes = format!("sound {track} of {number}").into_bytes();
            fs::write(&path, &bytes).unwrap();
            let id = number * 100 + u128::from(track);
            sample::add_track(&mut draft, id, track, path.to_str().unwrap(), &bytes, &format!("Track {track}"));
            let id = sample::track_id(id);
            draft.files.insert(id, file_at(&path));
        }
        for track in &mut draft.release.tracks {
            track.advisory = Some(Advisory::None);
        }
        let release = &mut draft.release;
        release.title = format!("Album {number}");
        release.label = "Low Tide".to_owned();
        release.language = "en".to_owned();
        release.genre = "Electronic".to_owned();
        release.contributors = vec![Contributor::new("Ann Ash", Role::MainArtist)];
        release.p_line = Entry::read("2026 Low Tide");
        release.c_line = Entry::read("2026 Low Tide");
        let path = self.file(&format!("{number}.png"));
        fs::write(&path, format!("picture of {number}")).unwrap();
        let file = file_at(&path);
        draft.set_artwork(sample::artwork(&file), file);
        draft
    }

    async fn open(&self) -> Session {
        Session::open(&self.home(), Options::default()).await.unwrap()
    }

    /// The workspace as a process that is killed now would leave it.
    fn as_if_killed(&self) -> Self {
        let copy = Self::new();
        copy_folder(&self.home(), &copy.home());
        copy
    }

    /// The names of all objects in the store of masters, with their sizes.
    fn stored(&self) -> Vec<(String, u64)> {
        let mut found = Vec::new();
        walk(&self.home().join("masters").join("local"), &mut |path| {
            let key = path.strip_prefix(self.home().join("masters")).unwrap().to_str().unwrap().to_owned();
            found.push((key, path.metadata().unwrap().len()));
        });
        found.sort();
        found
    }
}

fn file_at(path: &Path) -> SourceFile {
    let identity = FileIdentity::of(&fs::metadata(path).unwrap());
    SourceFile { path: path.to_owned(), identity, digest: FileDigest::of_file(path).unwrap() }
}

fn walk(folder: &Path, each: &mut impl FnMut(&Path)) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() { walk(&path, each) } else { each(&path) }
    }
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else if entry.file_type().unwrap().is_file() {
            // Files of the cloud come and go while it works.
            let _ = fs::copy(entry.path(), target);
        }
    }
}

fn id(number: u128) -> ReleaseId {
    ReleaseId::new(Timestamp::UNIX_EPOCH, number)
}

fn title() -> Field {
    Field::of_release(FieldName::Title)
}

async fn state(session: &Session, delivery: DeliveryId, wanted: DeliveryState) {
    session.wait_for(|view| (view.delivery(delivery)?.delivery.state == wanted).then_some(())).await.unwrap();
}

#[tokio::test]
async fn a_workspace_that_is_open_is_refused_until_it_is_closed() {
    let place = Place::new();
    let session = place.open().await;
    let refusal = Session::open(&place.home(), Options::default()).await.unwrap_err();
    assert_eq!(
        refusal.to_string(),
        format!(
            "This workspace is in use by another Lacquer (process {}). Close it, or give another --workspace.",
            std::process::id()
        )
    );
    session.close().await;
    place.open().await.close().await;
}

#[tokio::test]
async fn a_session_ends_with_its_last_handle() {
    let place = Place::new();
    let session = place.open().await;
    let (other, mut views) = (session.clone(), session.views());
    drop(session);
    other.pause_queue(true).await.unwrap();
    drop(other);
    while views.changed().await.is_ok() {}
    place.open().await.close().await;
}

#[tokio::test]
async fn what_is_closed_says_so() {
    let place = Place::new();
    let session = place.open().await;
    let other = session.clone();
    session.close().await;
    assert!(matches!(other.pause_queue(true).await, Err(SessionError::Closed)));
    assert!(matches!(other.wait_for(|_| None::<()>).await, Err(SessionError::Closed)));
    other.close().await;
}

#[tokio::test]
async fn assets_are_sent_and_then_the_manifest_and_nothing_twice() {
    let place = Place::new();
    let draft = place.ready(1);
    let place = place.with_drafts(std::slice::from_ref(&draft));
    let session = place.open().await;
    let queued = session.queue(id(1)).await.unwrap();
    assert_eq!(queued.how, Handover::New);
    state(&session, queued.delivery, DeliveryState::Sent).await;
    let label = "local".parse().unwrap();
    let mut expected: Vec<String> =
        draft.release.assets().into_iter().map(|asset| keys::asset(&label, asset)).collect();
    expected.push(keys::manifest(&label, id(1), queued.delivery));
    expected.sort();
    assert_eq!(place.stored().into_iter().map(|(key, _)| key).collect::<Vec<_>>(), expected);

    let again = session.queue(id(1)).await.unwrap();
    // The cloud may have found by now that these bytes hold no sound.
    assert!(matches!(again.how, Handover::Unchanged | Handover::Again), "{again:?}");
    assert_eq!(again.delivery, queued.delivery);
    session.close().await;
}

#[tokio::test]
async fn a_corrected_title_sends_a_manifest_and_nothing_else() {
    let place = Place::new();
    let place = {
        let draft = place.ready(1);
        place.with_drafts(&[draft])
    };
    let session = place.open().await;
    let first = session.queue(id(1)).await.unwrap().delivery;
    state(&session, first, DeliveryState::Sent).await;
    let before = place.stored();
    session.edit(id(1), title(), "Corrected").await.unwrap();
    let second = session.queue(id(1)).await.unwrap();
    assert_eq!(second.how, Handover::New);
    assert!(second.delivery > first);
    state(&session, second.delivery, DeliveryState::Sent).await;
    let label = "local".parse().unwrap();
    let manifest = keys::manifest(&label, id(1), second.delivery);
    let added: Vec<_> = place.stored().into_iter().filter(|one| !before.contains(one)).map(|(key, _)| key).collect();
    assert_eq!(added, std::slice::from_ref(&manifest));
    let json = fs::read(place.home().join("masters").join(manifest)).unwrap();
    let manifest = release::Manifest::from_json(&json).unwrap();
    assert_eq!((manifest.supersedes, manifest.release.title.as_str()), (Some(first), "Corrected"));
    let outcome = session.wait_for(|view| view.outcome(first)).await.unwrap();
    assert!(matches!(outcome, Outcome::Superseded(_) | Outcome::Failed(_)), "{outcome:?}");
    session.close().await;
}

#[tokio::test]
async fn a_release_that_failed_in_the_cloud_is_tried_again_there() {
    let place = Place::new();
    let place = {
        let draft = place.ready(1);
        place.with_drafts(&[draft])
    };
    let session = place.open().await;
    let delivery = session.queue(id(1)).await.unwrap().delivery;
    // These files hold no sound.
    let Outcome::Failed(reasons) = session.wait_for(|view| view.outcome(delivery)).await.unwrap() else {
        panic!("not failed")
    };
    assert!(!reasons.is_empty());
    assert_eq!(session.queue(id(1)).await.unwrap(), Queued { delivery, how: Handover::Again });
    session.wait_for(|view| (view.release(id(1))?.attempt == 2).then_some(())).await.unwrap();
    session.close().await;
}

#[tokio::test]
async fn a_release_with_errors_is_not_queued_and_they_are_named() {
    let place = Place::new();
    let place = {
        let draft = place.ready(1);
        place.with_drafts(&[draft])
    };
    let session = place.open().await;
    session.edit(id(1), title(), "").await.unwrap();
    session.edit(id(1), Field::of_track(sample::track_id(102), FieldName::Isrc), "XX").await.unwrap();
    let Err(SessionError::NotReady { problems, .. }) = session.queue(id(1)).await else { panic!("queued") };
    let places: Vec<&str> = problems.iter().map(|placed| placed.place.as_str()).collect();
    assert_eq!(places, ["Release", "Track 2 \"Track 2\""]);
    assert!(session.view().queue.is_empty());
    assert_eq!(session.view().draft(id(1)).unwrap().errors().count(), 2);
    session.close().await;
}

#[tokio::test]
async fn edits_come_all_or_not_at_all() {
    let place = Place::new();
    let place = {
        let draft = place.ready(1);
        place.with_drafts(&[draft])
    };
    let session = place.open().await;
    let edits =
        vec![(title(), "New".to_owned()), (Field::of_release(FieldName::Territories), "nowhere at all".to_owned())];
    assert!(matches!(session.edit_all(id(1), edits, None).await, Err(SessionError::Edit(_))));
    assert_eq!(session.view().draft(id(1)).unwrap().draft.release.title, "Album 1");
    assert!(matches!(session.edit(id(9), title(), "New").await, Err(SessionError::NoSuchDraft(_))));
    session.close().await;
}

#[tokio::test]
async fn a_file_that_changed_or_went_fails_its_delivery_and_keeps_the_draft() {
    let place = Place::new();
    let place = {
        let draft = place.ready(1);
        place.with_drafts(&[draft])
    };
    let (path, aside) = (place.file("1-2.wav"), place.file("aside"));
    let session = place.open().await;

    fs::rename(&path, &aside).unwrap();
    let delivery = session.queue(id(1)).await.unwrap().delivery;
    state(&session, delivery, DeliveryState::Failed).await;
    let Some(Outcome::NotSent(trouble)) = session.view().outcome(delivery) else { panic!("no outcome") };
    assert_eq!(trouble.code, "file-gone");
    assert!(trouble.message.contains(path.to_str().unwrap()), "{trouble:?}");

    fs::write(&path, "other bytes").unwrap();
    session.retry(delivery).await.unwrap();
    let trouble = session
        .wait_for(|view| match view.outcome(delivery)? {
            Outcome::NotSent(trouble) if trouble.code == "file-changed" => Some(trouble),
            _ => None,
        })
        .await
        .unwrap();
    assert_eq!(trouble.message, format!("{} has changed since it was imported.", path.display()));
    assert!(session.view().draft(id(1)).is_some());

    // A rename gives the file its old identity back.
    fs::rename(&aside, &path).unwrap();
    assert_eq!(session.queue(id(1)).await.unwrap(), Queued { delivery, how: Handover::Again });
    state(&session, delivery, DeliveryState::Sent).await;
    session.close().await;
}

#[tokio::test]
async fn the_queue_waits_while_it_is_paused_and_keeps_its_order() {
    let place = Place::new();
    let drafts = [place.ready(1), place.ready(2), place.ready(3)];
    let place = place.with_drafts(&drafts);
    let session = place.open().await;
    session.pause_queue(true).await.unwrap();
    let mut deliveries = Vec::new();
    for number in 1..=3 {
        deliveries.push(session.queue(id(number)).await.unwrap().delivery);
    }
    assert_eq!(session.view().outcome(deliveries[0]), Some(Outcome::Paused));
    assert_eq!(place.stored(), []);
    session.pause(deliveries[0]).await.unwrap();
    session.cancel(deliveries[1]).await.unwrap();
    assert_eq!(session.view().outcome(deliveries[1]), Some(Outcome::Cancelled));
    session.close().await;

    let session = place.open().await;
    let queue: Vec<_> = session.view().queue.iter().map(|one| (one.delivery.id, one.delivery.state)).collect();
    assert_eq!(
        queue,
        [
            (deliveries[0], DeliveryState::Paused),
            (deliveries[1], DeliveryState::Cancelled),
            (deliveries[2], DeliveryState::Waiting)
        ]
    );
    session.pause_queue(false).await.unwrap();
    state(&session, deliveries[2], DeliveryState::Sent).await;
    assert_eq!(session.view().delivery(deliveries[0]).unwrap().delivery.state, DeliveryState::Paused);
    session.resume(deliveries[0]).await.unwrap();
    state(&session, deliveries[0], DeliveryState::Sent).await;
    let refusal = session.cancel(deliveries[0]).await.unwrap_err();
    assert_eq!(refusal.to_string(), "This delivery is sent and cannot be cancelled.");
    assert!(matches!(session.resume(deliveries[1]).await, Err(SessionError::NotNow { .. })));
    session.close().await;
}

#[tokio::test]
async fn a_newer_draft_takes_the_place_of_what_was_not_sent() {
    let place = Place::new();
    let place = {
        let draft = place.ready(1);
        place.with_drafts(&[draft])
    };
    let session = place.open().await;
    session.pause_queue(true).await.unwrap();
    let first = session.queue(id(1)).await.unwrap();
    assert_eq!(session.queue(id(1)).await.unwrap(), Queued { how: Handover::UnderWay, ..first });
    session.edit(id(1), title(), "Corrected").await.unwrap();
    let second = session.queue(id(1)).await.unwrap();
    assert_eq!(second.how, Handover::New);
    assert_eq!(session.view().outcome(first.delivery), Some(Outcome::Cancelled));
    session.pause_queue(false).await.unwrap();
    state(&session, second.delivery, DeliveryState::Sent).await;
    let manifests = place.stored().into_iter().filter(|(key, _)| key.ends_with(keys::MANIFEST_SUFFIX)).count();
    assert_eq!(manifests, 1);
    session.close().await;
}

#[tokio::test]
async fn a_wish_for_a_delivery_that_is_being_sent_is_answered_when_it_has_stopped() {
    let place = Place::new();
    let drafts: Vec<Draft> = (1..=4).map(|number| place.ready(number)).collect();
    let place = place.with_drafts(&drafts);
    let session = place.open().await;
    for number in 1..=4 {
        let delivery = session.queue(id(number)).await.unwrap().delivery;
        // It may be sent by now, or on its way, or waiting: the answer is what is so afterwards.
        let cancelled = session.cancel(delivery).await;
        let state = session.view().delivery(delivery).unwrap().delivery.state;
        match cancelled {
            Ok(()) => assert_eq!(state, DeliveryState::Cancelled),
            Err(SessionError::NotNow { .. }) => assert_eq!(state, DeliveryState::Sent),
            Err(error) => panic!("{error}"),
        }
    }
    session.close().await;
}

#[tokio::test]
async fn of_two_wishes_the_later_one_counts() {
    let place = Place::new();
    let drafts: Vec<Draft> = (1..=4).map(|number| place.ready(number)).collect();
    let place = place.with_drafts(&drafts);
    let session = place.open().await;
    for number in 1..=4 {
        let delivery = session.queue(id(number)).await.unwrap().delivery;
        let _ = tokio::join!(session.pause(delivery), session.resume(delivery));
        state(&session, delivery, DeliveryState::Sent).await;
    }
    session.close().await;
}

#[tokio::test]
async fn a_removed_draft_leaves_the_queue_alone() {
    let place = Place::new();
    let place = {
        let draft = place.ready(1);
        place.with_drafts(&[draft])
    };
    let session = place.open().await;
    let delivery = session.queue(id(1)).await.unwrap().delivery;
    session.remove(id(1)).await.unwrap();
    assert!(session.view().draft(id(1)).is_none());
    state(&session, delivery, DeliveryState::Sent).await;
    session.close().await;
}

#[tokio::test]
async fn the_workspaces_name_and_review_are_there_when_it_is_opened_again() {
    let place = Place::new();
    let session = place.open().await;
    session.set_workspace("Low Tide Records".to_owned(), true, false).await.unwrap();
    let shown = (*session.view().workspace).clone();
    session.close().await;
    let session = place.open().await;
    assert_eq!(*session.view().workspace, shown);
    assert_eq!((shown.label_name.as_str(), shown.review, shown.artists_mail), ("Low Tide Records", true, false));
    session.close().await;
}

#[tokio::test]
async fn a_subscription_is_shown_and_a_bad_address_refused() {
    let place = Place::new();
    let session = place.open().await;
    assert!(session.subscribe("Ann Ash", "ann@example.org").await.unwrap());
    assert!(!session.subscribe("Ann Ash", "ann@example.org").await.unwrap());
    assert!(matches!(session.subscribe("Ann Ash", "no address").await, Err(SessionError::Cloud(_))));
    assert_eq!(session.view().subscriptions.len(), 1);
    assert!(session.unsubscribe("Ann Ash", "ann@example.org").await.unwrap());
    assert_eq!(session.view().subscriptions.len(), 0);
    session.close().await;
}

#[tokio::test]
async fn damage_on_the_desk_is_noticed_and_the_rest_is_there() {
    let place = Place::new();
    let drafts = [place.ready(1), place.ready(2)];
    let place = place.with_drafts(&drafts);
    let database = rusqlite::Connection::open(place.home().join("desk.db")).unwrap();
    database.execute("UPDATE drafts SET body = 'x' WHERE release = ?1", [id(1).to_string()]).unwrap();
    drop(database);
    let session = place.open().await;
    let view = session.view();
    assert_eq!((view.drafts.len(), view.notices.len()), (1, 1));
    assert!(view.notices[0].message.starts_with("Could not read a draft (not a draft: "), "{:?}", view.notices);
    session.close().await;
}

/// Something a person does at the desk.
#[derive(Debug, Clone)]
enum Deed {
    Edit(u128, FieldName, String),
    Remove(u128),
    Queue(u128),
    Cancel(usize),
    Pause(usize),
    Resume(usize),
    PauseQueue(bool),
}

fn deed() -> impl Strategy<Value = Deed> {
    let name = prop::sample::select(vec![FieldName::Title, FieldName::Upc, FieldName::Artist, FieldName::ReleaseDate]);
    prop_oneof![
        6 => (1..=3_u128, name, "[ -~]{0,20}").prop_map(|(draft, name, text)| Deed::Edit(draft, name, text)),
        1 => (1..=3_u128).prop_map(Deed::Remove),
        3 => (1..=3_u128).prop_map(Deed::Queue),
        1 => (0..4_usize).prop_map(Deed::Cancel),
        1 => (0..4_usize).prop_map(Deed::Pause),
        1 => (0..4_usize).prop_map(Deed::Resume),
        1 => any::<bool>().prop_map(Deed::PauseQueue),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// Whatever was done: what the last view showed is there after the process was killed.
    #[test]
    fn what_a_view_showed_survives_a_kill(deeds in prop::collection::vec(deed(), 1..25)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let place = Place::new();
            let drafts = [place.ready(1), place.ready(2), place.ready(3)];
            let place = place.with_drafts(&drafts);
            let session = place.open().await;
            let delivery = |number: usize| session.view().queue.get(number).map(|one| one.delivery.id);
            for deed in deeds {
                // Refusals are as good as anything here.
                let _ = match deed {
                    Deed::Edit(draft, name, text) => {
                        session.edit(id(draft), Field::of_release(name), &text).await
                    }
                    Deed::Remove(draft) => session.remove(id(draft)).await,
                    Deed::Queue(draft) => session.queue(id(draft)).await.map(drop),
                    Deed::Cancel(number) => match delivery(number) {
                        Some(delivery) => session.cancel(delivery).await,
                        None => Ok(()),
                    },
                    Deed::Pause(number) => match delivery(number) {
                        Some(delivery) => session.pause(delivery).await,
                        None => Ok(()),
                    },
                    Deed::Resume(number) => match delivery(number) {
                        Some(delivery) => session.resume(delivery).await,
                        None => Ok(()),
                    },
                    Deed::PauseQueue(paused) => session.pause_queue(paused).await,
                };
            }
            let shown = session.view();
            let killed = place.as_if_killed();
            let reopened = killed.open().await;
            let there = reopened.view();
            let drafts = |view: &View| -> Vec<_> {
                view.drafts.iter().map(|view| (Arc::clone(&view.draft), view.problems.clone())).collect()
            };
            assert_eq!(drafts(&shown), drafts(&there));
            assert_eq!(shown.settings, there.settings);
            for (shown, there) in shown.queue.iter().zip(there.queue.iter()) {
                assert_eq!(shown.delivery.id, there.delivery.id);
                // What was on its way may have arrived meanwhile, and been noted.
                if shown.delivery.state != DeliveryState::Waiting {
                    assert_eq!(shown.delivery, there.delivery);
                }
            }
            assert_eq!(shown.queue.len(), there.queue.len());
            reopened.close().await;
            session.close().await;
        });
    }
}
