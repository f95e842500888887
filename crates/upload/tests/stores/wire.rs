//! What is sent to S3, and what is made of its errors and of answers that get lost.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_s3::config::Credentials;
use bytes::Bytes;
use fake_s3::{Call, FakeS3, Fault, Held, Manners, Operation, When};
use futures::future::try_join_all;
use upload::digest::MIB;
use upload::{
    Body, Confirm, FileDigest, FileToSend, Flow, ObjectReader as _, ObjectStore as _, OnProgress, Options, Outcome,
    Part, Plan, Retry, S3Store, SendError, Sender, SentPart, StoreError, Stored, Upload, Whole,
};

use crate::contract::content;
use crate::s3::{credentials, settings};

const KEY: &str = "label/assets/a b+c.flac";

struct Desk {
    server: FakeS3,
    store: Arc<S3Store>,
    content: Bytes,
    digest: FileDigest,
    plan: Plan,
}

impl Desk {
    async fn new() -> Self {
        Self::with(Manners::default()).await
    }

    async fn with(manners: Manners) -> Self {
        let server = FakeS3::start_with(manners).await.unwrap();
        let store = Arc::new(S3Store::new(settings(server.endpoint(), manners.checksums), credentials()));
        let content = content((10 * MIB + 1) as usize, 1);
        let digest = FileDigest::of(&content);
        let plan = Plan::with_smallest_part(digest.bytes, 5 * MIB).unwrap();
        Self { server, store, content, digest, plan }
    }

    async fn put(&self, bytes: &[u8]) -> Result<Stored, StoreError> {
        self.store.put(KEY, bytes.to_vec().into(), Whole::of(bytes)).await
    }

    async fn send(&self, upload: &Upload, number: u32) -> Result<SentPart, StoreError> {
        let part = self.plan.part(number, &self.digest).unwrap();
        let start = part.offset as usize;
        let body = self.content.slice(start..start + part.bytes as usize).into();
        self.store.send_part(upload, &part, body).await
    }

    /// An upload whose three parts are sent.
    async fn sent(&self) -> (Upload, Vec<SentPart>) {
        let upload = self.store.begin(KEY, &self.plan).await.unwrap();
        let parts = try_join_all((1..=3).map(|number| self.send(&upload, number))).await.unwrap();
        (upload, parts)
    }

    async fn complete(&self, upload: &Upload, parts: &[SentPart]) -> Result<Stored, StoreError> {
        self.store.complete(upload, parts, Whole::from(&self.digest)).await
    }

    fn call(&self, operation: Operation) -> Call {
        let mut calls = self.server.calls();
        calls.retain(|call| call.operation == operation);
        assert_eq!(calls.len(), 1, "{calls:?}");
        calls.remove(0)
    }

    fn always(&self, operation: Operation, status: u16, code: &'static str) {
        self.server.fail(operation, When::Always, Fault::Answer { status, code });
    }
}

#[tokio::test]
async fn a_put_is_conditional_checked_and_typed() {
    let desk = Desk::new().await;
    desk.put(b"bytes").await.unwrap();
    let call = desk.call(Operation::PutObject);
    assert_eq!((&*call.bucket, &*call.key), ("masters", KEY));
    assert_eq!(call.header("if-none-match"), Some("*"));
    assert_eq!(call.header("x-amz-checksum-crc64nvme"), Some(&*upload::crc64::to_text(Whole::of(b"bytes").crc64)));
    assert_eq!(call.header("content-type"), Some("audio/flac"));
    assert_eq!(call.header("content-length"), Some("5"));
    assert!(!call.headers.keys().any(|name| name.contains("crc32") || name.contains("trailer")), "{call:?}");
    assert_eq!(desk.server.content_type("masters", KEY).as_deref(), Some("audio/flac"));
}

