use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use release::keys::{self, ManifestKey};
use release::{Asset, LabelId, Manifest, Sha256};
use sha2::Digest as _;
use tokio::runtime::Handle;
use tokio_util::task::AbortOnDropHandle;
use upload::{ObjectReader, ObjectStore, StoreError, Whole};

use super::flaw::Flaw;
use super::{Refused, StageError};

/// The store of masters, seen from the cloud: it may read, and move away what is not what it should be.
#[derive(Debug, Clone)]
pub struct Masters {
    /// Tells what is there.
    pub store: Arc<dyn ObjectStore>,
    /// Reads it. The same store.
    pub reader: Arc<dyn ObjectReader>,
}

impl Masters {
    /// The largest manifest that is read, in bytes: a thousand tracks take about two million.
    const MANIFEST_LIMIT: u64 = 32 * 1024 * 1024;

    /// Reads a manifest and sees that it is what its key says.
    pub(crate) async fn manifest(&self, key: &ManifestKey, version: Option<&str>) -> Result<Manifest, StageError> {
        let name = keys::manifest(&key.label, key.release, key.delivery);
        let refused = |reason: String| StageError::Refused(Refused::Manifest { key: name.clone(), reason });
        // One byte more tells that there is more.
        let range = 0..Self::MANIFEST_LIMIT + 1;
        let bytes = match version {
            Some(version) => self.reader.read_version(&name, version, range).await?,
            None => self.reader.read(&name, range).await?,
        };
        if bytes.len() as u64 > Self::MANIFEST_LIMIT {
            return Err(refused(format!("it has more than the {} bytes that are read", Self::MANIFEST_LIMIT)));
        }
        let manifest = Manifest::from_json(&bytes).map_err(|error| refused(error.to_string()))?;
        if manifest.delivery != key.delivery {
            return Err(refused(format!("it calls itself delivery {}", manifest.delivery)));
        }
        if manifest.release.id != key.release {
            return Err(refused(format!("it delivers release {}", manifest.release.id)));
        }
        Ok(manifest)
    }

    /// What is wrong where an asset of a label should be, as far as size and checksum tell. Where they are not the
    /// manifest's, the object's bytes say which of the two is wrong: they are read for that, and at no other time.
    pub(super) async fn find(&self, label: &LabelId, asset: &Asset) -> Result<Option<Flaw>, StoreError> {
        let whole = Whole { bytes: asset.bytes, crc64: asset.crc64.0 };
        match self.store.confirm(&keys::asset(label, asset)).await? {
            None => Ok(Some(Flaw::Missing)),
            Some(stored) if stored.is(whole) => Ok(None),
            Some(stored) => self.blame(label, asset, stored.bytes).await.map(Some),
        }
    }

    /// Hashes an object that is not as the manifest says. Its name is its SHA-256: where that holds, it is whole and
    /// stays, since other releases of the label may be made of it.
    async fn blame(&self, label: &LabelId, asset: &Asset, bytes: u64) -> Result<Flaw, StoreError> {
        let key = keys::asset(label, asset);
        let mut hash = sha2::Sha256::new();
        let mut position = 0;
        while position < bytes {
            let end = position.saturating_add(ObjectSource::WINDOW).min(bytes);
            let window = match self.reader.read(&key, position..end).await {
                Ok(window) if window.is_empty() => break,
                Ok(window) => window,
                // Somebody moved it aside meanwhile.
                Err(StoreError::Missing { .. }) => return Ok(Flaw::Different),
                Err(error) => return Err(error),
            };
            hash.update(&window);
            position += window.len() as u64;
        }
        if Sha256(hash.finalize().into()) != asset.sha256 {
            return self.set_aside(label, asset).await;
        }
        tracing::warn!(key, "a manifest gives another size or checksum of an object than it has");
        Ok(Flaw::misdescribed(asset, bytes))
    }

    /// Moves away an object whose own bytes are not the asset's, so that it can be sent anew.
    pub(super) async fn set_aside(&self, label: &LabelId, asset: &Asset) -> Result<Flaw, StoreError> {
        let key = keys::asset(label, asset);
        match self.reader.set_aside(&key).await {
            Ok(place) => {
                tracing::warn!(key, place, "an object is not what its name says, and was moved aside");
                Ok(Flaw::Different)
            }
            // Somebody was quicker.
            Err(StoreError::Missing { .. }) => Ok(Flaw::Different),
            Err(error) => Err(error),
        }
    }

    /// The bytes of the artwork, once all were hashed; what is not the artwork is moved aside.
    pub(super) async fn picture(&self, label: &LabelId, asset: &Asset) -> Result<Result<Bytes, Flaw>, StoreError> {
        let bytes = match self.reader.read(&keys::asset(label, asset), 0..asset.bytes).await {
            Ok(bytes) => bytes,
            Err(StoreError::Missing { .. }) => return Ok(Err(Flaw::Missing)),
            Err(error) => return Err(error),
        };
        if Sha256::of(&bytes) != asset.sha256 {
            let there = self.store.confirm(&keys::asset(label, asset)).await?;
            return self.blame(label, asset, there.map_or(0, |stored| stored.bytes)).await.map(Err);
        }
        Ok(Ok(bytes))
    }

