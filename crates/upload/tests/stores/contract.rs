//! What every store must do, as functions over the port. `contract!` makes a test of each, for a store.
//!
//! A server that cannot show a case names those that it can. Cases about checksums are void where there are none.

use std::sync::Arc;

use bytes::Bytes;
use futures::future::join_all;
use upload::{
    Body, FileDigest, Flow, ObjectReader, ObjectStore, Part, Plan, SentPart, StoreError, Stored, Upload, Whole, crc64,
};

/// Both sides of a store.
pub(crate) trait Store: ObjectStore + ObjectReader {}
impl<T: ObjectStore + ObjectReader> Store for T {}

/// A fresh store, what keeps it alive, and what it can do.
pub(crate) struct Subject {
    pub(crate) store: Arc<dyn Store>,
    /// It refuses bytes that do not match their checksum, and knows the checksum of what it has.
    pub(crate) checksums: bool,
    /// The smallest part that it takes, other than the last.
    pub(crate) smallest_part: u64,
    /// A folder or server that goes when the test is over.
    pub(crate) _alive: Box<dyn std::any::Any + Send>,
}

macro_rules! contract {
    ($subject:path: $($case:ident)*) => {$(
        #[tokio::test]
        async fn $case() {
            $crate::contract::$case(&$subject().await).await;
        }
    )*};
    ($subject:path) => {
        $crate::contract::contract! { $subject:
            nothing_is_there_at_first
            a_put_object_can_be_confirmed_and_read
            an_empty_object_is_an_object
            ranges_are_clipped
            keys_may_have_any_usual_character
            keys_that_lead_elsewhere_are_refused
            the_same_put_again_is_success
            other_bytes_are_refused_and_nothing_changes
            a_put_with_the_wrong_checksum_leaves_nothing
            a_put_with_the_wrong_length_leaves_nothing
            a_range_of_a_file_can_be_put
            a_file_that_cannot_be_read_says_so
            parts_in_any_order_make_the_object
            a_part_may_be_sent_again
            a_part_with_the_wrong_checksum_is_not_kept
            a_missing_part_is_noticed
            a_wrong_whole_is_noticed
            completing_again_is_success
            completing_what_is_there_already_is_success
            completing_over_other_bytes_is_refused
            an_aborted_upload_is_gone
            uploads_of_one_key_do_not_mix
            set_aside_frees_the_key
            writers_of_the_same_bytes_all_succeed
            of_writers_of_different_bytes_one_wins
            uploads_of_the_same_bytes_all_succeed
        }
    };
}
pub(crate) use contract;

/// Bytes that differ from MiB to MiB and from seed to seed.
pub(crate) fn content(bytes: usize, seed: u64) -> Bytes {
    let mut state = seed.wrapping_mul(2).wrapping_add(1);
    let mut content = vec![0; bytes];
    for word in content.chunks_mut(8) {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        word.copy_from_slice(&(state ^ (state >> 29)).to_le_bytes()[..word.len()]);
    }
    content.into()
}

/// An upload under way, with all that is known of its file.
struct Sending {
    content: Bytes,
    digest: FileDigest,
    plan: Plan,
    upload: Upload,
}

impl Sending {
    /// Two whole parts and a short one.
    async fn begin(subject: &Subject, key: &str, seed: u64) -> Self {
        let content = content(usize::try_from(subject.smallest_part).unwrap() * 2 + 1000, seed);
        let digest = FileDigest::of(&content);
        let plan = Plan::with_smallest_part(digest.bytes, subject.smallest_part).unwrap();
        assert_eq!(plan.part_count(), 3);
        let upload = subject.store.begin(key, &plan).await.unwrap();
        assert_eq!(upload.key, key);
        Self { content, digest, plan, upload }
    }

    fn part(&self, number: u32) -> Part {
        self.plan.part(number, &self.digest).unwrap()
    }

    fn body(&self, part: &Part) -> Body {
        let start = usize::try_from(part.offset).unwrap();
        self.content.slice(start..start + usize::try_from(part.bytes).unwrap()).into()
    }

    async fn send(&self, subject: &Subject, number: u32) -> SentPart {
        let part = self.part(number);
        subject.store.send_part(&self.upload, &part, self.body(&part)).await.unwrap()
    }

