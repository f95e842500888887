use std::time::Duration;

use async_trait::async_trait;

use super::serve::Inbox;
use crate::aws::SqsQueue;
use crate::ports::PortError;
use crate::{Message, QueueName};

/// A queue of SQS, as the function sees it that is handed its messages.
#[derive(Debug, Clone)]
pub(super) struct SqsInbox {
    /// All queues, with the function's own role.
    pub(super) queues: SqsQueue,
    /// Which one it is.
    pub(super) name: QueueName,
}

#[async_trait]
impl Inbox for SqsInbox {
    async fn hide(&self, receipt: &str, period: Duration) -> Result<(), PortError> {
        self.queues.hide(self.name, receipt, period).await
    }

    async fn put_off(&self, message: &Message, wait: Duration) -> Result<(), PortError> {
        self.queues.send_later(message, wait).await
    }
}
