//! The table keeps the ports' contracts.

use std::collections::BTreeMap;

use super::Fixture;
use crate::api::wire::{Announcement, FollowState};
use crate::aws::{FollowBook, Follower};
use crate::catalogue::sample::{after_hours, key};
use crate::ports::{Announcements as _, Changes as _, Overdue as _, contract};

#[tokio::test]
async fn a_catalogue() {
    let fixture = Fixture::new().await;
    let table = fixture.table().await;
    let open = async || {
        let open = table.errands(jiff::Timestamp::MAX, 100).await.unwrap();
        open.into_iter().map(|entry| entry.id.to_string()).collect()
    };
    contract::catalogue(&table, &table, open).await;
}

#[tokio::test]
async fn the_smaller_ports() {
    let fixture = Fixture::new().await;
    let table = fixture.table().await;
    contract::begun(&table, &table).await;
    contract::leases(&table).await;
    contract::renditions(&table).await;
    contract::labels(&table).await;
    contract::handovers(&table).await;
}

#[tokio::test]
async fn what_changed_and_what_is_overdue() {
    let fixture = Fixture::new().await;
    let table = fixture.table().await;
    contract::changes(&table, &table, async || fixture.clock.advance(jiff::SignedDuration::from_mins(1))).await;
    // What is no place is the beginning.
    let all = table.since(&key().label, Some("nonsense"), 10).await.unwrap();
    assert_eq!(all.records.len(), 5);
    let fixture = Fixture::new().await;
    let table = fixture.table().await;
    contract::overdue(&table, &table, &table, fixture.clock.as_ref()).await;
}

#[tokio::test]
async fn announcements_are_kept_once_and_listed_latest_first() {
    let fixture = Fixture::new().await;
    let table = fixture.table().await;
    let announcement = |name: &str, hours| Announcement {
        name: name.to_owned(),
        release: key().release,
        artist: "Vesper Bloom".to_owned(),
        title: "Tidewater".to_owned(),
        subject: "“Tidewater” is live".to_owned(),
        body: "Hello".to_owned(),
        at: after_hours(hours),
        reference: format!("{name}-{hours}"),
    };
    let (label, other) = (key().label, "elsewhere".parse().unwrap());
    assert_eq!(table.latest(&label, 10).await.unwrap(), []);
    for (name, hours) in [("b", 2), ("c", 3), ("a", 1), ("b", 9)] {
        table.announce(&label, &announcement(name, hours)).await.unwrap();
    }
    table.announce(&other, &announcement("b", 4)).await.unwrap();
    let latest = table.latest(&label, 2).await.unwrap();
    assert_eq!(latest, [announcement("c", 3), announcement("b", 2)]);
    assert!(table.was_announced(&label, "a").await.unwrap());
    assert!(!table.was_announced(&other, "a").await.unwrap());
}

#[tokio::test]
async fn the_book_of_followers() {
    let fixture = Fixture::new().await;
    let table = fixture.table().await;
    let book: &dyn FollowBook = &table;
    let (label, other) = (key().label, "elsewhere".parse().unwrap());
    let follower = |artist: &str, email: &str| Follower {
        artist: artist.to_owned(),
        email: email.parse().unwrap(),
        since: after_hours(1),
        state: FollowState::Pending,
        asked: vec![after_hours(1)],
        ended: false,
    };
    for kept in [follower("Bo", "a@example.org"), follower("Ada", "b@example.org"), follower("Ada", "a@example.org")] {
        book.keep(&label, &kept).await.unwrap();
    }
    let confirmed = Follower { state: FollowState::Confirmed, ..follower("ADA", "B@example.org") };
    book.keep(&label, &confirmed).await.unwrap();
    let all = book.all(&label).await.unwrap();
    assert_eq!(all, [follower("Ada", "a@example.org"), confirmed.clone(), follower("Bo", "a@example.org")]);
    let email = "b@example.org".parse().unwrap();
    assert_eq!(book.find(&label, " ada", &email).await.unwrap(), Some(confirmed));
    assert_eq!(book.find(&other, "Ada", &email).await.unwrap(), None);
    assert!(book.forget(&label, "Ada", &email).await.unwrap());
    assert!(!book.forget(&label, "Ada", &email).await.unwrap());

    assert_eq!(book.checked(&label).await.unwrap(), BTreeMap::new());
    for (artist, hours) in [("Ada", 1), ("Bo", 2), (" ADA", 3)] {
        book.note_checked(&label, artist, after_hours(hours)).await.unwrap();
    }
    book.note_checked(&other, "Cy", after_hours(4)).await.unwrap();
    assert!(book.charge(&label, "mira", jiff::civil::date(2026, 11, 23), 3).await.unwrap());
    let checked = [("ada".to_owned(), after_hours(3)), ("bo".to_owned(), after_hours(2))];
    assert_eq!(book.checked(&label).await.unwrap(), BTreeMap::from(checked));
    assert_eq!(book.all(&label).await.unwrap().len(), 2);
}

#[tokio::test]
async fn no_more_follow_an_artist_than_may_however_many_are_added_at_once() {
    let fixture = Fixture::new().await;
    let table = fixture.table().await;
    let book: &dyn FollowBook = &table;
    let (label, other) = (key().label, "elsewhere".parse().unwrap());
    let follower = |artist: &str, number: u32| Follower {
        artist: artist.to_owned(),
        email: format!("{number}@example.org").parse().unwrap(),
        since: after_hours(1),
        state: FollowState::Pending,
        asked: Vec::new(),
        ended: false,
    };
    let enrol = async |number| book.enrol(&label, &follower("Ada", number), 3).await.unwrap();
    let added = futures::future::join_all((0..5).map(enrol)).await;
    assert_eq!(added.iter().filter(|added| **added).count(), 3, "{added:?}");
    let all = book.all(&label).await.unwrap();
    assert_eq!(all.len(), 3);
    assert!(!enrol(9).await);
    // Another's, and another label's, are others; and one who is there takes no second place.
    assert!(book.enrol(&label, &follower("Bo", 9), 3).await.unwrap());
    assert!(book.enrol(&other, &follower("Ada", 9), 3).await.unwrap());
    assert!(book.enrol(&label, &all[0], 3).await.unwrap());
    book.keep(&label, &Follower { ended: true, ..all[0].clone() }).await.unwrap();
    assert!(enrol(9).await, "who left makes room");
    assert!(!book.enrol(&label, &all[0], 3).await.unwrap(), "and has to wait to come back");
    assert!(book.forget(&label, "Ada", &all[1].email).await.unwrap());
    assert!(enrol(10).await);

    let (today, tomorrow) = (jiff::civil::date(2026, 11, 23), jiff::civil::date(2026, 11, 24));
    let charge = async |account: &'static str, day| book.charge(&label, account, day, 3).await.unwrap();
    let charged = futures::future::join_all((0..5).map(|_| charge("mira", today))).await;
    assert_eq!(charged.iter().filter(|charged| **charged).count(), 3, "{charged:?}");
    assert!(!charge("mira", today).await);
    assert!(charge("mira", tomorrow).await && charge("ada", today).await);
    assert!(book.charge(&other, "mira", today, 3).await.unwrap());
}
