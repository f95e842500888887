use std::sync::Arc;

use async_trait::async_trait;
use release::keys::ManifestKey;
use tokio_util::sync::CancellationToken;

use super::event::Notification;
use super::remedy::in_words;
use super::serve::{Stage, Unreadable};
use crate::Message;
use crate::ports::{Labels, PortError};
use crate::stages::{Intake, Refused, StageError, give_up, intake};

/// Takes in the deliveries whose manifests S3 tells of.
#[derive(Debug)]
pub(super) struct TakeIn {
    /// What it takes; whether releases are reviewed is each label's own matter.
    pub(super) ports: Intake,
    /// How each label works.
    pub(super) labels: Arc<dyn Labels>,
    /// The bucket of masters.
    pub(super) bucket: String,
}

#[async_trait]
impl Stage for TakeIn {
    fn read(&self, body: &str) -> Result<Vec<Message>, Unreadable> {
        let notification = Notification::read(body, &self.bucket)?;
        for ignored in &notification.ignored {
            tracing::warn!(ignored, "an event of S3 says nothing of a new manifest");
        }
        Ok(notification.messages)
    }

    async fn work(&self, message: &Message, stop: &CancellationToken) -> Result<(), StageError> {
        let Message::Manifest { key, version, .. } = message else {
            return Err(Refused::Misdirected.into());
        };
        let work = async {
            let label = ManifestKey::parse(key).ok_or_else(|| Refused::NotAManifest(key.clone()))?.label;
            // A label of which nobody said anything is careful.
            let review = self.labels.settings(&label).await?.is_none_or(|settings| settings.review);
            intake(&Intake { review, ..self.ports.clone() }, key, version.as_deref()).await
        };
        stop.run_until_cancelled(work).await.unwrap_or(Err(StageError::Stopped))
    }

    async fn give_up(&self, message: &Message, error: &StageError) -> Result<(), PortError> {
        match error {
            // It has told the catalogue, where there is a release to tell of.
            StageError::Refused(_) => Ok(()),
            error => give_up(&self.ports.recorder, message, &in_words(error)).await,
        }
    }
}
