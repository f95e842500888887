use std::sync::Arc;

use crate::catalogue::{Applied, Event, Void, apply};
use crate::ports::{Catalogue, Clock, PortError, SaveError};

/// What it takes to change the catalogue.
#[derive(Debug, Clone)]
pub struct Recorder {
    /// The records.
    pub catalogue: Arc<dyn Catalogue>,
    /// The time of what happens.
    pub clock: Arc<dyn Clock>,
}

/// Takes an event to the record of its release and stores what follows.
///
/// # Errors
/// Where the catalogue cannot be read or written. Whether an order of a person counted is the inner result.
pub async fn record(recorder: &Recorder, event: &Event) -> Result<Result<(), Void>, PortError> {
    // Each conflict means that another writer got on, so this ends; the bound is for a store that lies.
    const TRIES: u32 = 50;
    for _ in 0..TRIES {
        let stored = recorder.catalogue.load(&event.key).await?;
        let (version, known) = match &stored {
            Some(stored) => (Some(stored.version), Some(&stored.record)),
            None => (None, None),
        };
        let change = match apply(known, event, recorder.clock.now()) {
            Applied::Changed(change) => change,
            Applied::Unchanged => return Ok(Ok(())),
            Applied::Void(void) => return Ok(Err(void)),
        };
        match recorder.catalogue.save(&change.record, version, &change.outbox).await {
            Ok(()) => {
                tracing::info!(
                    release = %event.key.release,
                    delivery = %event.delivery,
                    state = change.record.state.as_str(),
                    "catalogued"
                );
                return Ok(Ok(()));
            }
            Err(SaveError::Conflict) => {}
            Err(SaveError::Port(error)) => return Err(error),
        }
    }
    Err(PortError::new(format!("saving release {}", event.key), true, SaveError::Conflict))
}
