//! A local workspace from the manifest to the letter.

#[cfg(feature = "failpoints")]
mod crash_points;
mod endings;
mod faults;
mod live;

use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;

use super::{LocalCloud, MailView, Settings};
use crate::ReleaseView;
use crate::catalogue::{State, sample};
use crate::ports::ManualClock;

/// A workspace in a folder of its own, with a clock that stands still.
struct Workspace {
    home: TempDir,
    clock: Arc<ManualClock>,
    review: bool,
}

impl Workspace {
    fn new() -> Self {
        Self { home: TempDir::new().unwrap(), clock: Arc::new(ManualClock::new(sample::start())), review: false }
    }

    fn open(&self) -> LocalCloud {
        let settings = Settings { label: sample::key().label, review: self.review, artists_mail: true };
        LocalCloud::open(self.home.path(), settings, Arc::clone(&self.clock) as _).unwrap()
    }
}

/// The release, once it is as wanted.
async fn release_when(cloud: &LocalCloud, wanted: impl Fn(&ReleaseView) -> bool) -> ReleaseView {
    let mut changes = cloud.changes();
    let seen = async {
        loop {
            changes.mark_unchanged();
            if let Some(view) = cloud.release(sample::key().release).await.unwrap()
                && wanted(&view)
            {
                return view;
            }
            changes.changed().await.unwrap();
        }
    };
    match tokio::time::timeout(Duration::from_secs(60), seen).await {
        Ok(view) => view,
        Err(_) => panic!("{:#?}", cloud.release(sample::key().release).await),
    }
}

async fn release_at(cloud: &LocalCloud, state: State) -> ReleaseView {
    release_when(cloud, |view| view.state == state).await
}

/// Waits until no errand is left: letters are written after a release is live.
async fn mails_when(cloud: &LocalCloud, count: usize) -> Vec<MailView> {
    let mut changes = cloud.changes();
    let seen = async {
        loop {
            changes.mark_unchanged();
            let mails = cloud.mails().await.unwrap();
            if mails.len() >= count {
                return mails;
            }
            changes.changed().await.unwrap();
        }
    };
    tokio::time::timeout(Duration::from_secs(60), seen).await.unwrap()
}

/// Waits until what keeps the worker from working is as wanted.
async fn trouble_when(cloud: &LocalCloud, wanted: impl Fn(Option<String>) -> bool) {
    let mut changes = cloud.changes();
    let seen = async {
        loop {
            changes.mark_unchanged();
            if wanted(cloud.trouble()) {
                return;
            }
            changes.changed().await.unwrap();
        }
    };
    tokio::time::timeout(Duration::from_secs(60), seen).await.unwrap();
}