    async fn send_all(&self, subject: &Subject) -> Vec<SentPart> {
        vec![self.send(subject, 1).await, self.send(subject, 2).await, self.send(subject, 3).await]
    }

    fn whole(&self) -> Whole {
        Whole::from(&self.digest)
    }
}

async fn put(subject: &Subject, key: &str, bytes: &Bytes) -> Result<Stored, StoreError> {
    subject.store.put(key, bytes.clone().into(), Whole::of(bytes)).await
}

async fn all(subject: &Subject, key: &str) -> Bytes {
    subject.store.read(key, 0..u64::MAX).await.unwrap()
}

fn stored(subject: &Subject, whole: Whole) -> Stored {
    Stored { bytes: whole.bytes, crc64: subject.checksums.then_some(whole.crc64) }
}

pub(crate) async fn nothing_is_there_at_first(subject: &Subject) {
    assert_eq!(subject.store.confirm("label/a.flac").await.unwrap(), None);
    assert!(matches!(subject.store.read("label/a.flac", 0..1).await, Err(StoreError::Missing { .. })));
    assert!(matches!(subject.store.set_aside("label/a.flac").await, Err(StoreError::Missing { .. })));
}

pub(crate) async fn a_put_object_can_be_confirmed_and_read(subject: &Subject) {
    let bytes = content(100_000, 1);
    let expected = stored(subject, Whole::of(&bytes));
    assert!(put(subject, "label/assets/a.flac", &bytes).await.unwrap().is(Whole::of(&bytes)));
    assert_eq!(subject.store.confirm("label/assets/a.flac").await.unwrap(), Some(expected));
    assert_eq!(all(subject, "label/assets/a.flac").await, bytes);
    assert_eq!(subject.store.confirm("label/assets").await.unwrap(), None, "a folder is no object");
    assert_eq!(subject.store.confirm("label/assets/a.flac/b").await.unwrap(), None, "an object is no folder");
}

pub(crate) async fn an_empty_object_is_an_object(subject: &Subject) {
    put(subject, "empty", &Bytes::new()).await.unwrap();
    assert_eq!(subject.store.confirm("empty").await.unwrap(), Some(stored(subject, Whole::of(b""))));
    assert_eq!(all(subject, "empty").await, Bytes::new());
}

pub(crate) async fn ranges_are_clipped(subject: &Subject) {
    let bytes = content(1000, 2);
    put(subject, "a", &bytes).await.unwrap();
    for (range, expected) in [
        (0..1, 0..1),
        (0..1000, 0..1000),
        (999..1000, 999..1000),
        (500..2000, 500..1000),
        (1000..2000, 0..0),
        (5000..6000, 0..0),
        (7..7, 0..0),
        (u64::MAX - 1..u64::MAX, 0..0),
    ] {
        assert_eq!(subject.store.read("a", range.clone()).await.unwrap(), bytes.slice(expected), "{range:?}");
    }
}

pub(crate) async fn keys_may_have_any_usual_character(subject: &Subject) {
    for key in ["ü/ಠ_ಠ.wav", "a b/c+d%20e&f=g?h#i.json", "label/..a/...", "a/.store/b", "quote'\"<&>.flac"] {
        let bytes = content(10, 3);
        put(subject, key, &bytes).await.unwrap();
        assert_eq!(all(subject, key).await, bytes, "{key}");
        assert!(subject.store.confirm(key).await.unwrap().is_some(), "{key}");
    }
}

pub(crate) async fn keys_that_lead_elsewhere_are_refused(subject: &Subject) {
    let plan = Plan::of(100).unwrap();
    for key in ["", "/a", "a/", "a//b", "../a", "a/../../b", ".", "a\0b", "a\nb", ".store/uploads/x", "set-aside/a"] {
        let refused =
            |result: Result<(), StoreError>| assert!(matches!(result, Err(StoreError::Key { .. })), "{key:?}");
        refused(put(subject, key, &Bytes::new()).await.map(drop));
        refused(subject.store.begin(key, &plan).await.map(drop));
        refused(subject.store.set_aside(key).await.map(drop));
        if !key.starts_with("set-aside/") {
            refused(subject.store.confirm(key).await.map(drop));
            refused(subject.store.read(key, 0..1).await.map(drop));
        }
    }
}