    /// An asset's bytes, for code that reads and seeks on a blocking thread.
    pub(super) fn open(&self, label: &LabelId, asset: &Asset) -> ObjectSource {
        ObjectSource {
            reader: Arc::clone(&self.reader),
            runtime: Handle::current(),
            key: keys::asset(label, asset),
            bytes: asset.bytes,
            position: 0,
            window: Bytes::new(),
            window_start: 0,
            ahead: None,
            error: Arc::default(),
        }
    }
}

/// An object as something to read and seek in, a window at a time, whatever the object's length. While it is read from front to
/// back, the next window is on its way: decoding waits for the network as little as it can.
#[derive(Debug)]
pub(super) struct ObjectSource {
    reader: Arc<dyn ObjectReader>,
    runtime: Handle,
    key: String,
    bytes: u64,
    position: u64,
    window: Bytes,
    window_start: u64,
    ahead: Option<Ahead>,
    error: Failure,
}

/// A window that was asked for before it was needed.
#[derive(Debug)]
struct Ahead {
    start: u64,
    window: AbortOnDropHandle<Result<Bytes, StoreError>>,
}

/// The store's own error, which a decoder would not hand through.
pub(super) type Failure = Arc<Mutex<Option<StoreError>>>;

impl ObjectSource {
    const WINDOW: u64 = 4 * 1024 * 1024;

    /// Where the store's error will be, if reading fails.
    pub(super) fn failure(&self) -> Failure {
        Arc::clone(&self.error)
    }

    fn fill(&mut self) -> io::Result<()> {
        let ahead = self.ahead.take().filter(|ahead| ahead.start == self.position);
        // A window whose task did not end is read as if nobody had asked for it.
        let read = match ahead.and_then(|ahead| self.runtime.block_on(ahead.window).ok()) {
            Some(read) => read,
            None => self.runtime.block_on(self.reader.read(&self.key, self.window_at(self.position))),
        };
        match read {
            Ok(bytes) => {
                let goes_on = self.position == self.window_start + self.window.len() as u64;
                self.window = bytes;
                self.window_start = self.position;
                if goes_on {
                    self.ask_ahead();
                }
                Ok(())
            }
            Err(error) => {
                let told = io::Error::other(error.to_string());
                *self.error.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                Err(told)
            }
        }
    }

    fn window_at(&self, start: u64) -> Range<u64> {
        start..start.saturating_add(Self::WINDOW).min(self.bytes)
    }

    /// Asks for the window behind this one, where there is one.
    fn ask_ahead(&mut self) {
        let start = self.window_start + self.window.len() as u64;
        let range = self.window_at(start);
        // Behind the end of an object that is shorter than it was said to be there is nothing.
        if range.is_empty() || (self.window.len() as u64) < Self::WINDOW {
            return;
        }
        let (reader, key) = (Arc::clone(&self.reader), self.key.clone());
        let window = self.runtime.spawn(async move { reader.read(&key, range).await });
        self.ahead = Some(Ahead { start, window: AbortOnDropHandle::new(window) });
    }
}

impl Read for ObjectSource {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.position >= self.bytes || buffer.is_empty() {
            return Ok(0);
        }
        let within = |source: &Self| {
            let offset = source.position.checked_sub(source.window_start)?;
            source.window.get(usize::try_from(offset).ok()?..).filter(|rest| !rest.is_empty()).map(<[u8]>::len)
        };
        if within(self).is_none() {
            self.fill()?;
        }
        // An object that is shorter than it was said to be ends here.
        let Some(available) = within(self) else { return Ok(0) };
        let count = available.min(buffer.len());
        let start = self.window.len() - available;
        buffer[..count].copy_from_slice(&self.window[start..start + count]);
        self.position += count as u64;
        Ok(count)
    }
}