#[tokio::test]
async fn parts_and_the_whole_carry_their_checksums() {
    let desk = Desk::new().await;
    let (upload, parts) = desk.sent().await;
    desk.complete(&upload, &parts).await.unwrap();
    let calls = desk.server.calls();
    let begun = calls.iter().find(|call| call.operation == Operation::CreateMultipartUpload).unwrap();
    assert_eq!(begun.header("x-amz-checksum-algorithm"), Some("CRC64NVME"));
    assert_eq!(begun.header("x-amz-checksum-type"), Some("FULL_OBJECT"));
    assert_eq!(begun.header("content-type"), Some("audio/flac"));
    for call in calls.iter().filter(|call| call.operation == Operation::UploadPart) {
        let part = desk.plan.part(call.part_number().unwrap(), &desk.digest).unwrap();
        assert_eq!(call.header("x-amz-checksum-crc64nvme"), Some(&*upload::crc64::to_text(part.crc64)));
        assert_eq!(call.body_bytes as u64, part.bytes);
    }
    let done = calls.iter().find(|call| call.operation == Operation::CompleteMultipartUpload).unwrap();
    assert_eq!(done.header("if-none-match"), Some("*"));
    assert_eq!(done.header("x-amz-checksum-crc64nvme"), Some(&*upload::crc64::to_text(desk.digest.crc64)));
    assert_eq!(done.header("x-amz-checksum-type"), Some("FULL_OBJECT"));
    assert_eq!(done.header("x-amz-mp-object-size"), Some(&*desk.digest.bytes.to_string()));
}

#[tokio::test]
async fn a_service_without_checksums_is_asked_for_none() {
    let desk = Desk::with(Manners { checksums: false, ..Manners::default() }).await;
    let (upload, parts) = desk.sent().await;
    desk.complete(&upload, &parts).await.unwrap();
    assert_eq!(desk.store.confirm(KEY).await.unwrap(), Some(Stored { bytes: desk.digest.bytes, crc64: None }));
    for call in desk.server.calls() {
        assert!(!call.headers.keys().any(|name| name.starts_with("x-amz-checksum")), "{call:?}");
    }
}

#[tokio::test]
async fn a_service_that_should_have_checksums_and_has_none_is_not_believed() {
    let desk = Desk::with(Manners { checksums: false, ..Manners::default() }).await;
    let store = S3Store::new(settings(desk.server.endpoint(), true), credentials());
    store.put(KEY, b"x".to_vec().into(), Whole::of(b"x")).await.unwrap();
    let error = store.confirm(KEY).await.unwrap_err();
    assert!(matches!(error, StoreError::NoChecksum { .. }), "{error}");
}

#[tokio::test]
async fn a_lost_answer_to_a_put_converges() {
    let desk = Desk::new().await;
    desk.server.fail(Operation::PutObject, When::Nth(1), Fault::DropAfter);
    // The SDK tries again, meets the object, and it is the same.
    desk.put(b"bytes").await.unwrap();
    assert_eq!(desk.server.object("masters", KEY).unwrap(), "bytes");
}

#[tokio::test]
async fn lost_answers_to_a_completion_converge() {
    for remembers_completed in [true, false] {
        for lost in [1, 2] {
            let desk = Desk::with(Manners { remembers_completed, ..Manners::default() }).await;
            let (upload, parts) = desk.sent().await;
            desk.server.fail(Operation::CompleteMultipartUpload, When::First(lost), Fault::DropAfter);
            desk.complete(&upload, &parts).await.unwrap();
            assert_eq!(desk.server.object("masters", KEY).unwrap(), desk.content);
        }
    }
}

#[tokio::test]
async fn an_error_in_a_200_is_an_error() {
    let desk = Desk::new().await;
    let (upload, parts) = desk.sent().await;
    desk.server.fail(Operation::CompleteMultipartUpload, When::Always, Fault::ErrorIn200 { code: "InternalError" });
    let error = desk.complete(&upload, &parts).await.unwrap_err();
    assert!(error.is_passing(), "{error}");
    assert_eq!(desk.server.object("masters", KEY), None);
    desk.server.be_well();
    desk.complete(&upload, &parts).await.unwrap();
}

