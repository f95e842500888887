use std::sync::Arc;

use super::{Notify, StageError, notify};
use crate::catalogue::{Errand, OutboxEntry};
use crate::ports::Queue;

/// What it takes to do what stands in the outbox.
#[derive(Debug, Clone)]
pub struct Dispatch {
    /// Where messages go.
    pub queue: Arc<dyn Queue>,
    /// What it takes to tell followers.
    pub notify: Notify,
}

/// Does what an entry of the outbox asks for, and marks it done.
///
/// # Errors
/// Where a port fails; the entry is still to be done then.
pub async fn dispatch(ports: &Dispatch, entry: &OutboxEntry) -> Result<(), StageError> {
    match &entry.errand {
        Errand::Send(message) => ports.queue.send(message, entry.id.as_str()).await?,
        Errand::Transcode(jobs) => ports.queue.send_all(&jobs.messages()).await?,
        Errand::Tell(_) | Errand::TellEach(_) => return notify(&ports.notify, entry).await,
    }
    fail::fail_point!("catalogue.job-sent");
    ports.notify.outbox.done(&entry.id, &[]).await?;
    tracing::info!(entry = %entry.id, "messages are sent");
    Ok(())
}
