use std::io::{self, Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex, PoisonError};

use symphonia::core::io::MediaSource;

/// Bytes that hold sound: a file, an object in a store, a `&mut` of either. Its length is found by seeking.
pub trait Source: Read + Seek + Send + Sync {}

impl<T: Read + Seek + Send + Sync> Source for T {}

/// A source as the decoders read it: its first bytes are kept, so that looking at them does not break the one
/// sequential pass that a digest over the source needs; failures and the position are seen from outside.
pub(crate) struct Watched<'s> {
    source: Box<dyn Source + 's>,
    head: Vec<u8>,
    bytes: u64,
    position: u64,
    source_position: u64,
    watch: Watch,
}

/// What can be seen of a [`Watched`] source from outside.
#[derive(Clone, Default)]
pub(crate) struct Watch(Arc<Mutex<Seen>>);

#[derive(Default)]
struct Seen {
    furthest: u64,
    fault: Option<io::Error>,
}

impl<'s> Watched<'s> {
    /// Enough for every format's first bytes and for a few MP3 frames.
    const HEAD: u64 = 64 * 1024;

    pub(crate) fn new(source: impl Source + 's) -> io::Result<Self> {
        let mut source: Box<dyn Source + 's> = Box::new(source);
        let bytes = source.seek(SeekFrom::End(0))?;
        source.seek(SeekFrom::Start(0))?;
        let mut head = Vec::new();
        source.by_ref().take(Self::HEAD).read_to_end(&mut head)?;
        let source_position = head.len() as u64;
        Ok(Self { source, head, bytes, position: 0, source_position, watch: Watch::default() })
    }

    /// The source's first bytes.
    pub(crate) fn head(&self) -> &[u8] {
        &self.head
    }

    /// The source's length.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    pub(crate) fn position(&self) -> u64 {
        self.position
    }

    pub(crate) fn watch(&self) -> Watch {
        self.watch.clone()
    }

    /// Goes forward. A short way is read and not sought, which keeps a digest over the source in one pass.
    pub(crate) fn skip(&mut self, bytes: u64) -> io::Result<()> {
        const SHORT: u64 = 1024 * 1024;
        if bytes <= SHORT {
            io::copy(&mut self.by_ref().take(bytes), &mut io::sink())?;
        } else {
            let target = self.position.saturating_add(bytes);
            self.seek(SeekFrom::Start(target))?;
        }
        Ok(())
    }
}

impl Read for Watched<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let kept = usize::try_from(self.position).ok().and_then(|position| self.head.get(position..));
        if let Some(kept) = kept.filter(|kept| !kept.is_empty()) {
            let count = kept.len().min(buffer.len());
            buffer[..count].copy_from_slice(&kept[..count]);
            self.position += count as u64;
            return Ok(count);
        }
        if self.source_position != self.position {
            self.source.seek(SeekFrom::Start(self.position)).map_err(|error| self.watch.fail(error))?;
            self.source_position = self.position;
        }
        let count = self.source.read(buffer).map_err(|error| self.watch.fail(error))?;
        self.position += count as u64;
        self.source_position = self.position;
        self.watch.reach(self.position);
        Ok(count)
    }
}

impl Seek for Watched<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::Current(distance) => self.position.checked_add_signed(distance),
            SeekFrom::End(distance) => self.bytes.checked_add_signed(distance),
        };
        self.position = target.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}

impl MediaSource for Watched<'_> {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        Some(self.bytes)
    }
}

impl Watch {
    /// How far into the source anything was read.
    pub(crate) fn furthest(&self) -> u64 {
        self.seen().furthest
    }

    /// The failure of the source itself, if there was one. Decoders take it for the end, or for damage.
    pub(crate) fn take_fault(&self) -> Option<io::Error> {
        self.seen().fault.take()
    }

    fn reach(&self, position: u64) {
        let mut seen = self.seen();
        seen.furthest = seen.furthest.max(position);
    }

    fn fail(&self, error: io::Error) -> io::Error {
        let told = io::Error::from(error.kind());
        if error.kind() != io::ErrorKind::Interrupted {
            self.seen().fault.get_or_insert(error);
        }
        told
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    /// Notes where each read of the source begins and ends.
    struct Noted {
        inner: Cursor<Vec<u8>>,
        reads: Vec<(u64, u64)>,
    }

    impl Read for Noted {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let start = self.inner.position();
            let count = self.inner.read(buffer)?;
            self.reads.push((start, start + count as u64));
            Ok(count)
        }
    }

    impl Seek for Noted {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.inner.seek(to)
        }
    }

    #[test]
    fn looking_at_the_head_reads_no_byte_of_the_source_twice() {
        let bytes: Vec<u8> = (0..200_000_u32).map(|i| i as u8).collect();
        let mut noted = Noted { inner: Cursor::new(bytes.clone()), reads: Vec::new() };
        let mut watched = Watched::new(&mut noted).unwrap();
        let mut read = vec![0; 10];
        watched.read_exact(&mut read).unwrap();
        watched.seek(SeekFrom::Start(5)).unwrap();
        watched.skip(70_000).unwrap();
        let mut rest = Vec::new();
        watched.read_to_end(&mut rest).unwrap();
        assert_eq!(rest, bytes[70_005..]);
        drop(watched);
        let mut at = 0;
        for (start, end) in noted.reads {
            assert_eq!(start, at);
            at = end;
        }
        assert_eq!(at, 200_000);
    }
}
