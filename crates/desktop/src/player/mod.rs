//! Hearing masters and renditions.
//!
//! A [`Player`] is a handle: [`Command`]s go in, [`PlayerView`]s come out. One thread decodes, changes the rate where the
//! device's differs, and fills a ring of [`RING_SECONDS`]; the device's own thread empties it, applying volume and short
//! fades, and does nothing there that could make it wait. A piece begins in the very frame after the one before it.
//!
//! Sound that is not on this machine is read over the network and decoded on threads of its own, so that the player
//! waits for nothing: where there is nothing to be heard yet, it says so, and goes on by itself.
//!
//! For tests and for looking into what is heard, the variable `LACQUER_SOUND` puts something in the sound card's place:
//! `file:PATH` writes what a card would get (little-endian 32-bit floats, two channels, at each file's own rate) in real
//! time, `quick-file:PATH` as fast as it can be decoded, and `none` is a machine without a sound card.

mod apart;
mod channels;
mod elsewhere;
mod engine;
mod feed;
mod gain;
mod list;
pub mod output;
mod renderer;
mod source;
mod timeline;
mod view;
mod wire;

use std::fmt;
use std::io;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::watch;

pub use elsewhere::{Elsewhere, RangeError, Ranges, ReadAhead};
pub use feed::RING_SECONDS;
pub use list::{Item, Sound};
pub use source::Ranged;
pub use view::{PlayState, PlayerView, Skipped, Wait};

use engine::Engine;
use output::Output;

/// What a player can be told.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Plays these, one after the other, from one of them on.
    PlayList {
        /// The pieces.
        items: Vec<Item>,
        /// The first to be heard, counted from 0.
        start_at: usize,
        /// Where in it: 0, or the place of another version of the same piece, to compare them.
        position: Duration,
    },
    /// Goes on after a pause or without the device that was lost; or begins the current piece.
    Play,
    /// Stays at its place.
    Pause,
    /// The one of both that changes something.
    PlayOrPause,
    /// Ends it, and goes to the beginning of the current piece.
    Stop,
    /// The next piece, played if one was. After the last, it ends.
    Next,
    /// The beginning of the current piece, or from its first three seconds, the piece before.
    Previous,
    /// Goes to a place in the current piece.
    Seek(Duration),
    /// How loud: a factor from 0 to 1.
    SetVolume(f32),
    /// Plays on this device, by its id in [`PlayerView::devices`]; on the system's choice where there is none.
    UseDevice(Option<String>),
    /// Looks again which devices there are.
    RefreshDevices,
    /// Ends the player.
    Close,
}

/// Plays sound. Clones are handles to the same player; it ends when it is closed, or with its last handle.
#[derive(Debug, Clone)]
pub struct Player {
    thread: Arc<PlayerThread>,
    views: watch::Receiver<Arc<PlayerView>>,
}

impl Player {
    /// Starts a player on the sound card, or on what `LACQUER_SOUND` names instead.
    ///
    /// # Errors
    /// Where no thread can be started.
    pub fn start() -> io::Result<Self> {
        Self::with_output(output::from_environment)
    }

    /// Starts a player on an output, which is made on the player's own thread.
    ///
    /// # Errors
    /// Where no thread can be started.
    pub fn with_output(output: impl FnOnce() -> Box<dyn Output> + Send + 'static) -> io::Result<Self> {
        let (commands, inbox) = channel();
        let (view, views) = watch::channel(Arc::new(PlayerView::default()));
        let thread = std::thread::Builder::new()
            .name("player".to_owned())
            .spawn(move || Engine::new(output(), inbox, view).run())?;
        let (waker, thread) = (Some(thread.thread().clone()), Mutex::new(Some(thread)));
        Ok(Self { thread: Arc::new(PlayerThread { commands, waker, thread }), views })
    }

    /// A player that plays nothing and takes no orders, for programs without sound.
    #[must_use]
    pub fn none() -> Self {
        let state = PlayState::NoDevice {
            reason: "This program plays no sound.".to_owned(),
            help: "Listen in Lacquer's window.",
        };
        let (_, views) = watch::channel(Arc::new(PlayerView { state, ..PlayerView::default() }));
        let (commands, _) = channel();
        Self { thread: Arc::new(PlayerThread { commands, waker: None, thread: Mutex::default() }), views }
    }

    /// Tells it something. One that has ended does not answer.
    pub fn send(&self, command: Command) {
        self.thread.send(command);
    }

    /// What is shown, now and whenever it changes: while it plays, some twenty times a second.
    #[must_use]
    pub fn views(&self) -> watch::Receiver<Arc<PlayerView>> {
        self.views.clone()
    }

    /// What is shown now.
    #[must_use]
    pub fn view(&self) -> Arc<PlayerView> {
        self.views.borrow().clone()
    }

    /// Ends it, and waits until the device was let go.
    pub fn close(&self) {
        self.send(Command::Close);
        let thread = self.thread.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Err(panic)) = thread.map(JoinHandle::join) {
            std::panic::resume_unwind(panic);
        }
    }
}

/// The player's thread, which ends with this.
struct PlayerThread {
    commands: Sender<Command>,
    /// None of a player that plays nothing.
    waker: Option<std::thread::Thread>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl PlayerThread {
    fn send(&self, command: Command) {
        // An error says that it has ended, as was wanted.
        let _ = self.commands.send(command);
        if let Some(waker) = &self.waker {
            waker.unpark();
        }
    }
}

impl Drop for PlayerThread {
    fn drop(&mut self) {
        self.send(Command::Close);
    }
}

impl fmt::Debug for PlayerThread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PlayerThread").finish_non_exhaustive()
    }
}
