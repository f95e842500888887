use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::SendMessageBatchRequestEntry;
use release::Sha256;

use super::failure;
use crate::ports::{PortError, Queue};
use crate::{Message, QueueName};

/// The URLs of the pipeline's queues. A function that does not use one may leave it empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Queues {
    /// Of manifests; a standard queue.
    pub intake: String,
    /// Of transcoding jobs; a standard queue.
    pub transcode: String,
    /// Of what the catalogue must know; a FIFO queue, a group a release.
    pub catalogue: String,
}

/// The pipeline's queues by SQS.
///
/// The standard queues may deliver a message twice, and drop no second one of the same `dedup`: whoever receives them
/// is told twice, and changes nothing the second time. The FIFO queue drops what comes again within five minutes.
#[derive(Clone)]
pub struct SqsQueue {
    client: Client,
    queues: Queues,
}

/// What one request takes, in messages and in bytes.
const BATCH: usize = 10;
const BATCH_BYTES: usize = 256 * 1024;

/// The longest that SQS lets a message wait before it can be received.
const LONGEST_DELAY: Duration = Duration::from_secs(900);

impl SqsQueue {
    /// Queues that are there already. Nothing is asked of them yet.
    #[must_use]
    pub fn new(client: Client, queues: Queues) -> Self {
        Self { client, queues }
    }

    fn url(&self, queue: QueueName) -> &str {
        match queue {
            QueueName::Intake => &self.queues.intake,
            QueueName::Transcode => &self.queues.transcode,
            QueueName::Catalogue => &self.queues.catalogue,
        }
    }

    /// Keeps a message from being received again for a time from now on, at most the 12 hours of SQS.
    ///
    /// # Errors
    /// Where SQS cannot be asked, or the message is no longer the receiver's.
    pub async fn hide(&self, queue: QueueName, receipt: &str, period: Duration) -> Result<(), PortError> {
        const LONGEST: u64 = 43_200;
        let seconds = i32::try_from(period.as_secs().min(LONGEST)).expect("twelve hours fit");
        let request = self.client.change_message_visibility().queue_url(self.url(queue)).receipt_handle(receipt);
        let sent = request.visibility_timeout(seconds).send().await;
        sent.map(drop).map_err(|error| failure::of(format!("keeping a message of {} hidden", queue.as_str()), error))
    }

    /// Sends a message that can be received after a time only, at most a quarter of an hour. Not for the FIFO queue,
    /// where it would overtake nothing and hold up its group.
    ///
    /// # Errors
    /// Where SQS cannot be asked, or refuses.
    pub async fn send_later(&self, message: &Message, wait: Duration) -> Result<(), PortError> {
        let queue = message.queue();
        let wait = wait.min(LONGEST_DELAY).as_secs();
        let request = self
            .client
            .send_message()
            .queue_url(self.url(queue))
            .message_body(message.to_json())
            .delay_seconds(i32::try_from(wait).expect("a quarter of an hour fits"));
        request.send().await.map(drop).map_err(|error| failure::of(sending(queue), error))
    }

    /// Sends some messages of one queue: no more than fit into a request.
    async fn send_batch(&self, queue: QueueName, batch: &[Outgoing]) -> Result<(), PortError> {
        let entries = batch.iter().enumerate().map(|(number, outgoing)| {
            let fifo = outgoing.group.is_some();
            SendMessageBatchRequestEntry::builder()
                .id(number.to_string())
                .message_body(&outgoing.body)
                .set_message_group_id(outgoing.group.clone())
                .set_message_deduplication_id(fifo.then(|| outgoing.dedup.clone()))
                .build()
                .expect("an id and a body are there")
        });
        let request = self.client.send_message_batch().queue_url(self.url(queue)).set_entries(Some(entries.collect()));
        let answer = request.send().await.map_err(|error| failure::of(sending(queue), error))?;
        // A batch is no transaction: some may be refused.
        match answer.failed().first() {
            None => Ok(()),
            Some(failed) => {
                let why = format!("{}: {}", failed.code(), failed.message().unwrap_or("refused"));
                Err(PortError::new(sending(queue), !failed.sender_fault(), why))
            }
        }
    }
}

