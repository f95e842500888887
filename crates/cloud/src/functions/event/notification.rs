use std::borrow::Cow;

use aws_lambda_events::s3::{S3Event, S3EventRecord};
use serde::Deserialize;
use thiserror::Error;

use crate::{Message, MessageError};

/// The body of a message in the queue that S3 notifies of new objects: manifests that arrived. The queue also carries
/// this program's own messages, of deliveries that are tried again.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::functions) struct Notification {
    /// What is to be taken in.
    pub(in crate::functions) messages: Vec<Message>,
    /// What was left out on purpose, in words.
    pub(in crate::functions) ignored: Vec<String>,
}

/// Why a body is refused as a whole: S3 sends it again as a whole, too.
#[derive(Debug, Error)]
pub(in crate::functions) enum NotificationError {
    /// Neither S3's nor a message of the pipeline.
    #[error("neither an event of S3 nor a message of the pipeline: {0}")]
    Shape(#[from] serde_json::Error),
    /// A message of the pipeline that this version does not read.
    #[error(transparent)]
    Message(#[from] MessageError),
    /// Of another bucket than the one of masters.
    #[error("an object of bucket \"{}\" was announced, and only those of \"{masters}\" are taken in", bucket.escape_debug())]
    Elsewhere {
        /// The bucket of the event.
        bucket: String,
        /// The bucket of masters.
        masters: String,
    },
    /// The key does not become text once it is decoded.
    #[error("the key \"{}\" of an announced object is no text", .0.escape_debug())]
    Key(String),
    /// A record without what every event has.
    #[error("an event of S3 names no {0}")]
    Without(&'static str),
}

impl Notification {
    /// Reads the body of a message.
    ///
    /// # Errors
    /// See [`NotificationError`].
    pub(in crate::functions) fn read(body: &str, masters: &str) -> Result<Self, NotificationError> {
        let head: Head = serde_json::from_str(body)?;
        // S3 says this once, when a bucket is told to notify a queue.
        if head.event.as_deref() == Some("s3:TestEvent") {
            return Ok(Self { messages: Vec::new(), ignored: Vec::new() });
        }
        if head.version.is_some() {
            return Ok(Self { messages: vec![Message::from_json(body)?], ignored: Vec::new() });
        }
        let event: S3Event = serde_json::from_str(body)?;
        let mut notification = Self { messages: Vec::new(), ignored: Vec::new() };
        for record in event.records {
            notification.add(record, masters)?;
        }
        Ok(notification)
    }

    fn add(&mut self, record: S3EventRecord, masters: &str) -> Result<(), NotificationError> {
        let name = record.event_name.ok_or(NotificationError::Without("kind"))?;
        let key = record.s3.object.key.ok_or(NotificationError::Without("key"))?;
        // Without its prefix in an event of S3's own, with it in copies of events that other services make.
        if !name.strip_prefix("s3:").unwrap_or(&name).starts_with("ObjectCreated:") {
            self.ignored.push(format!("{} of \"{}\"", name.escape_debug(), key.escape_debug()));
            return Ok(());
        }
        let bucket = record.s3.bucket.name.unwrap_or_default();
        if bucket != masters {
            return Err(NotificationError::Elsewhere { bucket, masters: masters.to_owned() });
        }
        let key = form_decoded(&key).ok_or(NotificationError::Key(key))?;
        // A bucket without versions calls the only one "null", which is not to be asked for.
        let version = record.s3.object.version_id.filter(|version| !version.is_empty() && version != "null");
        self.messages.push(Message::Manifest { key, version, trace: None });
        Ok(())
    }
}

/// What tells the three kinds of body apart.
#[derive(Deserialize)]
struct Head {
    #[serde(default, rename = "Event")]
    event: Option<String>,
    #[serde(default)]
    version: Option<serde::de::IgnoredAny>,
}

/// S3 encodes keys in events as forms are: a space is `+` or `%20`, a plus sign `%2B`, and a slash is itself or `%2F`.
fn form_decoded(key: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(key.len());
    let mut rest = key.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => match rest.split_at_checked(2).and_then(|(digits, after)| Some((hex(digits)?, after))) {
                Some((decoded, after)) => {
                    rest = after;
                    decoded
                }
                // Not an escape: itself.
                None => b'%',
            },
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

fn hex(digits: &[u8]) -> Option<u8> {
    let text: Cow<'_, str> = String::from_utf8_lossy(digits);
    // `from_str_radix` takes a sign too.
    digits.iter().all(u8::is_ascii_hexdigit).then(|| u8::from_str_radix(&text, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::sample;

    /// An event as S3's user guide has it ("Event message structure").
    fn record(name: &str, bucket: &str, key: &str, version: Option<&str>) -> serde_json::Value {
        let mut record = serde_json::json!({
            "eventVersion": "2.2",
            "eventSource": "aws:s3",
            "awsRegion": "eu-west-1",
            "eventTime": "2026-11-22T12:00:00.123Z",
            "eventName": name,
            "userIdentity": { "principalId": "AWS:AROAEXAMPLE:session" },
            "requestParameters": { "sourceIPAddress": "203.0.113.7" },
            "responseElements": { "x-amz-request-id": "C3D13FE58DE4C810", "x-amz-id-2": "FMyUVURIY8=" },
            "s3": {
                "s3SchemaVersion": "1.0",
                "configurationId": "manifests",
                "bucket": {
                    "name": bucket,
                    "ownerIdentity": { "principalId": "A3NL1KOZZKExample" },
                    "arn": format!("arn:aws:s3:::{bucket}"),
                },
                "object": { "key": key, "size": 1024, "eTag": "d41d8cd98f00b204e9800998ecf8427e", "sequencer": "0055AED6DCD90281E5" },
            },
        });
        if let Some(version) = version {
            record["s3"]["object"]["versionId"] = version.into();
        }
        record
    }

    fn body(records: &[serde_json::Value]) -> String {
        serde_json::json!({ "Records": records }).to_string()
    }

    fn manifest(key: &str, version: Option<&str>) -> Message {
        Message::Manifest { key: key.to_owned(), version: version.map(str::to_owned), trace: None }
    }

    #[test]
    fn keys_are_read_however_they_are_encoded() {
        let table = [
            ("label/releases/a.delivery.json", "label/releases/a.delivery.json"),
            ("label%2Freleases%2fa.delivery.json", "label/releases/a.delivery.json"),
            ("a+b%20c%2Bd", "a b c+d"),
            ("caf%C3%A9", "café"),
            ("caf\u{e9}", "café"),
            ("50%", "50%"),
            ("50%+1", "50% 1"),
            ("%zz%+f", "%zz% f"),
        ];
        for (encoded, key) in table {
            let read = Notification::read(&body(&[record("ObjectCreated:Put", "masters", encoded, None)]), "masters");
            assert_eq!(read.unwrap().messages, [manifest(key, None)], "{encoded}");
        }
        let read = Notification::read(&body(&[record("ObjectCreated:Put", "masters", "%ff", None)]), "masters");
        assert!(matches!(read, Err(NotificationError::Key(_))), "{read:?}");
    }

    #[test]
    fn several_records_and_their_versions_are_read() {
        let read = Notification::read(
            &body(&[
                record("ObjectCreated:Put", "masters", "a", Some("3HL4kqtJlcpXroDTDmJ")),
                record("ObjectCreated:CompleteMultipartUpload", "masters", "b", Some("null")),
                record("s3:ObjectCreated:Copy", "masters", "c", None),
                record("ObjectRemoved:DeleteMarkerCreated", "masters", "d", Some("x")),
                record("ObjectTagging:Put", "masters", "e", None),
            ]),
            "masters",
        );
        let read = read.unwrap();
        let expected = [manifest("a", Some("3HL4kqtJlcpXroDTDmJ")), manifest("b", None), manifest("c", None)];
        assert_eq!(read.messages, expected);
        assert_eq!(read.ignored, ["ObjectRemoved:DeleteMarkerCreated of \"d\"", "ObjectTagging:Put of \"e\""]);
    }

    #[test]
    fn what_s3_says_when_it_is_set_up_is_done_silently() {
        let text = r#"{"Service":"Amazon S3","Event":"s3:TestEvent","Time":"2026-11-22T12:00:00.000Z",
            "Bucket":"masters","RequestId":"5582815E1AEA5ADF","HostId":"8cLeGAmw098X5cv4Zkwcmo8vvZa3eH3eKxsPzbB9wrR"}"#;
        let nothing = Notification { messages: Vec::new(), ignored: Vec::new() };
        assert_eq!(Notification::read(text, "masters").unwrap(), nothing);
        assert_eq!(Notification::read(r#"{"Records":[]}"#, "masters").unwrap(), nothing);
    }

    #[test]
    fn the_pipelines_own_messages_are_read() {
        let again = manifest("night-office/releases/x", None);
        assert_eq!(Notification::read(&again.to_json(), "masters").unwrap().messages, [again]);
        let happened = Message::Happened(Box::new(sample::ready(1, 1)));
        assert_eq!(Notification::read(&happened.to_json(), "masters").unwrap().messages, [happened]);
        let newer = Notification::read(r#"{"version":2,"message":{}}"#, "masters");
        assert!(matches!(newer, Err(NotificationError::Message(MessageError::Version(2)))), "{newer:?}");
    }

    #[test]
    fn what_is_refused_says_why() {
        let mut nameless = record("ObjectCreated:Put", "masters", "a", None);
        nameless["s3"]["object"].as_object_mut().unwrap().remove("key");
        let table = [
            (
                "dance".to_owned(),
                "neither an event of S3 nor a message of the pipeline: expected value at line 1 column 1",
            ),
            (
                "{}".to_owned(),
                "neither an event of S3 nor a message of the pipeline: missing field `Records` at line 1 column 2",
            ),
            (
                body(&[record("ObjectCreated:Put", "other\n", "a", None)]),
                "an object of bucket \"other\\n\" was announced, and only those of \"masters\" are taken in",
            ),
            (body(&[nameless]), "an event of S3 names no key"),
        ];
        for (body, why) in table {
            assert_eq!(Notification::read(&body, "masters").unwrap_err().to_string(), why);
        }
    }
}
