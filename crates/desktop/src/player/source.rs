use std::collections::VecDeque;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use tokio_util::sync::CancellationToken;

use super::elsewhere::{Elsewhere, Fetch, Note, ReadAhead};

/// Sound elsewhere as something to read and seek in. It reads a few chunks ahead, whatever the length of the whole, and
/// waits where the network does.
#[derive(Debug)]
pub struct Ranged {
    elsewhere: Elsewhere,
    stop: CancellationToken,
    note: Note,
    position: u64,
    /// The chunk that is being read from.
    chunk: Option<(u64, Bytes)>,
    /// Those that come next, in order.
    coming: VecDeque<(u64, Fetch)>,
    has_all: Arc<AtomicBool>,
}

impl Ranged {
    /// How many chunks are read ahead: a megabyte, which is some seconds of the best sound.
    const AHEAD: u64 = 4;

    pub(super) fn new(elsewhere: Elsewhere, stop: CancellationToken, note: Note) -> Self {
        let (chunk, coming, has_all) = (None, VecDeque::new(), Arc::default());
        Self { elsewhere, stop, note, position: 0, chunk, coming, has_all }
    }

    /// Becomes true when nothing is left to be fetched from where it is.
    pub(super) fn has_all(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.has_all)
    }

    /// Goes to the chunk of a number, and has those behind it fetched.
    fn turn_to(&mut self, number: u64) -> io::Result<()> {
        while self.coming.front().is_some_and(|(first, _)| *first != number) {
            self.coming.pop_front();
        }
        let last = (self.elsewhere.bytes() - 1) / ReadAhead::CHUNK;
        let next = self.coming.back().map_or(number, |(back, _)| back + 1);
        for wanted in next..=(number + Self::AHEAD).min(last) {
            let fetch = self.elsewhere.fetch(wanted, self.stop.clone(), self.note.clone());
            self.coming.push_back((wanted, fetch));
        }
        let Some((_, fetch)) = self.coming.pop_front() else { return Err(io::ErrorKind::UnexpectedEof.into()) };
        let bytes = match fetch.wait() {
            Some(read) => read.map_err(io::Error::other)?,
            None => return Err(io::ErrorKind::ConnectionAborted.into()),
        };
        if number == last {
            self.has_all.store(true, Ordering::Relaxed);
        }
        self.chunk = Some((number, bytes));
        Ok(())
    }
}

impl Read for Ranged {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.stop.is_cancelled() {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        if self.position >= self.elsewhere.bytes() || buffer.is_empty() {
            return Ok(0);
        }
        let (number, offset) = (self.position / ReadAhead::CHUNK, self.position % ReadAhead::CHUNK);
        if self.chunk.as_ref().is_none_or(|(other, _)| *other != number) {
            self.turn_to(number)?;
        }
        // What is shorter than it was said to be ends here.
        let rest = self.chunk.as_ref().and_then(|(_, bytes)| bytes.get(usize::try_from(offset).ok()?..));
        let rest = rest.unwrap_or_default();
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.position += count as u64;
        Ok(count)
    }
}

