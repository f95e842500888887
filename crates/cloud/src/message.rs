use release::{DeliveryId, TrackId, keys};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::catalogue::{Event, ReleaseKey};

/// What travels between the stages. Each kind has a queue of its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Message {
    /// An object that may be a manifest is in the store of masters.
    Manifest {
        /// Its key.
        key: String,
        /// Which version of the object, where the store keeps several: the one that was written first, whatever is put
        /// over it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        version: Option<String>,
        /// Follows the delivery through all logs, where the manifest was read before: it may say another than the
        /// delivery's id.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        trace: Option<String>,
    },
    /// A track's renditions are to be made.
    Transcode(TranscodeJob),
    /// Something that the catalogue must know; in order within a release.
    Happened(Box<Event>),
}

/// The queue of a kind of message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum QueueName {
    /// Of [`Message::Manifest`].
    Intake,
    /// Of [`Message::Transcode`].
    Transcode,
    /// Of [`Message::Happened`].
    Catalogue,
}

/// A track's renditions, to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TranscodeJob {
    /// The release.
    pub key: ReleaseKey,
    /// The delivery whose manifest says what to make.
    pub delivery: DeliveryId,
    /// Which version of the manifest, where the store keeps several: the one that was taken in, whatever is put over it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manifest_version: Option<String>,
    /// The track.
    pub track: TrackId,
    /// Which try at the delivery this belongs to, from 1.
    pub attempt: u32,
    /// Follows the delivery through all logs.
    pub trace: String,
}

impl TranscodeJob {
    /// Tells a message of what came of the job from those of other jobs, other labels' and releases' too.
    pub(crate) fn telling(&self, what: &str) -> String {
        let ReleaseKey { label, release } = &self.key;
        format!("{label}.{release}-{}-{}-{}-{what}", self.delivery, self.track, self.attempt)
    }
}

/// Why bytes are not a message that this version reads.
#[derive(Debug, Error)]
pub enum MessageError {
    /// Not JSON, or not of a message's shape.
    #[error("not a message of the pipeline: {0}")]
    Shape(#[from] serde_json::Error),
    /// Of a version that this program does not know.
    #[error("version {0} of the message is not known here; version {VERSION} is")]
    Version(u32),
}

const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Envelope<M> {
    version: u32,
    message: M,
}

impl Message {
    /// The text that a queue carries.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(&Envelope { version: VERSION, message: self }).expect("a message always serialises")
    }

    /// Reads what a queue carried.
    ///
    /// # Errors
    /// Where the text is not a message, or one of a version that is not known.
    pub fn from_json(text: &str) -> Result<Self, MessageError> {
        #[derive(Deserialize)]
        struct Head {
            version: u32,
        }
        let head: Head = serde_json::from_str(text)?;
        if head.version != VERSION {
            return Err(MessageError::Version(head.version));
        }
        Ok(serde_json::from_str::<Envelope<Self>>(text)?.message)
    }

    /// The queue that it travels in.
    #[must_use]
    pub fn queue(&self) -> QueueName {
        match self {
            Self::Manifest { .. } => QueueName::Intake,
            Self::Transcode(_) => QueueName::Transcode,
            Self::Happened(_) => QueueName::Catalogue,
        }
    }

    /// The group whose messages are received in order, where it belongs to one.
    #[must_use]
    pub fn group(&self) -> Option<String> {
        match self {
            Self::Manifest { .. } | Self::Transcode(_) => None,
            Self::Happened(event) => Some(event.key.to_string()),
        }
    }

    /// What follows the delivery through all logs, as far as the message tells: else the delivery's id, which is what a
    /// manifest says unless a partner's program wrote it. Empty where it names no delivery.
    #[must_use]
    pub fn trace(&self) -> String {
        match self {
            Self::Manifest { trace: Some(trace), .. } => trace.clone(),
            Self::Transcode(job) => job.trace.clone(),
            // What is told of a delivery finds it in the release's record.
            Self::Manifest { .. } | Self::Happened(_) => {
                self.subject().map(|(_, delivery)| delivery.to_string()).unwrap_or_default()
            }
        }
    }

