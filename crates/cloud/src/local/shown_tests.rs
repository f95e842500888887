//! What is shown of many releases, and what it takes when one of them changes.

use std::sync::Arc;

use release::ReleaseId;
use tempfile::TempDir;

use super::{LocalCloud, Settings};
use crate::ReleaseView;
use crate::catalogue::sample::{accepted, accepting, key, play, ready, start};
use crate::catalogue::{Record, ReleaseKey, State};
use crate::ports::{Catalogue as _, ManualClock};

fn open(home: &TempDir) -> LocalCloud {
    let settings = Settings { label: key().label, review: false, artists_mail: true };
    LocalCloud::open(home.path(), settings, Arc::new(ManualClock::new(start()))).unwrap()
}

/// The record of a release that is being transcoded, or one event later.
fn record(number: u128, events: usize) -> Record {
    let all = [accepting(1, 1, accepted(1, 10)), ready(1, 1)];
    let record = play(None, &all[..events]).0.unwrap();
    Record { key: ReleaseKey { release: ReleaseId::new(start(), number), ..key() }, ..record }
}

#[tokio::test]
async fn what_did_not_change_is_not_read_again() {
    let home = TempDir::new().unwrap();
    let cloud = open(&home);
    for number in 1..=3 {
        cloud.parts.catalogue().save(&record(number, 1), None, &[]).await.unwrap();
    }
    let before = cloud.releases().await.unwrap();
    let ids = |views: &[Arc<ReleaseView>]| -> Vec<ReleaseId> { views.iter().map(|view| view.key.release).collect() };
    let id = |number| ReleaseId::new(start(), number);
    assert_eq!(ids(&before), [id(3), id(2), id(1)]);
    assert!(before.iter().all(|view| view.state == State::Transcoding && view.tracks.len() == 10));

    cloud.parts.catalogue().save(&record(2, 2), Some(1), &[]).await.unwrap();
    let after = cloud.releases().await.unwrap();
    assert_eq!(ids(&after), ids(&before));
    for (before, after) in before.iter().zip(&after) {
        let has_changed = before.key.release == id(2);
        assert_eq!(Arc::ptr_eq(before, after), !has_changed);
        assert_eq!(after.tracks.iter().filter(|track| track.is_ready).count(), usize::from(has_changed));
    }
    // Nothing of it is lost when the workspace is opened again.
    drop(cloud);
    assert_eq!(open(&home).releases().await.unwrap(), after);
}
