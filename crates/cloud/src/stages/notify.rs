use std::sync::Arc;

use super::StageError;
use crate::catalogue::{OutboxEntry, is_outdated};
use crate::ports::{Catalogue, Herald, Outbox, PortError};

/// What it takes to tell artists' followers.
#[derive(Debug, Clone)]
pub struct Notify {
    /// Who tells them.
    pub herald: Arc<dyn Herald>,
    /// Where it is noted that they were told.
    pub outbox: Arc<dyn Outbox>,
    /// Where it is looked up whether it is still so.
    pub catalogue: Arc<dyn Catalogue>,
    /// Whether the label wants followers to be written to.
    pub artists_mail: bool,
}

/// Tells everyone who follows an artist of the news of an entry, and marks it done.
///
/// Where the label does not want letters, it is settled without one; and so is news of a live release that was taken back
/// since.
///
/// Where it stops on the way it is done again from the start, and the herald knows what was told. Where one artist's
/// followers cannot be told, the others' are.
///
/// # Errors
/// Where a port fails; the entry is still to be done then.
pub async fn notify(ports: &Notify, entry: &OutboxEntry) -> Result<(), StageError> {
    let mut letters = Vec::new();
    let mut failure = None;
    let untold = match ports.artists_mail {
        false => Some("letters to followers are switched off"),
        true => taken_back(ports, entry).await?.then_some("it was taken back meanwhile"),
    };
    if untold.is_none() {
        for (name, news) in entry.news() {
            match ports.herald.tell(&name, &news).await {
                Ok(written) => letters.extend(written),
                Err(error) => failure = failure.or(Some(error)),
            }
        }
    }
    if let Some(error) = failure {
        return Err(error.into());
    }
    ports.outbox.done(&entry.id, &letters).await?;
    fail::fail_point!("notify.entry-marked");
    match untold {
        Some(why) => tracing::info!(entry = %entry.id, why, "news is not told"),
        None => tracing::info!(entry = %entry.id, "news is told"),
    }
    Ok(())
}

/// Whether an entry is news of a live release that was taken back since it was stored: an errand may wait for long.
async fn taken_back(ports: &Notify, entry: &OutboxEntry) -> Result<bool, PortError> {
    let Some(key) = entry.announces() else { return Ok(false) };
    let stored = ports.catalogue.load(key).await?;
    Ok(stored.is_some_and(|stored| is_outdated(entry, &stored.record)))
}