#[tokio::test]
async fn a_lost_upload_is_settled_by_the_object() {
    let desk = Desk::new().await;
    let (upload, parts) = desk.sent().await;
    desk.store.abort(&upload).await.unwrap();
    assert!(matches!(desk.complete(&upload, &parts).await, Err(StoreError::NoSuchUpload { .. })));
    desk.store.put(KEY, desk.content.clone().into(), Whole::from(&desk.digest)).await.unwrap();
    desk.complete(&upload, &parts).await.unwrap();
}

#[tokio::test]
async fn errors_say_what_failed_and_whether_it_passes() {
    let table = [
        (
            403,
            "AccessDenied",
            false,
            "Sign in again. If that does not help, ask whoever runs the label's cloud for the right to write.",
        ),
        (400, "InvalidRequest", false, "Show this message to whoever runs the label's cloud."),
        (503, "SlowDown", true, "The store is busy. Sending goes on by itself."),
        (500, "InternalError", true, "The store is busy. Sending goes on by itself."),
    ];
    for (status, code, passing, help) in table {
        let desk = Desk::new().await;
        desk.always(Operation::PutObject, status, code);
        let error = desk.put(b"x").await.unwrap_err();
        let text = error.to_string();
        let start = format!("The store refused PutObject of {KEY}: {code} ({status}), As told, request FAKE");
        assert!(text.starts_with(&start) && text.ends_with('.'), "{text}");
        assert_eq!((error.is_passing(), &*error.help()), (passing, help), "{code}");
    }
}

#[tokio::test]
async fn a_wait_that_is_asked_for_is_known() {
    let desk = Desk::new().await;
    let fault = Fault::AnswerWait { status: 503, code: "SlowDown", retry_after: 7 };
    desk.server.fail(Operation::HeadObject, When::Always, fault);
    let error = desk.store.confirm(KEY).await.unwrap_err();
    assert_eq!((error.is_passing(), error.retry_after()), (true, Some(Duration::from_secs(7))));
}

#[tokio::test]
async fn a_connection_that_breaks_off_passes() {
    let desk = Desk::new().await;
    desk.server.fail(Operation::HeadObject, When::Always, Fault::DropBefore);
    let error = desk.store.confirm(KEY).await.unwrap_err();
    assert!(matches!(error, StoreError::Unreachable { .. }) && error.is_passing(), "{error}");
    let endpoint = desk.server.endpoint();
    drop(desk);
    let store = S3Store::new(settings(endpoint, true), credentials());
    let error = store.confirm(KEY).await.unwrap_err();
    assert!(error.is_passing(), "{error}");
    assert_eq!(error.to_string(), "The store cannot be reached: nothing answers there.");
}

#[tokio::test]
async fn a_cut_answer_is_no_answer() {
    let desk = Desk::new().await;
    desk.put(&[7; 100_000]).await.unwrap();
    desk.server.fail(Operation::GetObject, When::Always, Fault::CutBody(1));
    let error = desk.store.read(KEY, 0..100_000).await.unwrap_err();
    assert!(error.is_passing(), "{error}");
}

#[tokio::test]
async fn without_credentials_nothing_is_asked() {
    #[derive(Debug)]
    struct None;
    impl aws_sdk_s3::config::ProvideCredentials for None {
        fn provide_credentials<'a>(&'a self) -> aws_credential_types::provider::future::ProvideCredentials<'a>
        where
            Self: 'a,
        {
            let error = aws_credential_types::provider::error::CredentialsError::not_loaded("nobody is signed in");
            aws_credential_types::provider::future::ProvideCredentials::ready(Err(error))
        }
    }
    let desk = Desk::new().await;
    let store = S3Store::new(settings(desk.server.endpoint(), true), None);
    let error = store.confirm(KEY).await.unwrap_err();
    assert!(error.to_string().contains("nobody is signed in"), "{error}");
    assert!(!error.is_passing(), "{error:?}");
    assert!(desk.server.calls().is_empty());
}

