//! What sounds: each instrument turns a note into frames, and knows nothing of tempo or place.

mod bass;
mod drums;
mod keys;
mod mallet;
mod pad;
mod pluck;

pub(crate) use bass::Bass;
pub(crate) use drums::{Brush, Kick, Rim, Shaker};
pub(crate) use keys::Keys;
pub(crate) use mallet::Mallet;
pub(crate) use pad::Pad;
pub(crate) use pluck::Pluck;

/// A note as an instrument gets it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tone {
    /// Frequency in Hz.
    pub(crate) hertz: f64,
    /// How long it is held, in seconds. It may ring on.
    pub(crate) held: f64,
    /// How hard it is struck, from 0 to 1.
    pub(crate) strength: f64,
    /// Another number for each note, for what must differ from note to note.
    pub(crate) seed: u64,
}

/// Something that plays.
pub(crate) trait Instrument {
    /// The frames of a tone, from its attack to silence, at a sample rate.
    fn play(&self, tone: &Tone, rate: f64) -> Vec<[f64; 2]>;
}

/// The same in both ears.
fn centred(samples: impl Iterator<Item = f64>) -> Vec<[f64; 2]> {
    samples.map(|sample| [sample; 2]).collect()
}

/// From 1 down to 0 over the last part of a sound, so that it ends without a click.
fn ending(frame: usize, frames: usize, fade: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a fade has thousands of frames")]
    let left = (frames - frame) as f64 / fade as f64;
    crate::exact::smooth(left)
}