impl Seek for Ranged {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::End(offset) => self.elsewhere.bytes().checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        self.position = target.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.position)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;
    use std::ops::Range;
    use std::sync::Mutex;

    use async_trait::async_trait;
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::super::elsewhere::{RangeError, Ranges};
    use super::*;

    /// An object that fails as often as it is told, and notes what was read of it.
    #[derive(Debug)]
    struct Held {
        bytes: Vec<u8>,
        failures: Mutex<Vec<RangeError>>,
        reads: Mutex<Vec<Range<u64>>>,
    }

    #[async_trait]
    impl Ranges for Held {
        async fn read(&self, range: Range<u64>) -> Result<Bytes, RangeError> {
            self.reads.lock().unwrap().push(range.clone());
            if let Some(failure) = self.failures.lock().unwrap().pop() {
                return Err(failure);
            }
            let slice = usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap();
            Ok(Bytes::copy_from_slice(&self.bytes[slice]))
        }
    }

    fn held(length: u64, failures: Vec<RangeError>) -> Arc<Held> {
        let byte = |at: u64| u8::try_from((at * 31 + at / 251) % 256).unwrap();
        let (failures, reads) = (Mutex::new(failures), Mutex::default());
        Arc::new(Held { bytes: (0..length).map(byte).collect(), failures, reads })
    }

    fn failure(passing: bool) -> RangeError {
        RangeError { message: "The cloud does not answer.".to_owned(), help: None, passing }
    }

    /// Reads on a thread of its own, while a runtime whose clock jumps over every wait does the fetching.
    fn reading<T: Send + 'static>(held: &Arc<Held>, read: impl FnOnce(Ranged, Note) -> T + Send + 'static) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        let (sender, receiver) = tokio::sync::oneshot::channel();
        runtime.block_on(async {
            let (bytes, ranges) = (held.bytes.len() as u64, Arc::clone(held) as Arc<dyn Ranges>);
            let elsewhere = Elsewhere::new("a".to_owned(), bytes, ranges, ReadAhead::default());
            let note = Note::default();
            let source = elsewhere.source_with(CancellationToken::new(), note.clone());
            std::thread::spawn(move || drop(sender.send(read(source, note))));
            receiver.await.unwrap()
        })
    }

    const LENGTH: u64 = 6 * ReadAhead::CHUNK + 4_321;

    fn steps() -> impl Strategy<Value = Vec<(SeekFrom, u64)>> {
        let length = i64::try_from(LENGTH).unwrap();
        let seek = prop_oneof![
            (0..LENGTH + 10).prop_map(SeekFrom::Start),
            (-length..10).prop_map(SeekFrom::End),
            (-1_000..800_000_i64).prop_map(SeekFrom::Current),
            Just(SeekFrom::Current(0)),
        ];
        vec((seek, 0..100_000_u64), 0..20)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn what_is_elsewhere_is_read_as_a_file_is(steps in steps(), failures in 0_usize..4) {
            let held = held(LENGTH, vec![failure(true); failures]);
            let bytes = held.bytes.clone();
            reading(&held, move |mut source, _| {
                let mut file = Cursor::new(bytes);
                for (seek, length) in steps {
                    match (source.seek(seek), file.seek(seek)) {
                        (Ok(one), Ok(other)) => assert_eq!(one, other),
                        (one, other) => assert_eq!(one.is_err(), other.is_err()),
                    }
                    let (mut one, mut other) = (Vec::new(), Vec::new());
                    (&mut source).take(length).read_to_end(&mut one).unwrap();
                    (&mut file).take(length).read_to_end(&mut other).unwrap();
                    assert!(one == other, "{seek:?} {length}");
                }
            });
        }
    }

    #[test]
    fn going_back_and_forth_reads_no_chunk_twice() {
        let held = held(LENGTH, Vec::new());
        reading(&held, |mut source, _| {
            for start in [0, 3 * ReadAhead::CHUNK, 10, LENGTH - 1, 0] {
                source.seek(SeekFrom::Start(start)).unwrap();
                source.read_exact(&mut [0; 1]).unwrap();
            }
        });
        let mut starts: Vec<u64> = held.reads.lock().unwrap().iter().map(|range| range.start).collect();
        starts.sort_unstable();
        let all = starts.len();
        starts.dedup();
        assert!(all <= starts.len() + 3, "{starts:?}: only what is on its way twice is read twice");
    }

    #[test]
    fn what_will_not_pass_is_told_and_what_passes_is_waited_for() {
        let held_back = held(10, vec![failure(false)]);
        let error = reading(&held_back, |mut source, _| source.read(&mut [0; 4]).unwrap_err());
        assert_eq!(error.to_string(), "The cloud does not answer.");
        let passing = held(10, vec![failure(true); 50]);
        let (read, note) = reading(&passing, |mut source, note| {
            let mut read = Vec::new();
            source.read_to_end(&mut read).unwrap();
            (read, note.get())
        });
        assert_eq!((read, note), (passing.bytes.clone(), None));
        assert_eq!(passing.reads.lock().unwrap().len(), 51);
    }

    #[test]
    fn whoever_is_stopped_waits_no_longer() {
        let held = held(10, vec![failure(true); 1_000_000]);
        reading(&held, |mut source, note| {
            let stop = source.stop.clone();
            let stopper = std::thread::spawn(move || {
                while note.get().is_none() {
                    std::thread::yield_now();
                }
                stop.cancel();
            });
            assert_eq!(source.read(&mut [0; 4]).unwrap_err().kind(), io::ErrorKind::ConnectionAborted);
            stopper.join().unwrap();
        });
    }
}