#[tokio::test]
async fn secrets_are_not_shown() {
    let desk = Desk::new().await;
    let secret =
        Credentials::new("AKIDFORTESTS", "a-secret-for-tests", Some("a-token-for-tests".into()), None, "tests");
    let store = S3Store::new(settings(desk.server.endpoint(), true), secret);
    desk.always(Operation::PutObject, 403, "AccessDenied");
    let error = store.put(KEY, b"x".to_vec().into(), Whole::of(b"x")).await.unwrap_err();
    let shown = format!("{store:?} {error:?} {error}");
    for secret in ["AKIDFORTESTS", "a-secret-for-tests", "a-token-for-tests"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    assert!(shown.contains("masters"), "{shown}");
}

#[tokio::test]
async fn more_parts_than_a_page_are_listed() {
    let desk = Desk::with(Manners { parts_a_page: 100, ..Manners::default() }).await;
    let upload = desk.store.begin(KEY, &desk.plan).await.unwrap();
    let part = |number| Part { number, offset: 0, bytes: 1, crc64: upload::crc64::of(b"x") };
    let sent: Vec<u32> = (1..=250).collect();
    for numbers in sent.chunks(32) {
        let sends = numbers.iter().map(|&number| {
            let (store, upload) = (&desk.store, &upload);
            async move { store.send_part(upload, &part(number), b"x".to_vec().into()).await }
        });
        try_join_all(sends).await.unwrap();
    }
    let _ = desk.server.calls();
    let listed: Vec<u32> = desk.store.sent_parts(&upload).await.unwrap().iter().map(|part| part.number).collect();
    assert_eq!(listed, sent);
    assert_eq!(desk.server.calls().len(), 3);
}

#[tokio::test]
async fn a_part_is_read_anew_for_every_try() {
    let desk = Desk::new().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("master");
    std::fs::write(&path, &desk.content).unwrap();
    let upload = desk.store.begin(KEY, &desk.plan).await.unwrap();
    let part = desk.plan.part(2, &desk.digest).unwrap();
    let body = Body::File { path: path.clone(), offset: part.offset, length: part.bytes, flow: Flow::default() };
    desk.server.fail(Operation::UploadPart, When::Nth(1), Fault::DropBefore);
    desk.store.send_part(&upload, &part, body.clone()).await.unwrap();
    // A file that is gone is to blame itself, and not the network.
    std::fs::remove_file(&path).unwrap();
    let error = desk.store.send_part(&upload, &part, body).await.unwrap_err();
    assert!(matches!(&error, StoreError::Source { path: named, .. } if *named == path), "{error}");
}

/// A sender to the server, with waits too short to notice.
fn sender(desk: &Desk, folder: &std::path::Path) -> Sender {
    let wait = Duration::from_millis(1);
    let retry = Retry { tries: 4, first: wait, longest: wait };
    let options = Options { parallel_parts: 2, smallest_part: 5 * MIB, retry, ..Options::default() };
    Sender::new(desk.store.clone(), folder.join("journals"), options)
}

fn file_to_send(desk: &Desk, folder: &std::path::Path) -> FileToSend {
    let path = folder.join("master.flac");
    std::fs::write(&path, &desk.content).unwrap();
    FileToSend { path, key: KEY.into(), digest: desk.digest.clone() }
}

#[tokio::test]
async fn a_file_is_sent_whatever_breaks_off() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::new().await;
    let quiet: OnProgress = Arc::new(|_| ());
    // More failures of each kind than the SDK bears by itself.
    for operation in [
        Operation::HeadObject,
        Operation::CreateMultipartUpload,
        Operation::UploadPart,
        Operation::CompleteMultipartUpload,
    ] {
        desk.server.fail(operation, When::First(3), Fault::DropAfter);
    }
    let sent =
        sender(&desk, folder.path()).send(&file_to_send(&desk, folder.path()), &quiet, &Default::default()).await;
    assert_eq!(sent.unwrap().outcome, Outcome::Sent);
    assert_eq!(desk.server.object("masters", KEY).unwrap(), desk.content);
}

