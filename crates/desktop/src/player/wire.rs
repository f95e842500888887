use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::thread::Thread;

/// What the player's thread and the device's tell each other, without either waiting for the other. Frames are counted
/// from the device's opening.
#[derive(Debug)]
pub(super) struct Wire {
    /// Whether anything is to be heard.
    is_running: AtomicBool,
    volume: AtomicU32,
    /// A [`Cut`].
    cut: AtomicU64,
    /// Frames that there will be; `u64::MAX` while more are being made.
    end: AtomicU64,
    /// Frames that left the ring, heard or not.
    taken: AtomicU64,
    /// Frames of silence since the last that was heard.
    silent: AtomicU64,
    /// The player's thread.
    player: Thread,
}

/// What was made before a frame is not to be heard any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cut {
    pub(super) frame: u64,
    /// Whether the sound from there on is faded in, being the middle of something.
    pub(super) fades_in: bool,
}

impl Cut {
    fn packed(self) -> u64 {
        self.frame << 1 | u64::from(self.fades_in)
    }

    fn unpacked(packed: u64) -> Self {
        Self { frame: packed >> 1, fades_in: packed & 1 == 1 }
    }
}

impl Wire {
    pub(super) fn new(player: Thread, volume: f32, fades_in: bool) -> Self {
        Self {
            is_running: AtomicBool::new(true),
            volume: AtomicU32::new(volume.to_bits()),
            cut: AtomicU64::new(Cut { frame: 0, fades_in }.packed()),
            end: AtomicU64::new(u64::MAX),
            taken: AtomicU64::new(0),
            silent: AtomicU64::new(0),
            player,
        }
    }

    pub(super) fn is_running(&self) -> bool {
        self.is_running.load(Ordering::Acquire)
    }

    pub(super) fn set_running(&self, is_running: bool) {
        self.is_running.store(is_running, Ordering::Release);
    }

    pub(super) fn volume(&self) -> f32 {
        f32::from_bits(self.volume.load(Ordering::Relaxed))
    }

    pub(super) fn set_volume(&self, volume: f32) {
        self.volume.store(volume.to_bits(), Ordering::Relaxed);
    }

    pub(super) fn cut(&self) -> Cut {
        Cut::unpacked(self.cut.load(Ordering::Acquire))
    }

    /// Goes on from a frame that is yet to be made.
    pub(super) fn set_cut(&self, cut: Cut) {
        self.end.store(u64::MAX, Ordering::Release);
        self.cut.store(cut.packed(), Ordering::Release);
    }

    pub(super) fn end(&self) -> u64 {
        self.end.load(Ordering::Acquire)
    }

    pub(super) fn set_end(&self, end: u64) {
        self.end.store(end, Ordering::Release);
    }

    pub(super) fn taken(&self) -> u64 {
        self.taken.load(Ordering::Acquire)
    }

    pub(super) fn silent(&self) -> u64 {
        self.silent.load(Ordering::Acquire)
    }

    /// The device's thread has taken and written so much.
    pub(super) fn note(&self, taken: u64, silent: u64) {
        self.taken.store(taken, Ordering::Release);
        self.silent.store(silent, Ordering::Release);
    }

    /// Wakes the player's thread. This neither waits nor allocates.
    pub(super) fn wake_player(&self) {
        self.player.unpark();
    }
}
