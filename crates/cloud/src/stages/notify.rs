use std::sync::Arc;

use super::StageError;
use crate::catalogue::OutboxEntry;
use crate::ports::{Herald, Outbox};

/// What it takes to tell artists' followers.
#[derive(Debug, Clone)]
pub struct Notify {
    /// Who tells them.
    pub herald: Arc<dyn Herald>,
    /// Where it is noted that they were told.
    pub outbox: Arc<dyn Outbox>,
    /// Whether the label wants followers to be written to.
    pub artists_mail: bool,
}

/// Tells everyone who follows an artist of the news of an entry, and marks it done.
///
/// Where the label does not want letters, it is settled without one.
///
/// Where it stops on the way it is done again from the start, and the herald knows what was told. Where one artist's
/// followers cannot be told, the others' are.
///
/// # Errors
/// Where a port fails; the entry is still to be done then.
pub async fn notify(ports: &Notify, entry: &OutboxEntry) -> Result<(), StageError> {
    let mut letters = Vec::new();
    let mut failure = None;
    if ports.artists_mail {
        for (name, news) in entry.news() {
            match ports.herald.tell(&name, &news).await {
                Ok(written) => letters.extend(written),
                Err(error) => failure = failure.or(Some(error)),
            }
        }
    } else {
        tracing::info!(entry = %entry.id, "not sent: letters to followers are switched off");
    }
    if let Some(error) = failure {
        return Err(error.into());
    }
    ports.outbox.done(&entry.id, &letters).await?;
    fail::fail_point!("notify.entry-marked");
    if ports.artists_mail {
        tracing::info!(entry = %entry.id, "news is told");
    }
    Ok(())
}
