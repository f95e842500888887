//! Follows what the workspace's cloud has to show, without holding up commands.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use super::controller::{Controller, Report, at};
use super::ordering::Tell;
use crate::view::Notice;
use crate::workspace::{CloudError, CloudStatus, CloudView, Workspace};

/// When the cloud is read.
pub(super) struct Following {
    changes: watch::Receiver<u64>,
    due: Option<Instant>,
    next: Instant,
    is_reading: bool,
    /// Who waits to be answered until what a read of at least this number found is shown.
    waiting: Vec<(u64, Tell)>,
    /// Reads that were begun. Only the last one's answer is shown: an earlier one may be older than what is shown.
    begun: u64,
}

/// What a read found.
pub(super) struct CloudReport {
    number: u64,
    took: Duration,
    found: Result<CloudView, CloudError>,
}

/// The cloud is read at most twenty times a second, however often it changes,
const EVERY: Duration = Duration::from_millis(50);

/// and at most a tenth of the time, however much it has to show.
const REST: u32 = 9;

/// The notice that the cloud waits for something to be mended, such as a full disk.
const CLOUD_WAITS: &str = "cloud-waits";

/// The notice that a cloud that is not in this process is not followed, and that what is shown may be out of date.
const CLOUD_AWAY: &str = "cloud-away";

/// The notice that the cloud cannot be read.
const UNREADABLE: &str = "cloud-unreadable";

impl Following {
    pub(super) fn new(workspace: &Workspace) -> Self {
        Self {
            changes: workspace.changes(),
            due: None,
            next: Instant::now(),
            is_reading: false,
            waiting: Vec::new(),
            begun: 0,
        }
    }

    /// Returns when the cloud is to be read. Asked again, it goes on waiting.
    pub(super) async fn due(&mut self) {
        if self.is_reading {
            return std::future::pending().await;
        }
        if self.due.is_none() && self.changes.changed().await.is_ok() {
            self.due = Some(self.next);
        }
        at(self.due).await;
    }
}

impl Controller {
    /// Reads the cloud in the background.
    pub(super) fn begin_to_read_cloud(&mut self) {
        self.following.due = None;
        self.following.is_reading = true;
        self.following.begun += 1;
        let (number, begun) = (self.following.begun, Instant::now());
        let (reading, reports) = (self.workspace.read(), self.reports.clone());
        self.tasks.spawn(async move {
            let found = reading.await;
            // An error means that the session has ended.
            let _ = reports.send(Report::Cloud(Box::new(CloudReport { number, took: begun.elapsed(), found })));
        });
    }

    pub(super) async fn cloud_was_read(&mut self, report: CloudReport) {
        self.following.is_reading = false;
        self.following.next = Instant::now() + EVERY.max(report.took * REST);
        if report.number != self.following.begun {
            return;
        }
        self.show_found(report.found).await;
        let (due, later) = self.following.waiting.drain(..).partition(|(number, _)| *number <= report.number);
        self.following.waiting = later;
        for (_, tell) in due {
            tell();
        }
    }

    /// Reads the cloud, and then tells somebody: whoever gave an order sees what came of it.
    pub(super) fn show_cloud_and(&mut self, tell: Tell) {
        self.begin_to_read_cloud();
        self.following.waiting.push((self.following.begun, tell));
    }

    /// Takes what the cloud has; the first time, before anything is shown.
    pub(super) async fn take_cloud(&mut self, found: CloudView) {
        let shown = &mut self.view.releases;
        let is_same = shown.len() == found.releases.len()
            && shown.iter().zip(&found.releases).all(|(shown, found)| Arc::ptr_eq(shown, found));
        if !is_same {
            *shown = Arc::new(found.releases);
        }
        show(&mut self.view.telling, found.telling);
        show(&mut self.view.transcodes, found.transcodes);
        show(&mut self.view.subscriptions, found.subscriptions);
        show(&mut self.view.mails, found.mails);
        self.notices_but(CLOUD_WAITS).extend(found.trouble.map(|message| Notice {
            code: CLOUD_WAITS,
            message,
            help: "It goes on by itself once that is mended.".to_owned(),
        }));
        let is_back = self.take_status(found.cloud);
        if let Some(settings) = found.settings {
            self.take_label_settings(settings).await;
        }
        // What waits to be sent waits no longer.
        if is_back {
            self.offline.ask_at_once();
            self.ship_next().await;
        }
    }

    /// Shows how it stands with a cloud that is not in this process. Answers whether somebody may send there again.
    fn take_status(&mut self, status: Option<CloudStatus>) -> bool {
        let Some(status) = status else { return false };
        let known = self.view.cloud.as_deref();
        let was_away = known.is_none_or(|known| known.trouble.is_some());
        let was_out = known.is_some_and(|known| !known.is_signed_in());
        let is_back = status.is_signed_in() && (was_out || was_away && status.trouble.is_none());
        self.notices_but(CLOUD_AWAY).extend(status.trouble.as_ref().map(|trouble| Notice {
            code: CLOUD_AWAY,
            message: match trouble.since {
                Some(_) => format!("{} What is shown is what was known last.", trouble.message),
                None => trouble.message.clone(),
            },
            help: trouble.help.clone(),
        }));
        if self.view.cloud.as_deref() != Some(&status) {
            self.view.cloud = Some(Arc::new(status));
        }
        is_back
    }

    /// The notices, without those of a code.
    fn notices_but(&mut self, code: &str) -> &mut Vec<Notice> {
        let notices = Arc::make_mut(&mut self.view.notices);
        notices.retain(|notice| notice.code != code);
        notices
    }

    /// Shows what the cloud has; where it could not be read, what it had, with a notice.
    async fn show_found(&mut self, found: Result<CloudView, CloudError>) {
        self.notices_but(UNREADABLE);
        match found {
            Ok(found) => self.take_cloud(found).await,
            Err(error) => Arc::make_mut(&mut self.view.notices).push(Notice {
                code: UNREADABLE,
                message: error.to_string(),
                help: "What is shown of releases may be out of date.".to_owned(),
            }),
        }
        self.publish();
    }
}

/// Puts what was found in the place of what is shown. Where both are the same, what is shown stays shared: whoever
/// shows views sees at a glance what did not change.
fn show<T: PartialEq>(shown: &mut Arc<T>, found: T) {
    if **shown != found {
        *shown = Arc::new(found);
    }
}
