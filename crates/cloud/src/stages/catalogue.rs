use std::sync::Arc;

use jiff::Timestamp;

use crate::catalogue::{Applied, Delivery, Event, Record, State, Void, apply};
use crate::figures::{self, Unit};
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
        // Also where nothing is changed, or cannot be: each line that follows is the delivery's.
        if let Some(known) = known.filter(|known| known.current.id == event.delivery) {
            follow(&known.current);
        }
        let change = match apply(known, event, recorder.clock.now()) {
            Applied::Changed(change) => change,
            Applied::Unchanged => return Ok(Ok(())),
            Applied::Void(void) => return Ok(Err(void)),
        };
        match recorder.catalogue.save(&change.record, version, &change.outbox).await {
            Ok(()) => {
                // An older delivery's event says nothing of the current one's trace.
                if change.record.current.id == event.delivery {
                    follow(&change.record.current);
                }
                note_transition(known, &change.record, recorder.clock.now());
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

/// Has the log say what follows a delivery. Where the record does not tell, who called may know better: intake, which has
/// just read the manifest.
fn follow(delivery: &Delivery) {
    if delivery.accepted().is_some() || delivery.read.is_some() {
        tracing::Span::current().record("trace", delivery.trace());
    }
}

/// Notes how long a release stood where it stood, and where it is now.
fn note_transition(known: Option<&Record>, record: &Record, now: Timestamp) {
    let from = known.map(|known| known.state);
    if from == Some(record.state) {
        return;
    }
    if let Some(known) = known {
        let stood = now.duration_since(known.since).as_millis();
        figures::note(time_in(known.state), Unit::Milliseconds, u64::try_from(stood).unwrap_or(0));
    }
    figures::count(releases(record.state));
}

fn time_in(state: State) -> &'static str {
    match state {
        State::Received => "TimeReceived",
        State::Transcoding => "TimeTranscoding",
        State::InReview => "TimeInReview",
        State::Ready => "TimeReady",
        State::Live => "TimeLive",
        State::Failed => "TimeFailed",
        State::Rejected => "TimeRejected",
        State::Withdrawn => "TimeWithdrawn",
    }
}

fn releases(state: State) -> &'static str {
    match state {
        State::Received => "ReleasesReceived",
        State::Transcoding => "ReleasesTranscoding",
        State::InReview => "ReleasesInReview",
        State::Ready => "ReleasesReady",
        State::Live => "ReleasesLive",
        State::Failed => "ReleasesFailed",
        State::Rejected => "ReleasesRejected",
        State::Withdrawn => "ReleasesWithdrawn",
    }
}