#[tokio::test]
async fn a_network_s_own_page_is_never_taken_for_s3_s_word() {
    let desk = Desk::new().await;
    let (upload, parts) = desk.sent().await;
    for status in [200, 302, 403, 511] {
        let intercepted = |operation, error: StoreError| {
            assert!(error.is_passing(), "{operation:?}, {status}: {error}");
            let StoreError::Unreachable { reason, .. } = &error else { panic!("{operation:?}, {status}: {error:?}") };
            assert_eq!(reason, upload::ON_THE_WAY, "{operation:?}, {status}");
            desk.server.be_well();
        };
        let fail = |operation| desk.server.fail(operation, When::Always, Fault::Page { status });
        fail(Operation::HeadObject);
        intercepted(Operation::HeadObject, desk.store.confirm(KEY).await.unwrap_err());
        fail(Operation::PutObject);
        intercepted(Operation::PutObject, desk.put(b"bytes").await.unwrap_err());
        fail(Operation::CreateMultipartUpload);
        intercepted(Operation::CreateMultipartUpload, desk.store.begin(KEY, &desk.plan).await.unwrap_err());
        fail(Operation::UploadPart);
        intercepted(Operation::UploadPart, desk.send(&upload, 1).await.unwrap_err());
        fail(Operation::ListParts);
        intercepted(Operation::ListParts, desk.store.sent_parts(&upload).await.unwrap_err());
        fail(Operation::CompleteMultipartUpload);
        intercepted(Operation::CompleteMultipartUpload, desk.complete(&upload, &parts).await.unwrap_err());
    }
    assert_eq!((desk.server.object("masters", KEY), desk.server.uploads()), (None, 1));
    // What was there before is there still.
    desk.complete(&upload, &parts).await.unwrap();
    assert_eq!(desk.server.object("masters", KEY).unwrap(), desk.content);
}

#[tokio::test]
async fn a_file_is_sent_whole_through_a_network_that_interrupts_with_pages() {
    for status in [200, 302] {
        let folder = tempfile::tempdir().unwrap();
        let desk = Desk::new().await;
        let quiet: OnProgress = Arc::new(|_| ());
        for operation in [
            Operation::HeadObject,
            Operation::CreateMultipartUpload,
            Operation::UploadPart,
            Operation::CompleteMultipartUpload,
        ] {
            desk.server.fail(operation, When::First(3), Fault::Page { status });
        }
        let file = file_to_send(&desk, folder.path());
        let sent = sender(&desk, folder.path()).send(&file, &quiet, &Default::default()).await.unwrap();
        assert_eq!(sent.outcome, Outcome::Sent);
        assert_eq!(desk.server.object("masters", KEY).unwrap(), desk.content);
    }
}

#[tokio::test]
async fn bytes_are_told_as_s3_takes_them() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::new().await;
    desk.server.fail(Operation::UploadPart, When::First(3), Fault::DropAfter);
    let told: Arc<Mutex<Vec<u64>>> = Arc::default();
    let noting = Arc::clone(&told);
    let note: OnProgress = Arc::new(move |progress| noting.lock().unwrap().push(progress.passed));
    let file = file_to_send(&desk, folder.path());
    sender(&desk, folder.path()).send(&file, &note, &Default::default()).await.unwrap();
    let told = told.lock().unwrap();
    assert!(told.is_sorted(), "{told:?}");
    assert_eq!(told.last(), Some(&file.digest.bytes));
    // Many steps a part.
    assert!(told.len() as u64 >= file.digest.bytes / (1024 * 1024), "{told:?}");
    assert_eq!(desk.server.object("masters", KEY).unwrap(), desk.content);
}