/// A message, ready to be sent.
struct Outgoing {
    body: String,
    group: Option<String>,
    dedup: String,
}

impl Outgoing {
    fn new(message: &Message, dedup: &str) -> Self {
        let group = message.group();
        Self { body: message.to_json(), group, dedup: dedup_id(dedup) }
    }
}

/// SQS takes letters, digits and punctuation, at most 128 of them.
fn dedup_id(dedup: &str) -> String {
    let fits = dedup.len() <= 128 && !dedup.is_empty() && dedup.bytes().all(|byte| byte.is_ascii_graphic());
    if fits { dedup.to_owned() } else { Sha256::of(dedup.as_bytes()).to_string() }
}

/// Splits what is to be sent into what fits into a request each.
fn batches(outgoing: &[Outgoing]) -> Vec<&[Outgoing]> {
    let mut batches = Vec::new();
    let mut rest = outgoing;
    while !rest.is_empty() {
        let mut bytes = 0;
        let fits = |outgoing: &&Outgoing| {
            bytes += outgoing.body.len();
            bytes <= BATCH_BYTES
        };
        // One that is too long by itself is sent alone, and refused by name.
        let count = rest.iter().take(BATCH).take_while(fits).count().max(1);
        let (batch, others) = rest.split_at(count);
        batches.push(batch);
        rest = others;
    }
    batches
}

fn sending(queue: QueueName) -> String {
    format!("sending to the queue {}", queue.as_str())
}

#[async_trait]
impl Queue for SqsQueue {
    async fn send(&self, message: &Message, dedup: &str) -> Result<(), PortError> {
        self.send_batch(message.queue(), &[Outgoing::new(message, dedup)]).await
    }

    async fn send_all(&self, messages: &[(Message, String)]) -> Result<(), PortError> {
        for queue in [QueueName::Intake, QueueName::Transcode, QueueName::Catalogue] {
            let of_queue = messages.iter().filter(|(message, _)| message.queue() == queue);
            let outgoing: Vec<Outgoing> = of_queue.map(|(message, dedup)| Outgoing::new(message, dedup)).collect();
            for batch in batches(&outgoing) {
                self.send_batch(queue, batch).await?;
            }
        }
        Ok(())
    }
}

/// Without the client, which holds credentials.
impl fmt::Debug for SqsQueue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqsQueue").field("queues", &self.queues).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outgoing(bytes: usize) -> Outgoing {
        Outgoing { body: "x".repeat(bytes), group: None, dedup: "d".to_owned() }
    }

    #[test]
    fn a_request_takes_ten_messages_and_256_kib() {
        let sizes = |messages: &[usize]| -> Vec<usize> {
            let messages: Vec<Outgoing> = messages.iter().map(|bytes| outgoing(*bytes)).collect();
            batches(&messages).into_iter().map(<[Outgoing]>::len).collect()
        };
        assert_eq!(sizes(&[]), [0; 0]);
        assert_eq!(sizes(&[10; 25]), [10, 10, 5]);
        assert_eq!(sizes(&[100 * 1024; 5]), [2, 2, 1]);
        assert_eq!(sizes(&[300 * 1024, 10, 10]), [1, 2]);
    }

    #[test]
    fn what_sqs_would_not_take_as_a_name_is_hashed() {
        assert_eq!(dedup_id("01ABC-01DEF-1-ready"), "01ABC-01DEF-1-ready");
        for odd in ["", "two words", "é", &"x".repeat(129)] {
            assert_eq!(dedup_id(odd).len(), 64, "{odd}");
        }
        assert_ne!(dedup_id("two words"), dedup_id("two  words"));
    }
}
