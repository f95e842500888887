use aws_lambda_events::sqs::SqsMessage;
use jiff::Timestamp;
use serde_json::Value;
use thiserror::Error;

/// A message as SQS hands it to a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::functions) struct Received {
    /// Names it in the answer.
    pub(in crate::functions) id: String,
    /// Names this receipt of it; of use to whoever may change the queue only.
    pub(in crate::functions) receipt: String,
    /// What it says.
    pub(in crate::functions) body: String,
    /// How often it was received, this time included.
    pub(in crate::functions) receives: u32,
    /// When it was sent.
    pub(in crate::functions) sent: Option<Timestamp>,
    /// Its group, in a FIFO queue.
    pub(in crate::functions) group: Option<String>,
}

impl Received {
    /// What stands for a message that came past the queue.
    pub(in crate::functions) fn by_an_operator() -> Self {
        let (id, receipt, body) = ("operator".to_owned(), String::new(), String::new());
        Self { id, receipt, body, receives: 1, sent: None, group: None }
    }
}

/// Why a batch cannot be worked on, nor its messages be told apart.
#[derive(Debug, Error)]
pub(in crate::functions) enum UnreadableBatch {
    /// No list of records.
    #[error("this is no batch of messages: it has no list of \"Records\"")]
    NoRecords,
    /// A record that is no message of SQS.
    #[error("record {number} is no message of SQS: {cause}")]
    Record {
        /// From 1 on.
        number: usize,
        /// What is wrong with it.
        cause: serde_json::Error,
    },
    /// A record without an id: it could not be named in the answer.
    #[error("record {0} has no id")]
    NoId(usize),
}

/// Reads the messages of an invocation by SQS.
///
/// # Errors
/// See [`UnreadableBatch`]: the whole batch has failed then, and comes again.
pub(in crate::functions) fn received(payload: &Value) -> Result<Vec<Received>, UnreadableBatch> {
    let records = payload.get("Records").and_then(Value::as_array).ok_or(UnreadableBatch::NoRecords)?;
    let mut all = Vec::with_capacity(records.len());
    for (number, record) in (1..).zip(records) {
        let message: SqsMessage =
            serde_json::from_value(record.clone()).map_err(|cause| UnreadableBatch::Record { number, cause })?;
        let attribute = |name: &str| message.attributes.get(name);
        all.push(Received {
            receives: attribute("ApproximateReceiveCount").and_then(|count| count.parse().ok()).unwrap_or(1),
            sent: attribute("SentTimestamp")
                .and_then(|millis| millis.parse().ok())
                .and_then(|millis| Timestamp::from_millisecond(millis).ok()),
            group: attribute("MessageGroupId").cloned(),
            id: message.message_id.ok_or(UnreadableBatch::NoId(number))?,
            receipt: message.receipt_handle.unwrap_or_default(),
            body: message.body.unwrap_or_default(),
        });
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// As the Lambda developer guide has it ("Using Lambda with Amazon SQS", FIFO).
    #[test]
    fn a_documented_batch_is_read() {
        let payload = json!({ "Records": [
            {
                "messageId": "11d6ee51-4cc7-4302-9e22-7cd8afdaadf5",
                "receiptHandle": "AQEBBX8nesZEXmkhsmZeyIE8iQAMig7qw...",
                "body": "Test message.",
                "attributes": {
                    "ApproximateReceiveCount": "3",
                    "SentTimestamp": "1573251510774",
                    "SequenceNumber": "18849496460467696128",
                    "MessageGroupId": "1",
                    "SenderId": "AIDAIO23YVJENQZJOL4VO",
                    "MessageDeduplicationId": "1",
                    "ApproximateFirstReceiveTimestamp": "1573251510774"
                },
                "messageAttributes": {},
                "md5OfBody": "e4e68fb7bd0e697a0ae8f1bb342846b3",
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:us-east-2:123456789012:fifo.fifo",
                "awsRegion": "us-east-2"
            },
            { "messageId": "bare" }
        ]});
        let read = received(&payload).unwrap();
        let expected = Received {
            id: "11d6ee51-4cc7-4302-9e22-7cd8afdaadf5".to_owned(),
            receipt: "AQEBBX8nesZEXmkhsmZeyIE8iQAMig7qw...".to_owned(),
            body: "Test message.".to_owned(),
            receives: 3,
            sent: Some("2019-11-08T22:18:30.774Z".parse().unwrap()),
            group: Some("1".to_owned()),
        };
        assert_eq!(read[0], expected);
        assert_eq!((read[1].id.as_str(), read[1].receives, read[1].sent), ("bare", 1, None));
    }

    #[test]
    fn what_is_no_batch_says_so() {
        let table = [
            (json!({}), "this is no batch of messages: it has no list of \"Records\""),
            (json!([1]), "this is no batch of messages: it has no list of \"Records\""),
            (json!({ "Records": [{}] }), "record 1 has no id"),
            (
                json!({ "Records": [{ "messageId": "a" }, 1] }),
                "record 2 is no message of SQS: invalid type: integer `1`, expected struct SqsMessage",
            ),
        ];
        for (payload, why) in table {
            assert_eq!(received(&payload).unwrap_err().to_string(), why);
        }
    }
}
