//! Sound that is not on this machine, and is read over the network a range at a time.

use std::collections::VecDeque;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use thiserror::Error;
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;

use super::source::Ranged;

/// Where the bytes of sound come from that is not on this machine.
#[async_trait]
pub trait Ranges: Send + Sync + fmt::Debug {
    /// The bytes of a range that ends at or before the object's end.
    async fn read(&self, range: Range<u64>) -> Result<Bytes, RangeError>;
}

/// Why bytes could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct RangeError {
    /// What failed, for people.
    pub message: String,
    /// What a person can do about it.
    pub help: Option<&'static str>,
    /// Whether the same may succeed later, without anyone doing anything: it is then tried again by itself.
    pub passing: bool,
}

/// Sound that is not on this machine. Clones are the same.
#[derive(Clone)]
pub struct Elsewhere(Arc<Inside>);

struct Inside {
    name: String,
    bytes: u64,
    ranges: Arc<dyn Ranges>,
    kept: ReadAhead,
    runtime: Handle,
}

/// What was read of sound elsewhere: a few megabytes, so that going back and forth in it reads nothing twice. Clones are
/// the same.
#[derive(Clone, Default)]
pub struct ReadAhead(Arc<Mutex<VecDeque<(ChunkName, Bytes)>>>);

/// An object's name and the number of the chunk in it.
type ChunkName = (Arc<str>, u64);

/// What somebody waits for who reads; nothing is said while it goes well.
#[derive(Debug, Clone, Default)]
pub(super) struct Note(Arc<Mutex<Option<String>>>);

impl ReadAhead {
    /// Sound is read so many bytes at a time: some seconds of it.
    pub(super) const CHUNK: u64 = 256 * 1024;

    /// How many chunks are kept: 12 MiB in all, however many pieces a list has.
    const KEPT: usize = 48;

    fn kept(&self) -> MutexGuard<'_, VecDeque<(ChunkName, Bytes)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn get(&self, name: &ChunkName) -> Option<Bytes> {
        let mut kept = self.kept();
        let place = kept.iter().position(|(other, _)| other == name)?;
        let chunk = kept.remove(place)?;
        let bytes = chunk.1.clone();
        kept.push_back(chunk);
        Some(bytes)
    }

    fn put(&self, name: ChunkName, bytes: Bytes) {
        let mut kept = self.kept();
        kept.retain(|(other, _)| *other != name);
        kept.push_back((name, bytes));
        while kept.len() > Self::KEPT {
            kept.pop_front();
        }
    }
}

impl Elsewhere {
    /// Sound of a length in bytes. The name is that of its content: what is kept under it is taken for the same. Must be
    /// called in a tokio runtime, which then does the reading.
    #[must_use]
    pub fn new(name: String, bytes: u64, ranges: Arc<dyn Ranges>, kept: ReadAhead) -> Self {
        Self(Arc::new(Inside { name, bytes, ranges, kept, runtime: Handle::current() }))
    }

    /// Its length in bytes.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.0.bytes
    }

    /// Something to read and seek in, on a thread that may wait. It reads ahead, and ends with an error once it is stopped.
    #[must_use]
    pub fn source(&self, stop: CancellationToken) -> Ranged {
        Ranged::new(self.clone(), stop, Note::default())
    }

    /// As [`Self::source`], saying what it waits for.
    pub(super) fn source_with(&self, stop: CancellationToken, note: Note) -> Ranged {
        Ranged::new(self.clone(), stop, note)
    }

    /// Reads a chunk in the background, again and again while that may help.
    pub(super) fn fetch(&self, number: u64, stop: CancellationToken, note: Note) -> Fetch {
        let name: ChunkName = (self.0.name.as_str().into(), number);
        let (sender, answer) = tokio::sync::oneshot::channel();
        if let Some(bytes) = self.0.kept.get(&name) {
            // The one who waits is right here.
            let _ = sender.send(Ok(bytes));
            return Fetch { answer };
        }
        let inside = Arc::clone(&self.0);
        self.0.runtime.spawn(async move {
            let read = stop.run_until_cancelled(inside.read(name, &note)).await;
            if let Some(read) = read {
                // Whoever wanted it may have gone elsewhere.
                let _ = sender.send(read);
            }
        });
        Fetch { answer }
    }
}

/// A chunk that is being read.
#[derive(Debug)]
pub(super) struct Fetch {
    answer: tokio::sync::oneshot::Receiver<Result<Bytes, RangeError>>,
}

impl Fetch {
    /// Waits for it. None where it was stopped.
    pub(super) fn wait(self) -> Option<Result<Bytes, RangeError>> {
        self.answer.blocking_recv().ok()
    }
}

impl Inside {
    async fn read(&self, name: ChunkName, note: &Note) -> Result<Bytes, RangeError> {
        const FIRST: Duration = Duration::from_millis(500);
        const LONGEST: Duration = Duration::from_secs(5);
        let start = name.1 * ReadAhead::CHUNK;
        let range = start..start.saturating_add(ReadAhead::CHUNK).min(self.bytes);
        let mut rest = FIRST;
        loop {
            match self.ranges.read(range.clone()).await {
                Ok(bytes) => {
                    note.set(None);
                    self.kept.put(name, bytes.clone());
                    return Ok(bytes);
                }
                Err(error) if error.passing => {
                    note.set(Some(error.message));
                    tokio::time::sleep(rest).await;
                    rest = (rest * 2).min(LONGEST);
                }
                Err(error) => return Err(error),
            }
        }
    }
}

impl Note {
    fn set(&self, text: Option<String>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = text;
    }

    /// Why it is waited for, where something is in the way.
    pub(super) fn get(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl fmt::Debug for Elsewhere {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Elsewhere").field("name", &self.0.name).finish_non_exhaustive()
    }
}

impl fmt::Debug for ReadAhead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadAhead").field("chunks", &self.kept().len()).finish()
    }
}

/// By name, which is that of the content.
impl PartialEq for Elsewhere {
    fn eq(&self, other: &Self) -> bool {
        self.0.name == other.0.name
    }
}

impl Eq for Elsewhere {}

impl Hash for Elsewhere {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.name.hash(state);
    }
}
