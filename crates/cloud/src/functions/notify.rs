use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::Value;
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

use super::batch::stream_answer;
use super::call::{CallError, Function};
use super::errands::Errands;
use super::event::{Streamed, streamed};
use super::serve::Unreadable;
use crate::catalogue::OutboxEntry;
use crate::figures::{self, Unit};
use crate::ports::Clock;
use crate::stages::StageError;

/// How an item of the table is read as an entry of the outbox; none where it is another kind of item.
pub(super) type ReadEntry =
    Box<dyn Fn(&HashMap<String, AttributeValue>) -> Result<Option<OutboxEntry>, Unreadable> + Send + Sync>;

/// Does what was just written into the outbox, as the table's stream tells.
pub(super) struct Outgoing {
    /// Does it.
    pub(super) errands: Errands,
    /// Reads it.
    pub(super) read: ReadEntry,
    /// The time.
    pub(super) clock: Arc<dyn Clock>,
}

#[async_trait]
impl Function for Outgoing {
    async fn call(&self, payload: Value, stop: &CancellationToken) -> Result<Value, CallError> {
        Ok(stream_answer(self.serve(streamed(&payload)?, stop).await))
    }
}

impl Outgoing {
    /// Works on a batch, and names the first change that is to come again.
    ///
    /// What no trying helps with is left to the sweep, and holds nobody else's news up. What was begun is ended, also
    /// after `stop`: between telling and noting it there is no good moment.
    pub(super) async fn serve(&self, batch: Vec<Streamed>, stop: &CancellationToken) -> Option<String> {
        for change in batch {
            let Some(item) = &change.inserted else { continue };
            let entry = match (self.read)(item) {
                Ok(Some(entry)) => entry,
                Ok(None) => continue,
                Err(error) => {
                    tracing::error!(%error, sequence = change.sequence, "an entry of the outbox cannot be read");
                    figures::count("Refused");
                    continue;
                }
            };
            let began = self.clock.now();
            let span = super::errands::span(&entry);
            let worked = self.run(&entry, stop).instrument(span.clone()).await;
            let took = self.clock.now().duration_since(began).as_millis();
            let _entered = span.enter();
            figures::note("WorkDuration", Unit::Milliseconds, u64::try_from(took).unwrap_or(0));
            match worked {
                Some(Ok(())) => figures::count("Done"),
                Some(Err(error)) if !error.is_passing() => {
                    tracing::error!(%error, "an errand failed, and is left to the sweep");
                    figures::count("GivenUp");
                }
                Some(Err(error)) => {
                    tracing::warn!(%error, "an errand failed, and is tried again");
                    figures::count("Failed");
                    return Some(change.sequence);
                }
                None => return Some(change.sequence),
            }
        }
        None
    }

    /// None where there was no time for it.
    async fn run(&self, entry: &OutboxEntry, stop: &CancellationToken) -> Option<Result<(), StageError>> {
        while !stop.is_cancelled() {
            match self.errands.run(entry).await {
                // It is told right now, or who was at it died.
                Err(StageError::Busy { until }) => stop.run_until_cancelled(self.clock.until(until)).await?,
                result => return Some(result),
            }
        }
        None
    }
}