pub(crate) async fn the_same_put_again_is_success(subject: &Subject) {
    let bytes = content(1000, 4);
    put(subject, "a", &bytes).await.unwrap();
    assert!(put(subject, "a", &bytes).await.unwrap().is(Whole::of(&bytes)));
}

pub(crate) async fn other_bytes_are_refused_and_nothing_changes(subject: &Subject) {
    let bytes = content(1000, 5);
    put(subject, "a", &bytes).await.unwrap();
    // Of the same length, where the store has checksums to tell them apart.
    let other = content(if subject.checksums { 1000 } else { 999 }, 6);
    let error = put(subject, "a", &other).await.unwrap_err();
    assert!(matches!(error, StoreError::Differs { .. }), "{error}");
    assert!(!error.is_passing());
    assert_eq!(all(subject, "a").await, bytes);
}

pub(crate) async fn a_put_with_the_wrong_checksum_leaves_nothing(subject: &Subject) {
    if !subject.checksums {
        return;
    }
    let bytes = content(1000, 7);
    let wrong = Whole { crc64: 1, ..Whole::of(&bytes) };
    let error = subject.store.put("a", bytes.into(), wrong).await.unwrap_err();
    assert!(matches!(error, StoreError::Mismatch { part: None, .. }), "{error}");
    assert_eq!(subject.store.confirm("a").await.unwrap(), None);
}

pub(crate) async fn a_put_with_the_wrong_length_leaves_nothing(subject: &Subject) {
    let bytes = content(1000, 8);
    let wrong = Whole { bytes: 1001, ..Whole::of(&bytes) };
    let error = subject.store.put("a", bytes.into(), wrong).await.unwrap_err();
    assert!(matches!(error, StoreError::Mismatch { part: None, .. }), "{error}");
    assert_eq!(subject.store.confirm("a").await.unwrap(), None);
}

pub(crate) async fn a_range_of_a_file_can_be_put(subject: &Subject) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    let bytes = content(300_000, 9);
    std::fs::write(&path, &bytes).unwrap();
    let middle = bytes.slice(1000..299_000);
    let body = Body::File { path, offset: 1000, length: 298_000, flow: Flow::default() };
    subject.store.put("a", body, Whole::of(&middle)).await.unwrap();
    assert_eq!(all(subject, "a").await, middle);
}

pub(crate) async fn a_file_that_cannot_be_read_says_so(subject: &Subject) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gone");
    let body = Body::File { path: path.clone(), offset: 0, length: 10, flow: Flow::default() };
    let error = subject.store.put("a", body, Whole { bytes: 10, crc64: 0 }).await.unwrap_err();
    assert!(matches!(&error, StoreError::Source { path: named, .. } if *named == path), "{error}");
    // Shorter than announced: it changed.
    std::fs::write(&path, b"short").unwrap();
    let body = Body::File { path, offset: 0, length: 10, flow: Flow::default() };
    let error = subject.store.put("a", body, Whole { bytes: 10, crc64: 0 }).await.unwrap_err();
    assert!(matches!(error, StoreError::Mismatch { .. }), "{error}");
    assert_eq!(subject.store.confirm("a").await.unwrap(), None);
}

pub(crate) async fn parts_in_any_order_make_the_object(subject: &Subject) {
    let sending = Sending::begin(subject, "label/long.wav", 10).await;
    assert_eq!(subject.store.sent_parts(&sending.upload).await.unwrap(), []);
    let (three, one) = (sending.send(subject, 3).await, sending.send(subject, 1).await);
    assert_eq!(subject.store.sent_parts(&sending.upload).await.unwrap(), [one.clone(), three.clone()]);
    let two = sending.send(subject, 2).await;
    for (sent, number) in [(&one, 1), (&two, 2), (&three, 3)] {
        let part = sending.part(number);
        assert_eq!((sent.number, sent.bytes), (number, part.bytes));
        assert_eq!(sent.crc64, subject.checksums.then_some(part.crc64));
    }
    assert_eq!(subject.store.confirm("label/long.wav").await.unwrap(), None, "nothing shows before it is whole");
    let done = subject.store.complete(&sending.upload, &[one, two, three], sending.whole()).await.unwrap();
    assert!(done.is(sending.whole()));
    let there = subject.store.confirm("label/long.wav").await.unwrap();
    assert_eq!(there, Some(stored(subject, sending.whole())));
    assert_eq!(all(subject, "label/long.wav").await, sending.content);
}

