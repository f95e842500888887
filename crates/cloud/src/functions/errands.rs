use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures::FutureExt as _;
use release::LabelId;

use crate::catalogue::{Errand, OutboxEntry};
use crate::ports::{Labels, Outbox, PortError};
use crate::stages::{Dispatch, Notify, StageError, dispatch};

/// Does what entries of the outbox ask for. Whether followers are written to is each label's own matter.
#[derive(Debug, Clone)]
pub(super) struct Errands {
    /// What it takes.
    pub(super) dispatch: Dispatch,
    /// How each label works.
    pub(super) labels: Arc<dyn Labels>,
}

impl Errands {
    /// Does what an entry asks for and marks it done, unless it is done already.
    pub(super) async fn run(&self, entry: &OutboxEntry) -> Result<(), StageError> {
        // An e-mail cannot be taken back: a change that the stream tells of twice, and the sweep, look first.
        let outbox: &dyn Outbox = self.dispatch.notify.outbox.as_ref();
        if outbox.open(&entry.id).await?.is_none() {
            return Ok(());
        }
        let artists_mail = match label_of(entry) {
            Some(label) => self.labels.settings(label).await?.is_none_or(|settings| settings.artists_mail),
            None => true,
        };
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
    let (key, delivery, trace) = match &entry.errand {
        Errand::Send(message) => match message.subject() {
            Some((key, delivery)) => (Some(key), Some(delivery.to_string()), delivery.to_string()),
            None => (None, None, String::new()),
        },
        Errand::Transcode(jobs) => (Some(jobs.key.clone()), Some(jobs.delivery.to_string()), jobs.trace.clone()),
        Errand::Tell(news) => (Some(news.key.clone()), None, String::new()),
        Errand::TellEach(tidings) => {
            (Some(tidings.news.key.clone()), Some(tidings.delivery.to_string()), tidings.delivery.to_string())
        }
    };
    let (label, release) = key.map(|key| (key.label.to_string(), key.release.to_string())).unzip();
    tracing::info_span!("errand", trace, entry = %entry.id, label, release, delivery)
}
