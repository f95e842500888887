use std::fmt::Debug;

use async_trait::async_trait;

use super::PortError;
use crate::Message;

/// Where stages leave messages for each other. How they are received is the adapter's own business: a Lambda is
/// handed them, the local worker fetches them.
#[async_trait]
pub trait Queue: Send + Sync + Debug {
    /// Leaves a message in the queue of its kind, durably. While one of the same `dedup` waits there or is worked on,
    /// another is dropped where the service can tell. Messages of one [`Message::group`] are received in the order of
    /// sending, one at a time.
    async fn send(&self, message: &Message, dedup: &str) -> Result<(), PortError>;

    /// Leaves several, each with its `dedup`. Where it fails, some of them may have been left.
    async fn send_all(&self, messages: &[(Message, String)]) -> Result<(), PortError> {
        for (message, dedup) in messages {
            self.send(message, dedup).await?;
        }
        Ok(())
    }
}