pub(crate) async fn a_part_may_be_sent_again(subject: &Subject) {
    let sending = Sending::begin(subject, "a", 11).await;
    sending.send(subject, 1).await;
    let parts = sending.send_all(subject).await;
    assert_eq!(subject.store.sent_parts(&sending.upload).await.unwrap(), parts);
    subject.store.complete(&sending.upload, &parts, sending.whole()).await.unwrap();
    assert_eq!(all(subject, "a").await, sending.content);
}

pub(crate) async fn a_part_with_the_wrong_checksum_is_not_kept(subject: &Subject) {
    if !subject.checksums {
        return;
    }
    let sending = Sending::begin(subject, "a", 12).await;
    let part = sending.part(2);
    let other = content(usize::try_from(part.bytes).unwrap(), 13);
    let error = subject.store.send_part(&sending.upload, &part, other.into()).await.unwrap_err();
    assert!(matches!(error, StoreError::Mismatch { part: Some(2), .. }), "{error}");
    assert_eq!(subject.store.sent_parts(&sending.upload).await.unwrap(), []);
}

pub(crate) async fn a_missing_part_is_noticed(subject: &Subject) {
    if !subject.checksums {
        return;
    }
    let sending = Sending::begin(subject, "a", 14).await;
    let parts = [sending.send(subject, 1).await, sending.send(subject, 3).await];
    let error = subject.store.complete(&sending.upload, &parts, sending.whole()).await.unwrap_err();
    assert!(matches!(error, StoreError::Parts { .. } | StoreError::Mismatch { .. }), "{error}");
    assert_eq!(subject.store.confirm("a").await.unwrap(), None);
    // What arrived is still of use.
    let parts = [parts[0].clone(), sending.send(subject, 2).await, parts[1].clone()];
    subject.store.complete(&sending.upload, &parts, sending.whole()).await.unwrap();
    assert_eq!(all(subject, "a").await, sending.content);
}

pub(crate) async fn a_wrong_whole_is_noticed(subject: &Subject) {
    if !subject.checksums {
        return;
    }
    let sending = Sending::begin(subject, "a", 15).await;
    let parts = sending.send_all(subject).await;
    let (whole, bytes) = (sending.whole(), sending.whole().bytes);
    for wrong in [Whole { crc64: whole.crc64 ^ 1, ..whole }, Whole { bytes: bytes + 1, ..whole }] {
        let error = subject.store.complete(&sending.upload, &parts, wrong).await.unwrap_err();
        assert!(matches!(error, StoreError::Mismatch { part: None, .. }), "{error}");
        assert_eq!(subject.store.confirm("a").await.unwrap(), None);
    }
    subject.store.complete(&sending.upload, &parts, whole).await.unwrap();
}

pub(crate) async fn completing_again_is_success(subject: &Subject) {
    let sending = Sending::begin(subject, "a", 16).await;
    let parts = sending.send_all(subject).await;
    for _ in 0..2 {
        let done = subject.store.complete(&sending.upload, &parts, sending.whole()).await.unwrap();
        assert!(done.is(sending.whole()));
    }
    subject.store.abort(&sending.upload).await.unwrap();
    assert_eq!(all(subject, "a").await, sending.content, "an object outlives its upload");
}

pub(crate) async fn completing_what_is_there_already_is_success(subject: &Subject) {
    let sending = Sending::begin(subject, "a", 17).await;
    let parts = sending.send_all(subject).await;
    put(subject, "a", &sending.content).await.unwrap();
    let done = subject.store.complete(&sending.upload, &parts, sending.whole()).await.unwrap();
    assert!(done.is(sending.whole()));
    assert_eq!(all(subject, "a").await, sending.content);
}

pub(crate) async fn completing_over_other_bytes_is_refused(subject: &Subject) {
    let sending = Sending::begin(subject, "a", 18).await;
    let parts = sending.send_all(subject).await;
    let other = content(10, 19);
    put(subject, "a", &other).await.unwrap();
    let error = subject.store.complete(&sending.upload, &parts, sending.whole()).await.unwrap_err();
    assert!(matches!(error, StoreError::Differs { .. }), "{error}");
    assert_eq!(all(subject, "a").await, other);
}

