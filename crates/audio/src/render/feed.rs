use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use crate::AudioError;
use crate::block::Samples;

/// Why a stage ends before its work is done.
pub(super) enum Halt {
    /// A stage before or behind it has ended.
    Abandoned,
    /// It failed itself.
    Failed(AudioError),
}

impl From<AudioError> for Halt {
    fn from(error: AudioError) -> Self {
        Self::Failed(error)
    }
}

enum Message {
    Block(Arc<Samples>),
    /// There is no more. Without this, the sender gave up.
    End,
}

/// Blocks that a stage waits for when the next ones are slower. This bounds the memory of a rendering.
const WAITING_BLOCKS: usize = 4;

/// Where a stage hands its blocks on: to any number of others.
#[derive(Default)]
pub(super) struct Outlets(Vec<SyncSender<Message>>);

impl Outlets {
    /// One more stage that gets every block.
    pub(super) fn inlet(&mut self) -> Inlet {
        let (sender, receiver) = sync_channel(WAITING_BLOCKS);
        self.0.push(sender);
        Inlet(receiver)
    }

    /// Hands a block on; waits while a stage is busy.
    pub(super) fn send(&self, block: Samples) -> Result<(), Halt> {
        let block = Arc::new(block);
        self.0
            .iter()
            .try_for_each(|outlet| outlet.send(Message::Block(Arc::clone(&block))).map_err(|_| Halt::Abandoned))
    }

    /// Tells all stages that there is no more.
    pub(super) fn end(self) -> Result<(), Halt> {
        self.0.iter().try_for_each(|outlet| outlet.send(Message::End).map_err(|_| Halt::Abandoned))
    }
}

/// Where a stage gets its blocks.
pub(super) struct Inlet(Receiver<Message>);

impl Inlet {
    /// The next block; none at the end.
    pub(super) fn next(&self) -> Result<Option<Arc<Samples>>, Halt> {
        match self.0.recv() {
            Ok(Message::Block(block)) => Ok(Some(block)),
            Ok(Message::End) => Ok(None),
            Err(_) => Err(Halt::Abandoned),
        }
    }
}