impl Seek for ObjectSource {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::End(offset) => self.bytes.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        self.position = target.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.position)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;
    use std::sync::LazyLock;
    use std::sync::mpsc;
    use std::time::Duration;

    use async_trait::async_trait;
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;
    use crate::catalogue::sample;
    use crate::testing::{MemoryStore, put};

    /// More than two windows.
    static BYTES: LazyLock<Vec<u8>> = LazyLock::new(|| {
        let byte = |at: u64| u8::try_from((at * 31 + at / 251) % 256).unwrap();
        (0..2 * ObjectSource::WINDOW + 12_345).map(byte).collect()
    });

    fn asset(bytes: u64) -> Asset {
        let (sha256, crc64) = (Sha256::of(b"name"), release::Crc64(0));
        Asset { sha256, crc64, bytes, extension: "wav".to_owned() }
    }

    /// Runs code that reads and seeks on a blocking thread, as the stage does.
    fn with_source(stored: &[u8], claimed: u64, use_it: impl FnOnce(ObjectSource) + Send + 'static) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let store = Arc::new(MemoryStore::default());
            let (label, asset) = (sample::key().label, asset(claimed));
            put(store.as_ref(), &keys::asset(&label, &asset), stored).await;
            let source = Masters { store: Arc::clone(&store) as _, reader: store }.open(&label, &asset);
            tokio::task::spawn_blocking(move || use_it(source)).await.unwrap();
        });
    }

    fn steps() -> impl Strategy<Value = Vec<(SeekFrom, usize)>> {
        let length = i64::try_from(BYTES.len()).unwrap();
        let seek = prop_oneof![
            (0..BYTES.len() as u64 + 10).prop_map(SeekFrom::Start),
            (-length..10).prop_map(SeekFrom::End),
            (-1000..5_000_000_i64).prop_map(SeekFrom::Current),
            Just(SeekFrom::Current(0)),
        ];
        vec((seek, 0..100_000_usize), 0..20)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn an_object_is_read_as_a_file_is(steps in steps()) {
            with_source(&BYTES, BYTES.len() as u64, move |mut source| {
                let mut file = Cursor::new(BYTES.as_slice());
                for (seek, length) in steps {
                    match (source.seek(seek), file.seek(seek)) {
                        (Ok(one), Ok(other)) => assert_eq!(one, other),
                        (one, other) => assert_eq!(one.is_err(), other.is_err()),
                    }
                    let (mut one, mut other) = (Vec::new(), Vec::new());
                    (&mut source).take(length as u64).read_to_end(&mut one).unwrap();
                    (&mut file).take(length as u64).read_to_end(&mut other).unwrap();
                    assert!(one == other, "{seek:?} {length}");
                }
            });
        }
    }

    /// Says what it is asked for.
    #[derive(Debug)]
    struct Watched {
        store: Arc<MemoryStore>,
        asked: mpsc::Sender<Range<u64>>,
    }

    #[async_trait]
    impl ObjectReader for Watched {
        async fn read(&self, key: &str, range: Range<u64>) -> Result<Bytes, StoreError> {
            self.asked.send(range.clone()).unwrap();
            self.store.read(key, range).await
        }

        async fn set_aside(&self, key: &str) -> Result<String, StoreError> {
            self.store.set_aside(key).await
        }
    }

    #[test]
    fn the_next_window_is_on_its_way_while_one_is_read() {
        const WINDOW: u64 = ObjectSource::WINDOW;
        let (asked, asks) = mpsc::channel();
        with_source(&BYTES, BYTES.len() as u64, move |source| {
            let store = Arc::new(MemoryStore::default());
            source.runtime.block_on(put(store.as_ref(), &source.key, &BYTES));
            let mut source = ObjectSource { reader: Arc::new(Watched { store, asked }), ..source };
            // Nobody waits for as long, but for what does not come.
            let next = || asks.recv_timeout(Duration::from_mins(1)).unwrap();
            let mut byte = [0];
            source.read_exact(&mut byte).unwrap();
            assert_eq!([next(), next()], [0..WINDOW, WINDOW..2 * WINDOW]);

            // What is read elsewhere is read as it comes: nothing says where it goes on.
            source.seek(SeekFrom::Start(2 * WINDOW + 5)).unwrap();
            source.read_exact(&mut byte).unwrap();
            assert_eq!(next(), 2 * WINDOW + 5..BYTES.len() as u64);
            source.seek(SeekFrom::Start(7)).unwrap();
            source.read_exact(&mut byte).unwrap();
            assert_eq!(next(), 7..WINDOW + 7);

            // From there to the end, each byte is asked for once.
            let mut rest = Vec::new();
            source.read_to_end(&mut rest).unwrap();
            assert_eq!(rest, BYTES[8..]);
            assert_eq!([next(), next()], [WINDOW + 7..2 * WINDOW + 7, 2 * WINDOW + 7..BYTES.len() as u64]);
            assert_eq!(asks.try_recv(), Err(mpsc::TryRecvError::Empty));
        });
    }

    #[test]
    fn an_object_that_is_shorter_than_it_should_be_ends_early() {
        with_source(b"short", 100, |mut source| {
            let mut read = Vec::new();
            source.read_to_end(&mut read).unwrap();
            assert_eq!(read, b"short");
        });
    }

    #[test]
    fn the_store_s_own_error_is_kept() {
        with_source(b"", 100, |source| {
            let failure = source.failure();
            let mut elsewhere = ObjectSource { key: "elsewhere".to_owned(), ..source };
            assert!(elsewhere.read(&mut [0; 8]).is_err());
            assert!(matches!(*failure.lock().unwrap(), Some(StoreError::Missing { .. })));
        });
    }
}
