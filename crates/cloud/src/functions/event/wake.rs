use serde_json::Value;
use thiserror::Error;

use super::{Received, UnreadableBatch, received};
use crate::{Message, MessageError};

/// What a function that serves a queue is called for.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::functions) enum Wake {
    /// Messages of its queue.
    Batch(Vec<Received>),
    /// The schedule, or an operator in its place: look for what was missed.
    Sweep,
    /// An operator: do this message's work once, and answer with what came of it.
    Order(Box<Message>),
}

/// Why a call is refused.
#[derive(Debug, Error)]
pub(in crate::functions) enum WakeError {
    /// A batch that cannot be read.
    #[error(transparent)]
    Batch(#[from] UnreadableBatch),
    /// A message that cannot be read.
    #[error(transparent)]
    Message(#[from] MessageError),
    /// Anything else.
    #[error(
        "this function takes messages of its queue, {{\"version\":1,\"message\":…}} and, where it has a schedule, \
         {{\"sweep\":true}}"
    )]
    Unknown,
}

impl Wake {
    /// Reads what a function was called with.
    ///
    /// # Errors
    /// See [`WakeError`].
    pub(in crate::functions) fn read(payload: &Value) -> Result<Self, WakeError> {
        let says = |name: &str, value: &str| payload.get(name).and_then(Value::as_str) == Some(value);
        if payload.get("Records").is_some() {
            return Ok(Self::Batch(received(payload)?));
        }
        // A rule of EventBridge says "aws.events", one of its Scheduler "aws.scheduler".
        if payload.get("sweep") == Some(&Value::Bool(true)) || says("detail-type", "Scheduled Event") {
            return Ok(Self::Sweep);
        }
        if payload.get("version").is_some_and(Value::is_number) {
            return Ok(Self::Order(Box::new(Message::from_json(&payload.to_string())?)));
        }
        Err(WakeError::Unknown)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_a_function_is_called_with_is_told_apart() {
        // As the EventBridge user guide has it.
        let scheduled = json!({
            "version": "0",
            "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
            "detail-type": "Scheduled Event",
            "source": "aws.events",
            "account": "123456789012",
            "time": "2026-11-22T16:53:06Z",
            "region": "us-east-1",
            "resources": ["arn:aws:events:us-east-1:123456789012:rule/my-scheduled-rule"],
            "detail": {}
        });
        let order = Message::Manifest { key: "a".to_owned(), version: None, trace: None };
        assert_eq!(Wake::read(&scheduled).unwrap(), Wake::Sweep);
        let mut by_scheduler = scheduled;
        by_scheduler["source"] = "aws.scheduler".into();
        assert_eq!(Wake::read(&by_scheduler).unwrap(), Wake::Sweep);
        assert_eq!(Wake::read(&json!({ "sweep": true })).unwrap(), Wake::Sweep);
        assert_eq!(Wake::read(&json!({ "Records": [] })).unwrap(), Wake::Batch(Vec::new()));
        let payload = serde_json::from_str(&order.to_json()).unwrap();
        assert_eq!(Wake::read(&payload).unwrap(), Wake::Order(Box::new(order)));
    }

    #[test]
    fn anything_else_is_refused() {
        for payload in [json!(null), json!(7), json!({}), json!({ "sweep": "yes" }), json!({ "sweep": false })] {
            assert!(matches!(Wake::read(&payload), Err(WakeError::Unknown)), "{payload}");
        }
        let newer = Wake::read(&json!({ "version": 9 }));
        assert!(matches!(newer, Err(WakeError::Message(MessageError::Version(9)))), "{newer:?}");
        assert!(matches!(Wake::read(&json!({ "Records": 1 })), Err(WakeError::Batch(_))));
    }
}
