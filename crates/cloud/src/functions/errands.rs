use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt as _;
use jiff::{SignedDuration, Timestamp};
use release::LabelId;
use tracing::Instrument as _;

use crate::catalogue::{Errand, OutboxEntry};
use crate::ports::{Clock, Labels, LeaseOutcome, Leases, Outbox, PortError};
use crate::stages::{Dispatch, Notify, StageError, dispatch};

/// Does what entries of the outbox ask for. Whether followers are written to is each label's own matter.
#[derive(Debug, Clone)]
pub(super) struct Errands {
    /// What it takes.
    pub(super) dispatch: Dispatch,
    /// How each label works.
    pub(super) labels: Arc<dyn Labels>,
    /// Sees to it that news is told by one at a time.
    pub(super) leases: Arc<dyn Leases>,
    /// The time of leases.
    pub(super) clock: Arc<dyn Clock>,
    /// How long the news of an entry is one function's unless it holds on to it: what a dead one was at is taken over
    /// after this.
    pub(super) lease: Duration,
}

impl Errands {
    /// How long at most: longer than a message to a topic takes, and shorter than a function may run.
    pub(super) const LEASE: Duration = Duration::from_secs(30);

    /// Does what an entry asks for and marks it done, unless it is done already. News that it takes back is settled before
    /// it, so that who tells that a release is live right now is waited for.
    ///
    /// # Errors
    /// [`StageError::Busy`] where another function tells this news: a stream that is behind, and sweeps, may meet. Else
    /// where a port fails.
    pub(super) async fn run(&self, entry: &OutboxEntry) -> Result<(), StageError> {
        if self.is_done(entry).await? {
            return Ok(());
        }
        for earlier in entry.takes_back() {
            if let Some(earlier) = self.dispatch.notify.outbox.open(&earlier).await? {
                self.alone(&earlier).instrument(span(&earlier)).await?;
            }
        }
        self.alone(entry).await
    }

    /// Does what an entry asks for, its news by one function at a time.
    async fn alone(&self, entry: &OutboxEntry) -> Result<(), StageError> {
        // Jobs that are given twice are done once.
        let Some(label) = label_of(entry) else {
            return self.dispatch(entry, true).await;
        };
        // An e-mail cannot be taken back.
        let (job, now) = (format!("news/{}", entry.id), self.clock.now());
        let lease = match self.leases.acquire(&job, now, self.until(now)).await? {
            LeaseOutcome::Taken(lease) => lease,
            LeaseOutcome::Held { until } => return Err(StageError::Busy { until }),
        };
        let hold = async {
            loop {
                let now = self.clock.now();
                self.clock.until(after(now, self.lease / 4)).await;
                if let Err(error) = self.leases.extend(&lease, self.until(self.clock.now())).await {
                    tracing::warn!(%error, "a lease could not be extended");
                }
            }
        };
        let tell = async {
            // Whoever had it before may have told it since.
            if self.is_done(entry).await? {
                return Ok(());
            }
            let artists_mail = self.labels.settings(label).await?.is_none_or(|settings| settings.artists_mail);
            self.dispatch(entry, artists_mail).await
        };
        let told = tokio::select! {
            told = tell => told,
            () = hold => unreachable!("a lease is held until the news is told"),
        };
        self.leases.release(&lease).await?;
        told
    }

    async fn is_done(&self, entry: &OutboxEntry) -> Result<bool, PortError> {
        let outbox: &dyn Outbox = self.dispatch.notify.outbox.as_ref();
        Ok(outbox.open(&entry.id).await?.is_none())
    }

    fn until(&self, now: Timestamp) -> Timestamp {
        after(now, self.lease)
    }

    async fn dispatch(&self, entry: &OutboxEntry, artists_mail: bool) -> Result<(), StageError> {
        let notify = Notify { artists_mail, ..self.dispatch.notify.clone() };
        let ports = Dispatch { notify, ..self.dispatch.clone() };
        let run = dispatch(&ports, entry);
        // What panics has failed.
        AssertUnwindSafe(run)
            .catch_unwind()
            .await
            .unwrap_or_else(|_| Err(PortError::new("doing an errand", true, "the program failed").into()))
    }
}

fn after(now: Timestamp, time: Duration) -> Timestamp {
    now.saturating_add(SignedDuration::try_from(time).unwrap_or(SignedDuration::MAX)).unwrap_or(Timestamp::MAX)
}

/// Whose news it is.
fn label_of(entry: &OutboxEntry) -> Option<&LabelId> {
    match &entry.errand {
        Errand::Send(_) | Errand::Transcode(_) => None,
        Errand::Tell(news) => Some(&news.key.label),
        Errand::TellEach(tidings) => Some(&tidings.news.key.label),
    }
}

/// What every line of the log says while an errand is run.
pub(super) fn span(entry: &OutboxEntry) -> tracing::Span {
    let (label, release) = entry.release().map(|key| (key.label.to_string(), key.release.to_string())).unzip();
    let delivery = entry.delivery().map(|delivery| delivery.to_string());
    tracing::info_span!("errand", trace = entry.trace(), entry = %entry.id, label, release, delivery)
}
