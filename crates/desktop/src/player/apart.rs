//! Decoding on a thread of its own, for sound that may have to be waited for.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::task::Poll;
use std::thread::{self, Thread};
use std::time::Duration;

use audio::{AudioError, SampleReader};
use tokio_util::sync::CancellationToken;

use super::elsewhere::{Elsewhere, Note};
use super::timeline::frame;

/// A recording that is decoded apart. It ends when this is dropped.
#[derive(Debug)]
pub(super) struct Apart {
    said: Receiver<Said>,
    block: Vec<f32>,
    note: Note,
    has_all: Arc<AtomicBool>,
    stop: CancellationToken,
}

/// What a recording is, once its header was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) rate: u32,
    pub(super) channels: u16,
    /// Frames that the header promises.
    pub(super) frames: Option<u64>,
    /// The frame that comes first.
    pub(super) frame: u64,
}

enum Said {
    Header(Header),
    Block(Vec<f32>),
    End,
    Failed(AudioError),
}

/// What comes next of a recording.
pub(super) enum Next<'a> {
    /// These frames.
    Block(&'a [f32]),
    /// They are waited for.
    Wait,
    /// Nothing: it is at its end.
    End,
}

impl Apart {
    /// Blocks that are decoded ahead: some seconds, a megabyte.
    const AHEAD: usize = 32;

    /// Begins to decode from a time on. The calling thread is woken by whatever comes.
    pub(super) fn start(elsewhere: &Elsewhere, position: Duration) -> Self {
        let (sender, said) = sync_channel(Self::AHEAD);
        let (note, stop) = (Note::default(), CancellationToken::new());
        let source = elsewhere.source_with(stop.clone(), note.clone());
        let has_all = source.has_all();
        let told = Told { sender, player: thread::current() };
        let failed = told.clone();
        let decode = move || {
            _ = match decode(source, position, &told) {
                Ok(()) => told.say(Said::End),
                Err(error) => told.say(Said::Failed(error)),
            }
        };
        if let Err(error) = thread::Builder::new().name("decoder".to_owned()).spawn(decode) {
            failed.say(Said::Failed(AudioError::Read(error)));
        }
        Self { said, block: Vec::new(), note, has_all, stop }
    }

    /// What it is, as soon as that is known.
    pub(super) fn header(&mut self) -> Poll<Result<Header, AudioError>> {
        match self.said.try_recv() {
            Ok(Said::Header(header)) => Poll::Ready(Ok(header)),
            Ok(Said::Failed(error)) => Poll::Ready(Err(error)),
            Ok(Said::Block(_) | Said::End) | Err(TryRecvError::Disconnected) => Poll::Ready(Err(gone())),
            Err(TryRecvError::Empty) => Poll::Pending,
        }
    }

    /// What comes next.
    pub(super) fn next(&mut self) -> Result<Next<'_>, AudioError> {
        match self.said.try_recv() {
            Ok(Said::Block(block)) => {
                self.block = block;
                Ok(Next::Block(&self.block))
            }
            Ok(Said::End) => Ok(Next::End),
            Ok(Said::Failed(error)) => Err(error),
            Ok(Said::Header(_)) | Err(TryRecvError::Empty) => Ok(Next::Wait),
            Err(TryRecvError::Disconnected) => Err(gone()),
        }
    }

    /// Whether all of it has arrived here.
    pub(super) fn has_all(&self) -> bool {
        self.has_all.load(Ordering::Relaxed)
    }

    /// What is in the way, where something is.
    pub(super) fn trouble(&self) -> Option<String> {
        self.note.get()
    }
}

impl Drop for Apart {
    fn drop(&mut self) {
        // The thread ends by itself, when it next reads or says something.
        self.stop.cancel();
    }
}

/// Tells the player.
#[derive(Clone)]
struct Told {
    sender: SyncSender<Said>,
    player: Thread,
}

impl Told {
    /// False where nobody is interested any more.
    fn say(&self, said: Said) -> bool {
        let is_heard = self.sender.send(said).is_ok();
        self.player.unpark();
        is_heard
    }
}

fn decode(source: impl audio::Source + 'static, position: Duration, told: &Told) -> Result<(), AudioError> {
    let mut reader = SampleReader::open(source)?;
    let format = reader.format();
    let (rate, channels) = (format.sample_rate, format.channels);
    let wanted = frame(position, rate);
    let frames = reader.declared_frames();
    let frame = frames.map_or(wanted, |frames| wanted.min(frames));
    if frame > 0 {
        reader.seek(frame)?;
    }
    let mut goes_on = told.say(Said::Header(Header { rate, channels, frames, frame }));
    while goes_on {
        let Some(block) = reader.read()? else { break };
        goes_on = told.say(Said::Block(block.to_vec()));
    }
    Ok(())
}

/// A decoder that ended without a word.
fn gone() -> AudioError {
    AudioError::Read(io::Error::other("Its decoder ended, which is a mistake in the program: please report it."))
}
