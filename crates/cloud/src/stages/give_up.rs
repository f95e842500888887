use super::Recorder;
use super::record;
use crate::Message;
use crate::catalogue::{Event, Fact, Reason};
use crate::ports::PortError;

/// Says in the catalogue that a message goes to the dead letters, so that nobody waits for what will not come.
///
/// # Errors
/// Where the catalogue cannot be read or written; the message must not be buried then.
pub async fn give_up(recorder: &Recorder, message: &Message, why: &str) -> Result<(), PortError> {
    const HELP: &str = "Try the release again when that is mended, or deliver it anew.";
    let Some((key, delivery)) = message.subject() else {
        return Ok(());
    };
    let fact = match message {
        Message::Manifest { .. } => {
            let attempt = match recorder.catalogue.load(&key).await? {
                Some(stored) if stored.record.current.id == delivery => stored.record.current.attempt,
                _ => 1,
            };
            let reason = Reason::of_delivery(format!("The delivery could not be taken in: {}.", unended(why)), HELP);
            Fact::Refused { attempt, reasons: vec![reason] }
        }
        Message::Transcode(job) => Fact::TrackFailed {
            attempt: job.attempt,
            track: job.track,
            reason: Reason::of_track(
                job.track,
                format!("A track's renditions could not be made: {}.", unended(why)),
                HELP,
            ),
        },
        // It changed nothing; what it said comes again when the release is tried again.
        Message::Happened(_) => return Ok(()),
    };
    // None of these is an order that could be void.
    let _ = record(recorder, &Event { key, delivery, fact }).await?;
    Ok(())
}

/// Without its full stop, since another follows.
fn unended(sentence: &str) -> &str {
    sentence.trim_end().trim_end_matches('.')
}
