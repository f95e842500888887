//! What a person sees when all is well.

use std::fs;

use upload::ObjectStore as _;

use super::{Workspace, mails_when, release_at, release_when, trouble_when};
use crate::catalogue::{Decision, State, Verdict, Void, sample};
use crate::local::{CloudError, LocalCloud};
use crate::testing::Album;
use crate::{ReleaseView, Waiting};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_delivery_goes_live_and_its_artist_hears_of_it() {
    let workspace = Workspace::new();
    let cloud = workspace.open();
    cloud.subscribe("Vesper Bloom", "fan@example.org").await.unwrap();
    let worker = cloud.spawn();
    let album = Album::new(2);
    album.deliver(cloud.masters().as_ref(), 1).await;
    cloud.notice();

    let view = release_at(&cloud, State::Live).await;
    assert_eq!((view.title.as_str(), view.artist.as_str()), ("Tidewater", "Vesper Bloom"));
    assert_eq!(view.waits_for, Waiting::Nothing);
    assert_eq!(view.tracks.len(), 2);
    for rendition in view.tracks.iter().flat_map(|track| &track.renditions) {
        let file = cloud.renditions().path_of(&rendition.key).unwrap();
        let facts = rendition.facts.as_ref().unwrap();
        assert_eq!(fs::metadata(&file).unwrap().len(), facts.sound.bytes, "{}", file.display());
        assert_eq!(facts.profile, rendition.profile);
    }
    let profiles: Vec<&str> = view.tracks[0].renditions.iter().map(|rendition| rendition.profile.as_str()).collect();
    assert_eq!(profiles, ["flac", "wav-16-44", "mp3-320", "preview"]);

    let mails = mails_when(&cloud, 1).await;
    let eml = fs::read_to_string(&mails[0].path).unwrap();
    assert!(eml.contains("To: <fan@example.org>\r\n"), "{eml}");
    assert_eq!(mails[0].path.parent(), Some(cloud.outbox()));
    worker.stop().await;
    assert_eq!(cloud.progress(), []);
    assert_eq!(cloud.dead_letters().await.unwrap(), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_release_with_a_date_goes_live_when_it_comes() {
    let workspace = Workspace::new();
    let cloud = workspace.open();
    cloud.subscribe("Vesper Bloom", "fan@example.org").await.unwrap();
    let worker = cloud.spawn();
    let mut album = Album::new(1);
    album.release.release_date = jiff::civil::date(2026, 12, 4).into();
    album.deliver(cloud.masters().as_ref(), 1).await;
    cloud.notice();

    // Midnight in Berlin.
    let due = "2026-12-03T23:00:00Z".parse().unwrap();
    let view = release_at(&cloud, State::Ready).await;
    assert_eq!(view.waits_for, Waiting::Date(due));
    assert_eq!(cloud.mails().await.unwrap(), []);

    workspace.clock.set(due);
    let view = release_at(&cloud, State::Live).await;
    assert_eq!(view.since, due);
    assert_eq!(mails_when(&cloud, 1).await.len(), 1);
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_date_that_comes_while_the_app_is_closed_counts() {
    let workspace = Workspace::new();
    let cloud = workspace.open();
    let worker = cloud.spawn();
    let mut album = Album::new(1);
    album.release.release_date = jiff::civil::date(2026, 12, 4).into();
    album.deliver(cloud.masters().as_ref(), 1).await;
    cloud.notice();
    release_at(&cloud, State::Ready).await;
    worker.stop().await;
    drop(cloud);

    workspace.clock.set("2026-12-10T09:00:00Z".parse().unwrap());
    let cloud = workspace.open();
    let worker = cloud.spawn();
    release_at(&cloud, State::Live).await;
    worker.stop().await;
}

fn decision(view: &ReleaseView, verdict: Verdict) -> Decision {
    Decision {
        release: view.key.release,
        delivery: view.delivery,
        heard: view.tracks.iter().map(|track| track.renditions[0].recipe).collect(),
        metadata: view.metadata.unwrap(),
        verdict,
        by: "Mira".to_owned(),
        at: sample::start(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reviewed_release_goes_live_when_it_is_approved() {
    let workspace = Workspace { review: true, ..Workspace::new() };
    let cloud = workspace.open();
    let worker = cloud.spawn();
    let mut album = Album::new(1);
    album.deliver(cloud.masters().as_ref(), 1).await;
    cloud.notice();
    let heard = release_at(&cloud, State::InReview).await;
    assert_eq!(heard.waits_for, Waiting::Decision);

    let rejection = decision(&heard, Verdict::Reject { reason: "The title is misspelt.".to_owned() });
    cloud.decide(rejection).await.unwrap();
    let rejected = release_at(&cloud, State::Rejected).await;
    assert_eq!(rejected.waits_for, Waiting::Mending);

    // Mended, it is another thing: what was decided on the first one does not count.
    "Tidewaters".clone_into(&mut album.release.title);
    album.deliver(cloud.masters().as_ref(), 2).await;
    cloud.notice();
    let mended = release_when(&cloud, |view| view.title == "Tidewaters" && view.state == State::InReview).await;
    let stale = cloud.decide(decision(&heard, Verdict::Approve)).await;
    assert!(matches!(stale, Err(CloudError::Void(Void::Superseded))), "{stale:?}");
    let mut unread = decision(&mended, Verdict::Approve);
    unread.metadata = heard.metadata.unwrap();
    let unread = cloud.decide(unread).await;
    assert!(matches!(unread, Err(CloudError::Void(Void::OtherMetadata))), "{unread:?}");

    cloud.decide(decision(&mended, Verdict::Approve)).await.unwrap();
    release_at(&cloud, State::Live).await;
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_corrected_title_makes_new_renditions_and_no_new_letters() {
    let workspace = Workspace::new();
    let cloud = workspace.open();
    cloud.subscribe("vesper bloom", "fan@example.org").await.unwrap();
    let worker = cloud.spawn();
    let mut album = Album::new(1);
    album.deliver(cloud.masters().as_ref(), 1).await;
    cloud.notice();
    let first = release_at(&cloud, State::Live).await;
    mails_when(&cloud, 1).await;

    "Undertow".clone_into(&mut album.release.tracks[0].title);
    album.deliver(cloud.masters().as_ref(), 2).await;
    cloud.notice();
    let second = release_when(&cloud, |view| view.delivery == sample::delivery(2) && view.state == State::Live).await;
    worker.stop().await;

    let keys = |view: &ReleaseView| -> Vec<String> {
        view.tracks[0].renditions.iter().map(|rendition| rendition.key.clone()).collect()
    };
    assert!(keys(&first).iter().all(|key| !keys(&second).contains(key)));
    for key in keys(&first).iter().chain(&keys(&second)) {
        assert!(cloud.renditions().confirm(key).await.unwrap().is_some(), "{key}");
    }
    let flac = fs::read(cloud.renditions().path_of(&keys(&second)[0]).unwrap()).unwrap();
    assert!(flac.windows(8).any(|bytes| bytes == b"Undertow"));
    assert_eq!(cloud.mails().await.unwrap().len(), 1);
    assert_eq!(fs::read_dir(cloud.outbox()).unwrap().count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_withdrawn_release_is_no_longer_listed() {
    let workspace = Workspace::new();
    let cloud = workspace.open();
    let worker = cloud.spawn();
    let album = Album::new(1);
    album.deliver(cloud.masters().as_ref(), 1).await;
    cloud.notice();
    let view = release_at(&cloud, State::Live).await;
    assert!(view.listed.is_some());
    cloud.withdraw(album.release.id, "A sample is not cleared.").await.unwrap();
    let view = cloud.release(album.release.id).await.unwrap().unwrap();
    assert_eq!((view.state, view.listed), (State::Withdrawn, None));
    let again = cloud.withdraw(album.release.id, "").await;
    assert!(matches!(again, Err(CloudError::Void(Void::AlreadyWithdrawn))));
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn followers_are_being_told_until_their_letters_are_written() {
    let workspace = Workspace::new();
    let cloud = workspace.open();
    cloud.subscribe("Vesper Bloom", "fan@example.org").await.unwrap();
    // A folder that cannot be written to keeps the letter back.
    let outbox = cloud.outbox().to_owned();
    fs::remove_dir(&outbox).unwrap();
    let worker = cloud.spawn();
    let album = Album::new(1);
    album.deliver(cloud.masters().as_ref(), 1).await;
    cloud.notice();
    release_at(&cloud, State::Live).await;
    trouble_when(&cloud, |trouble| trouble.is_some_and(|words| words.contains("fan@example.org"))).await;
    assert_eq!(cloud.mails().await.unwrap(), []);

    // It is tried again, for as long as it takes.
    fs::create_dir(&outbox).unwrap();
    workspace.clock.advance(jiff::SignedDuration::from_mins(5));
    mails_when(&cloud, 1).await;
    assert!(cloud.telling().await.unwrap().is_empty());
    trouble_when(&cloud, |trouble| trouble.is_none()).await;
    worker.stop().await;
}

/// Nobody could be told that it is live until it was taken back.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn that_a_release_is_live_is_not_told_once_it_was_taken_back() {
    let workspace = Workspace::new();
    let cloud = workspace.open();
    cloud.subscribe("Vesper Bloom", "fan@example.org").await.unwrap();
    let outbox = cloud.outbox().to_owned();
    fs::remove_dir(&outbox).unwrap();
    let worker = cloud.spawn();
    let album = Album::new(1);
    album.deliver(cloud.masters().as_ref(), 1).await;
    cloud.notice();
    release_at(&cloud, State::Live).await;
    trouble_when(&cloud, |trouble| trouble.is_some()).await;
    cloud.withdraw(album.release.id, "A sample is not cleared.").await.unwrap();
    worker.stop().await;

    fs::create_dir(&outbox).unwrap();
    workspace.clock.advance(jiff::SignedDuration::from_mins(5));
    let worker = cloud.spawn();
    mails_when(&cloud, 1).await;
    let mut changes = cloud.changes();
    while !cloud.telling().await.unwrap().is_empty() {
        changes.changed().await.unwrap();
    }
    worker.stop().await;
    let letters = fs::read_dir(&outbox).unwrap().map(|letter| fs::read_to_string(letter.unwrap().path()).unwrap());
    let letters: Vec<String> = letters.collect();
    assert!(letters.len() == 1 && letters[0].contains("A sample is not cleared."), "{letters:?}");
}

#[tokio::test]
async fn subscriptions_are_of_real_addresses_and_counted_once() {
    let cloud = Workspace::new().open();
    assert!(cloud.subscribe(" Vesper Bloom ", "fan@example.org").await.unwrap());
    assert!(!cloud.subscribe("vesper bloom", "Fan@Example.org").await.unwrap());
    let error = cloud.subscribe("Vesper Bloom", "fan@example.org\r\nBcc: x@example.org").await.unwrap_err();
    insta::assert_snapshot!(error, @r#""fan@example.org\r\nBcc: x@example.org" is not an e-mail address. One looks like name@example.org."#);
    insta::assert_snapshot!(cloud.subscribe("  ", "fan@example.org").await.unwrap_err(), @"Name the artist whose releases are to be followed.");
    assert_eq!(cloud.subscriptions().await.unwrap().len(), 1);
    assert!(cloud.unsubscribe("VESPER BLOOM", "fan@example.org").await.unwrap());
    assert!(!cloud.unsubscribe("Vesper Bloom", "fan@example.org").await.unwrap());
    let unknown = cloud.withdraw(sample::key().release, "").await.unwrap_err();
    assert!(matches!(unknown, CloudError::Unknown(_)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn news_that_nobody_is_to_hear_is_settled_and_never_told() {
    let workspace = Workspace::new();
    let cloud = workspace.open();
    cloud.subscribe("Vesper Bloom", "fan@example.org").await.unwrap();
    cloud.set_artists_mail(false);
    let worker = cloud.spawn();
    let album = Album::new(1);
    album.deliver(cloud.masters().as_ref(), 1).await;
    cloud.notice();
    release_at(&cloud, State::Live).await;
    told(&cloud).await;
    worker.stop().await;

    // Switched on again, while the app was closed and while it runs: what was settled stays so.
    let worker = cloud.spawn();
    cloud.set_artists_mail(true);
    let mut later = Album::new(1);
    later.release.title = "Tidewater Again".to_owned();
    later.deliver(cloud.masters().as_ref(), 2).await;
    cloud.notice();
    release_when(&cloud, |view| view.state == State::Live && view.title == "Tidewater Again").await;
    told(&cloud).await;
    assert_eq!(cloud.mails().await.unwrap(), []);
    worker.stop().await;
}

/// Waits until all news is settled.
async fn told(cloud: &LocalCloud) {
    let mut changes = cloud.changes();
    loop {
        changes.mark_unchanged();
        if cloud.telling().await.unwrap().is_empty() {
            return;
        }
        changes.changed().await.unwrap();
    }
}