#[tokio::test]
async fn what_arrived_at_s3_is_not_sent_again() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::new().await;
    let quiet: OnProgress = Arc::new(|_| ());
    let file = file_to_send(&desk, folder.path());
    desk.always(Operation::CompleteMultipartUpload, 403, "AccessDenied");
    let error = sender(&desk, folder.path()).send(&file, &quiet, &Default::default()).await.unwrap_err();
    assert!(matches!(&error, SendError::Store(StoreError::Refused(_))), "{error}");
    desk.server.be_well();
    let _ = desk.server.calls();
    let sent = sender(&desk, folder.path()).send(&file, &quiet, &Default::default()).await.unwrap();
    assert_eq!((sent.bytes_sent, sent.bytes_resumed), (0, desk.digest.bytes));
    let asked: Vec<Operation> = desk.server.calls().iter().map(|call| call.operation).collect();
    assert_eq!(asked, [Operation::HeadObject, Operation::ListParts, Operation::CompleteMultipartUpload]);
    assert_eq!(desk.server.uploads(), 0);
}

#[tokio::test]
async fn an_upload_that_s3_cleaned_away_is_begun_anew() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::new().await;
    let quiet: OnProgress = Arc::new(|_| ());
    let file = file_to_send(&desk, folder.path());
    desk.server.fail(Operation::UploadPart, When::Nth(2), Fault::Answer { status: 404, code: "NoSuchUpload" });
    sender(&desk, folder.path()).send(&file, &quiet, &Default::default()).await.unwrap();
    assert_eq!(desk.server.object("masters", KEY).unwrap(), desk.content);
    assert_eq!(desk.server.uploads(), 0, "the first was given up");
}

#[tokio::test]
async fn a_file_that_changed_is_never_an_object() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::new().await;
    let quiet: OnProgress = Arc::new(|_| ());
    let file = file_to_send(&desk, folder.path());
    let mut other = desk.content.to_vec();
    other[6 * MIB as usize] ^= 1;
    std::fs::write(&file.path, other).unwrap();
    let error = sender(&desk, folder.path()).send(&file, &quiet, &Default::default()).await.unwrap_err();
    assert!(matches!(error, SendError::Changed { .. }), "{error}");
    assert_eq!((desk.server.object("masters", KEY), desk.server.uploads()), (None, 0));
}

/// What an API says of the bucket, to those who may not read it.
#[derive(Debug)]
struct Api(Arc<FakeS3>);

#[async_trait]
impl Confirm for Api {
    async fn confirm(&self, key: &str) -> Result<Option<Stored>, StoreError> {
        let object = self.0.object("masters", key);
        Ok(object.map(|bytes| Stored { bytes: bytes.len() as u64, crc64: Some(Whole::of(&bytes).crc64) }))
    }
}

#[tokio::test]
async fn who_may_not_read_has_another_tell_what_is_there() {
    let server = Arc::new(FakeS3::start().await.unwrap());
    server.fail(Operation::HeadObject, When::Always, Fault::Answer { status: 403, code: "AccessDenied" });
    let store =
        S3Store::new(settings(server.endpoint(), true), credentials()).confirmed_by(Arc::new(Api(server.clone())));
    let (whole, other) = (Whole::of(b"bytes"), Whole::of(b"other"));
    assert_eq!(store.confirm(KEY).await.unwrap(), None);
    store.put(KEY, b"bytes".to_vec().into(), whole).await.unwrap();
    let there = Stored { bytes: 5, crc64: Some(whole.crc64) };
    assert_eq!(store.confirm(KEY).await.unwrap(), Some(there));
    // The same bytes once more are refused by S3, and are what was wanted; others are not.
    assert_eq!(store.put(KEY, b"bytes".to_vec().into(), whole).await.unwrap(), there);
    let refused = store.put(KEY, b"other".to_vec().into(), other).await.unwrap_err();
    assert!(matches!(refused, StoreError::Differs { .. }), "{refused}");
    // An upload whose last answer got lost, and one that is gone since.
    let content = content((10 * MIB + 1) as usize, 1);
    let digest = FileDigest::of(&content);
    let plan = Plan::with_smallest_part(digest.bytes, 5 * MIB).unwrap();
    let upload = store.begin("label/assets/b.flac", &plan).await.unwrap();
    let mut parts = Vec::new();
    for number in 1..=3 {
        let part = plan.part(number, &digest).unwrap();
        let start = part.offset as usize;
        let body = content.slice(start..start + part.bytes as usize).into();
        parts.push(store.send_part(&upload, &part, body).await.unwrap());
    }
    server.fail(Operation::CompleteMultipartUpload, When::Nth(1), Fault::DropAfter);
    for _ in 0..2 {
        let done = store.complete(&upload, &parts, Whole::from(&digest)).await.unwrap();
        assert_eq!(done.crc64, Some(digest.crc64));
    }
    assert!(!server.calls().iter().any(|call| call.operation == Operation::HeadObject), "S3 was not asked");
}

