use super::Recorder;
use super::record;
use crate::Message;
use crate::catalogue::{Event, Fact, Reason};
use crate::ports::{Catalogue, PortError};

/// Says in the catalogue that a message goes to the dead letters, so that nobody waits for what will not come.
///
/// # Errors
/// Where the catalogue cannot be read or written; the message must not be buried then.
pub async fn give_up(recorder: &Recorder, message: &Message, why: &str) -> Result<(), PortError> {
    if let Some(event) = giving_up(recorder.catalogue.as_ref(), message, why).await? {
        // None of these is an order that could be void.
        let _ = record(recorder, &event).await?;
    }
    Ok(())
}

/// What the catalogue is told of a message that goes to the dead letters, where it is to be told.
///
/// # Errors
/// Where the catalogue cannot be read.
pub async fn giving_up(catalogue: &dyn Catalogue, message: &Message, why: &str) -> Result<Option<Event>, PortError> {
    const HELP: &str = "Try the release again when that is mended, or deliver it anew.";
    let Some((key, delivery)) = message.subject() else {
        return Ok(None);
    };
    let current = catalogue.load(&key).await?.map(|stored| stored.record.current);
    let current = current.filter(|current| current.id == delivery);
    let fact = match message {
        Message::Manifest { .. } => {
            let reason = Reason::of_delivery(format!("The delivery could not be taken in: {}.", unended(why)), HELP);
            let attempt = current.map_or(1, |current| current.attempt);
            Fact::Refused { attempt, reasons: vec![reason], read: None }
        }
        Message::Transcode(job) => {
            let track =
                current.as_ref().and_then(|current| current.tracks().iter().find(|track| track.id == job.track));
            let name =
                track.map_or_else(|| "A track".to_owned(), |track| format!("Track {} “{}”", track.number, track.title));
            let message = format!("{name}: its renditions could not be made: {}.", unended(why));
            let reason = Reason::of_track(job.track, message, HELP);
            Fact::TrackFailed { attempt: job.attempt, track: job.track, reason }
        }
        // It changed nothing; what it said comes again when the release is tried again.
        Message::Happened(_) => return Ok(None),
    };
    Ok(Some(Event { key, delivery, fact }))
}

/// Without its full stop, since another follows.
fn unended(sentence: &str) -> &str {
    sentence.trim_end().trim_end_matches('.')
}
