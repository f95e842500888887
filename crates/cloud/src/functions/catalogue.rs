use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

use super::serve::{Stage, Unreadable};
use crate::Message;
use crate::catalogue::{Event, Fact};
use crate::ports::PortError;
use crate::stages::{Recorder, Refused, StageError, record};

/// Takes what happened to releases to their records.
#[derive(Debug)]
pub(super) struct Catalogued {
    /// What it takes.
    pub(super) recorder: Recorder,
}

#[async_trait]
impl Stage for Catalogued {
    fn read(&self, body: &str) -> Result<Vec<Message>, Unreadable> {
        Ok(vec![Message::from_json(body)?])
    }

    async fn work(&self, message: &Message, stop: &CancellationToken) -> Result<(), StageError> {
        let Message::Happened(event) = message else {
            return Err(Refused::Misdirected.into());
        };
        if let Some(key) = foreign_key(event) {
            return Err(Refused::Elsewhere { key, label: event.key.label.clone() }.into());
        }
        let work = async {
            if let Err(void) = record(&self.recorder, event).await? {
                tracing::info!(%void, "an order did not count");
            }
            Ok(())
        };
        stop.run_until_cancelled(work).await.unwrap_or(Err(StageError::Stopped))
    }

    /// There is nobody else to tell: the sweep finds releases to which nothing happens any more.
    async fn give_up(&self, _: &Message, _: &StageError) -> Result<(), PortError> {
        Ok(())
    }
}

/// A rendition in an event that does not lie where those of its label do.
fn foreign_key(event: &Event) -> Option<String> {
    let Fact::Accepted { accepted, .. } = &event.fact else {
        return None;
    };
    let own = format!("{}/", event.key.label);
    let mut keys = accepted.tracks.iter().flat_map(|track| &track.renditions).map(|rendition| &rendition.key);
    keys.find(|key| !key.starts_with(&own)).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::sample;

    #[test]
    fn renditions_of_another_label_are_refused() {
        let mut accepted = sample::accepted(1, 2);
        let event = |accepted| sample::event(1, Fact::Accepted { attempt: 1, accepted: Box::new(accepted) });
        let own = format!("{}/renditions/x.flac", sample::key().label);
        for track in &mut accepted.tracks {
            track.renditions.iter_mut().for_each(|rendition| rendition.key.clone_from(&own));
        }
        assert_eq!(foreign_key(&event(accepted.clone())), None);
        "other/renditions/x.flac".clone_into(&mut accepted.tracks[1].renditions[0].key);
        assert_eq!(foreign_key(&event(accepted)).as_deref(), Some("other/renditions/x.flac"));
        assert_eq!(foreign_key(&sample::ready(1, 1)), None);
    }
}