/// What is larger than S3 copies in one go, here 8 MiB, is moved aside in parts.
async fn moved_aside(desk: &Desk) -> Result<String, StoreError> {
    let settings = settings(desk.server.endpoint(), true);
    let store = S3Store::new(settings, credentials()).copying_in_parts(8 * MIB, 5 * MIB);
    store.set_aside(KEY).await
}

#[tokio::test]
async fn a_large_object_is_moved_aside_in_parts() {
    let desk = Desk::new().await;
    desk.put(&desk.content).await.unwrap();
    let aside = moved_aside(&desk).await.unwrap();
    assert!(aside.ends_with(KEY) && aside != KEY, "{aside}");
    let there = desk.store.confirm(&aside).await.unwrap().unwrap();
    assert_eq!((there.bytes, there.crc64), (desk.digest.bytes, Some(desk.digest.crc64)));
    assert_eq!(desk.store.confirm(KEY).await.unwrap(), None);

    let calls = desk.server.calls();
    let copied: Vec<&Call> = calls.iter().filter(|call| call.operation == Operation::UploadPartCopy).collect();
    let mut ranges: Vec<_> = copied.iter().map(|call| call.header("x-amz-copy-source-range").unwrap()).collect();
    ranges.sort_unstable();
    assert_eq!(ranges, ["bytes=0-5242879", "bytes=10485760-10485760", "bytes=5242880-10485759"]);
    for call in copied {
        assert_eq!(call.header("x-amz-copy-source"), Some("masters/label/assets/a%20b%2Bc.flac"));
        assert!(call.header("x-amz-copy-source-if-match").is_some_and(|mark| mark != "*"), "{call:?}");
    }
    assert_eq!(desk.server.uploads(), 0);
}

#[tokio::test]
async fn what_is_not_copied_whole_stays_where_it_is() {
    for (operation, when) in
        [(Operation::UploadPartCopy, When::Nth(2)), (Operation::CompleteMultipartUpload, When::First(2))]
    {
        let desk = Desk::new().await;
        desk.put(&desk.content).await.unwrap();
        desk.server.fail(operation, when, Fault::ErrorIn200 { code: "AccessDenied" });
        let error = moved_aside(&desk).await.unwrap_err();
        assert!(!error.is_passing(), "{error}");
        assert!(desk.store.confirm(KEY).await.unwrap().is_some(), "{operation:?}");
        assert_eq!(desk.server.uploads(), 0, "the upload is aborted");
        // The next try begins its own.
        desk.server.be_well();
        moved_aside(&desk).await.unwrap();
        assert_eq!(desk.store.confirm(KEY).await.unwrap(), None);
    }
}

#[tokio::test]
async fn an_object_that_took_the_place_of_the_one_looked_at_is_not_moved() {
    let desk = Desk::new().await;
    desk.put(&desk.content).await.unwrap();
    let held = Held::new();
    desk.server.fail(Operation::UploadPartCopy, When::Nth(3), Fault::Hold(held.clone()));
    let meanwhile = async {
        held.reached().await;
        desk.store.set_aside(KEY).await.unwrap();
        let other = content((9 * MIB) as usize, 2);
        desk.store.put(KEY, other.clone().into(), Whole::of(&other)).await.unwrap();
        held.release();
    };
    let (moved, ()) = tokio::join!(moved_aside(&desk), meanwhile);
    moved.unwrap_err();
    assert_eq!(desk.store.confirm(KEY).await.unwrap().unwrap().bytes, 9 * MIB);
    assert_eq!(desk.server.uploads(), 0);
}
