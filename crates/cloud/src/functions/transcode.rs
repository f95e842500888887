use std::sync::Arc;

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

use super::remedy::in_words;
use super::serve::{Stage, Unreadable};
use crate::Message;
use crate::ports::PortError;
use crate::stages::{Progress, Refused, StageError, Transcode, giving_up, transcode};

/// Makes tracks' renditions.
#[derive(Debug)]
pub(super) struct MakeRenditions {
    /// What it takes.
    pub(super) ports: Transcode,
}

#[async_trait]
impl Stage for MakeRenditions {
    fn read(&self, body: &str) -> Result<Vec<Message>, Unreadable> {
        Ok(vec![Message::from_json(body)?])
    }

    async fn work(&self, message: &Message, stop: &CancellationToken) -> Result<(), StageError> {
        let Message::Transcode(job) = message else {
            return Err(Refused::Misdirected.into());
        };
        // Nobody watches a function's progress but its log's times.
        let progress: Progress = Arc::new(|_| ());
        transcode(&self.ports, job, &progress, stop).await
    }

    /// By the catalogue's queue, as all that this function tells: its role may not write records.
    async fn give_up(&self, message: &Message, error: &StageError) -> Result<(), PortError> {
        let Message::Transcode(job) = message else {
            return Ok(());
        };
        let Some(event) = giving_up(self.ports.catalogue.as_ref(), message, &in_words(error)).await? else {
            return Ok(());
        };
        self.ports.queue.send(&Message::Happened(Box::new(event)), &job.telling("given-up")).await
    }
}
