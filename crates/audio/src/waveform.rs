use crate::block::{Samples, Shape};
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

/// A stretch of a waveform, as parts of full scale in steps of 1/32768. It is stored as three whole numbers of steps.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(from = "[i32; 3]", into = "[i32; 3]")]
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
    pub const MAX_BINS: usize = 2048;
}

impl Bin {
    const STEPS: f32 = 32_768.0;
}

#[expect(clippy::cast_precision_loss, reason = "it is drawn")]
impl From<[i32; 3]> for Bin {
    fn from(steps: [i32; 3]) -> Self {
        let [min, max, rms] = steps.map(|steps| steps as f32 / Self::STEPS);
        Self { min, max, rms }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "it is drawn; what is beyond stays at the limit")]
impl From<Bin> for [i32; 3] {
    fn from(bin: Bin) -> Self {
        [bin.min, bin.max, bin.rms].map(|part| (part * Bin::STEPS).round() as i32)
    }
}

/// Draws a waveform of a recording whose length is not known: when its bins are used up, two become one.
pub(crate) struct Drawing {
    shape: Shape,
    frames_per_bin: u64,
    done: Vec<Stretch>,
    current: Stretch,
    floats: Vec<f32>,
}

#[derive(Debug, Clone, Copy)]
struct Stretch {
    min: f32,
    max: f32,
    squares: f64,
    frames: u64,
}

impl Drawing {
    /// Some three milliseconds, for the shortest of sounds.
    const FINEST: u64 = 128;

    pub(crate) fn new(shape: Shape) -> Self {
        let done = Vec::with_capacity(Waveform::MAX_BINS);
        Self { shape, frames_per_bin: Self::FINEST, done, current: Stretch::NONE, floats: Vec::new() }
    }

    pub(crate) fn add(&mut self, samples: &Samples) {
        let mut floats = std::mem::take(&mut self.floats);
        for frame in samples.floats(self.shape.depth, &mut floats).chunks_exact(usize::from(self.shape.channels)) {
            self.current.add(frame);
            if self.current.frames == self.frames_per_bin {
                self.done.push(std::mem::replace(&mut self.current, Stretch::NONE));
                if self.done.len() == Waveform::MAX_BINS {
                    self.halve();
                }
            }
        }
        self.floats = floats;
    }

    fn halve(&mut self) {
        for i in 0..self.done.len() / 2 {
            self.done[i] = self.done[2 * i].and(self.done[2 * i + 1]);
        }
        self.done.truncate(self.done.len() / 2);
        self.frames_per_bin *= 2;
    }

    pub(crate) fn finish(mut self) -> Waveform {
        if self.current.frames > 0 {
            self.done.push(self.current);
        }
        let bins = self.done.iter().map(|stretch| stretch.bin(self.shape.channels)).collect();
        Waveform { frames_per_bin: self.frames_per_bin, bins }
    }
}

impl Stretch {
    const NONE: Self = Self { min: f32::INFINITY, max: f32::NEG_INFINITY, squares: 0.0, frames: 0 };

    fn add(&mut self, frame: &[f32]) {
        for sample in frame {
            self.min = self.min.min(*sample);
            self.max = self.max.max(*sample);
            self.squares += f64::from(*sample) * f64::from(*sample);
        }
        self.frames += 1;
    }

    fn and(self, next: Self) -> Self {
        Self {
            min: self.min.min(next.min),
            max: self.max.max(next.max),
            squares: self.squares + next.squares,
            frames: self.frames + next.frames,
        }
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "it is drawn")]
    fn bin(&self, channels: u16) -> Bin {
        let mean = self.squares / (self.frames as f64 * f64::from(channels));
        let steps = <[i32; 3]>::from(Bin { min: self.min, max: self.max, rms: mean.sqrt() as f32 });
        Bin::from(steps)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::block::Depth;

    fn drawn(samples: &[i32], block: usize) -> Waveform {
        let shape = Shape { sample_rate: 44_100, channels: 1, depth: Depth::Int(16) };
        let mut drawing = Drawing::new(shape);
        for block in samples.chunks(block) {
            drawing.add(&Samples::Int(block.to_vec()));
        }
        drawing.finish()
    }

    #[test]
    fn a_long_recording_has_no_more_bins_than_a_short_one() {
        let long = vec![16_384; 3_000_000];
        let waveform = drawn(&long, 4096);
        assert_eq!(waveform.frames_per_bin, 2048);
        assert_eq!(waveform.bins.len(), 3_000_000_usize.div_ceil(2048));
        assert!(waveform.bins.iter().all(|bin| (bin.min, bin.max, bin.rms) == (0.5, 0.5, 0.5)));
    }

    #[test]
    fn what_is_stored_is_what_was_drawn() {
        let waveform = drawn(&(0..5000).map(|i| i * 7 % 30_000 - 15_000).collect::<Vec<_>>(), 4096);
        let stored = serde_json::to_string(&waveform).unwrap();
        assert!(stored.starts_with(r#"{"frames_per_bin":128,"bins":[[-15000,-14111,14558],"#), "{stored}");
        assert_eq!(serde_json::from_str::<Waveform>(&stored).unwrap(), waveform);
    }

    #[test]
    fn one_click_is_seen_in_its_bin() {
        let mut samples = vec![0; 1_000_000];
        samples[700_000] = -32_768;
        let waveform = drawn(&samples, 1000);
        let bin = usize::try_from(700_000 / waveform.frames_per_bin).unwrap();
        let lows: Vec<usize> = (0..waveform.bins.len()).filter(|i| waveform.bins[*i].min < 0.0).collect();
        assert_eq!(lows, [bin]);
        assert_eq!(waveform.bins[bin].min, -1.0);
    }

    proptest! {
        #[test]
        fn every_frame_is_in_a_bin(frames in 0_usize..1_200_000, block in 1_usize..9000) {
            let waveform = drawn(&vec![1; frames], block);
            let per_bin = usize::try_from(waveform.frames_per_bin).unwrap();
            prop_assert_eq!(waveform.bins.len(), frames.div_ceil(per_bin));
            prop_assert!(waveform.bins.len() <= Waveform::MAX_BINS);
        }
    }
}
