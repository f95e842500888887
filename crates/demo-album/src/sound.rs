//! Stereo sound in memory.

/// Left and right at a sample rate, as amplitudes around ±1.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sound {
    pub(crate) rate: f64,
    pub(crate) frames: Vec<[f64; 2]>,
}

impl Sound {
    /// Silence of a length.
    pub(crate) fn silence(rate: f64, seconds: f64) -> Self {
        Self { rate, frames: vec![[0.0; 2]; frames(rate, seconds)] }
    }

    /// Adds sound from a place in seconds on; what reaches beyond the end is dropped.
    pub(crate) fn add(&mut self, seconds: f64, sound: impl IntoIterator<Item = [f64; 2]>, gains: [f64; 2]) {
        let start = frames(self.rate, seconds).min(self.frames.len());
        for (frame, added) in self.frames[start..].iter_mut().zip(sound) {
            frame[0] += added[0] * gains[0];
            frame[1] += added[1] * gains[1];
        }
    }

    /// Adds another sound of the same rate, at a gain.
    pub(crate) fn mix(&mut self, other: &Self, gain: f64) {
        self.add(0.0, other.frames.iter().copied(), [gain; 2]);
    }
}

/// The frames of a length, to the nearest.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "pieces last seconds")]
pub(crate) fn frames(rate: f64, seconds: f64) -> usize {
    (seconds * rate + 0.5).floor().max(0.0) as usize
}