pub(crate) async fn an_aborted_upload_is_gone(subject: &Subject) {
    let sending = Sending::begin(subject, "a", 20).await;
    let parts = sending.send_all(subject).await;
    subject.store.abort(&sending.upload).await.unwrap();
    subject.store.abort(&sending.upload).await.unwrap();
    assert_eq!(subject.store.confirm("a").await.unwrap(), None);
    let gone = |result: Result<(), StoreError>| {
        let error = result.unwrap_err();
        assert!(matches!(error, StoreError::NoSuchUpload { .. }), "{error}");
    };
    gone(subject.store.sent_parts(&sending.upload).await.map(drop));
    let part = sending.part(1);
    gone(subject.store.send_part(&sending.upload, &part, sending.body(&part)).await.map(drop));
    gone(subject.store.complete(&sending.upload, &parts, sending.whole()).await.map(drop));
}

pub(crate) async fn uploads_of_one_key_do_not_mix(subject: &Subject) {
    let (one, two) = (Sending::begin(subject, "a", 21).await, Sending::begin(subject, "a", 22).await);
    assert_ne!(one.upload.id, two.upload.id);
    one.send(subject, 1).await;
    let parts = two.send_all(subject).await;
    one.send(subject, 2).await;
    subject.store.complete(&two.upload, &parts, two.whole()).await.unwrap();
    assert_eq!(all(subject, "a").await, two.content);
    subject.store.abort(&one.upload).await.unwrap();
}

pub(crate) async fn set_aside_frees_the_key(subject: &Subject) {
    let (first, second, third) = (content(1000, 23), content(2000, 24), content(3000, 25));
    put(subject, "label/assets/a.flac", &first).await.unwrap();
    let aside_first = subject.store.set_aside("label/assets/a.flac").await.unwrap();
    assert_eq!(subject.store.confirm("label/assets/a.flac").await.unwrap(), None);
    put(subject, "label/assets/a.flac", &second).await.unwrap();
    let aside_second = subject.store.set_aside("label/assets/a.flac").await.unwrap();
    put(subject, "label/assets/a.flac", &third).await.unwrap();
    for (key, bytes) in [(&*aside_first, &first), (&*aside_second, &second), ("label/assets/a.flac", &third)] {
        assert_eq!(all(subject, key).await, *bytes, "{key}");
        assert!(subject.store.confirm(key).await.unwrap().unwrap().is(Whole::of(bytes)), "{key}");
    }
}

pub(crate) async fn writers_of_the_same_bytes_all_succeed(subject: &Subject) {
    let bytes = content(50_000, 26);
    for result in join_all((0..8).map(|_| put(subject, "a", &bytes))).await {
        assert!(result.unwrap().is(Whole::of(&bytes)));
    }
    assert_eq!(all(subject, "a").await, bytes);
}

pub(crate) async fn of_writers_of_different_bytes_one_wins(subject: &Subject) {
    let contents: Vec<Bytes> = (0..8).map(|n| content(50_000 + n, 27 + n as u64)).collect();
    let results = join_all(contents.iter().map(|bytes| put(subject, "a", bytes))).await;
    let there = all(subject, "a").await;
    for (result, bytes) in results.into_iter().zip(&contents) {
        match result {
            Ok(_) => assert_eq!(crc64::of(&there), crc64::of(bytes), "who was told of success is there"),
            Err(error) => {
                assert!(matches!(error, StoreError::Differs { .. }), "{error}");
                assert_ne!(crc64::of(&there), crc64::of(bytes));
            }
        }
    }
    assert!(contents.contains(&there), "no mixture");
}

pub(crate) async fn uploads_of_the_same_bytes_all_succeed(subject: &Subject) {
    let uploads = join_all((0..3).map(|_| Sending::begin(subject, "a", 40))).await;
    let results = join_all(uploads.iter().map(|sending| async {
        let parts = sending.send_all(subject).await;
        subject.store.complete(&sending.upload, &parts, sending.whole()).await
    }));
    for result in results.await {
        assert!(result.unwrap().is(uploads[0].whole()));
    }
    assert_eq!(all(subject, "a").await, uploads[0].content);
}