    /// The release and delivery that it is about, where it names one.
    #[must_use]
    pub fn subject(&self) -> Option<(ReleaseKey, DeliveryId)> {
        match self {
            Self::Manifest { key, .. } => keys::ManifestKey::parse(key)
                .map(|key| (ReleaseKey { label: key.label, release: key.release }, key.delivery)),
            Self::Transcode(job) => Some((job.key.clone(), job.delivery)),
            Self::Happened(event) => Some((event.key.clone(), event.delivery)),
        }
    }
}

impl QueueName {
    /// The name as adapters spell it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Intake => "intake",
            Self::Transcode => "transcode",
            Self::Catalogue => "catalogue",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::sample;

    /// What a queue may still carry when a newer version of the program starts.
    #[test]
    fn messages_of_version_1_are_read() {
        let job = |manifest_version| TranscodeJob {
            key: sample::key(),
            delivery: sample::delivery(1),
            manifest_version,
            track: sample::track(1),
            attempt: 2,
            trace: "trace".to_owned(),
        };
        let table = [
            (
                Message::Manifest { key: "night-office/x".to_owned(), version: None, trace: None },
                r#"{"version":1,"message":{"manifest":{"key":"night-office/x"}}}"#,
            ),
            (
                Message::Manifest {
                    key: "night-office/x".to_owned(),
                    version: Some("3HL4kqtJlcpXroDTDmJ".to_owned()),
                    trace: None,
                },
                r#"{"version":1,"message":{"manifest":{"key":"night-office/x","version":"3HL4kqtJlcpXroDTDmJ"}}}"#,
            ),
            (
                Message::Manifest { key: "night-office/x".to_owned(), version: None, trace: Some("trace".to_owned()) },
                r#"{"version":1,"message":{"manifest":{"key":"night-office/x","trace":"trace"}}}"#,
            ),
            (
                Message::Transcode(job(None)),
                concat!(
                    r#"{"version":1,"message":{"transcode":{"key":{"label":"night-office","#,
                    r#""release":"01M81J18G00000000000000001"},"delivery":"01M81NF4400000000000000007","#,
                    r#""track":"01M81J18G00000000000000001","attempt":2,"trace":"trace"}}}"#
                ),
            ),
            (
                Message::Transcode(job(Some("3HL4kqtJlcpXroDTDmJ".to_owned()))),
                concat!(
                    r#"{"version":1,"message":{"transcode":{"key":{"label":"night-office","#,
                    r#""release":"01M81J18G00000000000000001"},"delivery":"01M81NF4400000000000000007","#,
                    r#""manifest_version":"3HL4kqtJlcpXroDTDmJ","track":"01M81J18G00000000000000001","attempt":2,"trace":"trace"}}}"#
                ),
            ),
            (
                Message::Happened(Box::new(sample::ready(1, 1))),
                concat!(
                    r#"{"version":1,"message":{"happened":{"key":{"label":"night-office","#,
                    r#""release":"01M81J18G00000000000000001"},"delivery":"01M81NF4400000000000000007","#,
                    r#""fact":{"track-ready":{"track":"01M81J18G00000000000000001"}}}}}"#
                ),
            ),
        ];
        for (message, json) in table {
            assert_eq!(message.to_json(), json);
            assert_eq!(Message::from_json(json).unwrap(), message);
        }
    }

    #[test]
    fn what_is_no_message_says_so() {
        for text in ["", "{}", "[1]", r#"{"version":1}"#, r#"{"version":1,"message":{"dance":{}}}"#] {
            assert!(matches!(Message::from_json(text), Err(MessageError::Shape(_))), "{text}");
        }
    }
}
