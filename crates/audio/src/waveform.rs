use serde::{Deserialize, Serialize};

/// The shape of a recording, for drawing: the lowest and the highest sample and the RMS of each stretch, over all
/// channels. It has at most [`Waveform::MAX_BINS`] bins, whatever the recording's length.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Waveform {
    /// Frames that a bin covers; the last may cover fewer.
    pub frames_per_bin: u64,
    /// From the start to the end of the recording.
    pub bins: Vec<Bin>,
}

/// A stretch of a waveform, as parts of full scale.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bin {
    /// The lowest sample, −1 to 1; below in a floating-point recording that goes over.
    pub min: f32,
    /// The highest sample.
    pub max: f32,
    /// The root of the mean square of all samples.
    pub rms: f32,
}

impl Waveform {
    /// The most bins that a waveform has.
    pub const MAX_BINS: usize = 4096;
}
