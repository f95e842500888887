use crate::block::{Depth, Samples, full_scale};

/// Makes integers of so many bits of samples. Where that loses something, TPDF dither is added: noise of two steps with
/// a triangular density, which makes the error independent of the sound (Lipshitz, Wannamaker, Vanderkooy, "Quantization
/// and dither", 1992).
pub(crate) struct Quantiser {
    from: Depth,
    bits: u8,
    noise: Noise,
    clipped: u64,
}

impl Quantiser {
    pub(crate) fn new(from: Depth, bits: u8) -> Self {
        Self { from, bits, noise: Noise::new(), clipped: 0 }
    }

    /// Whether samples lose something and are dithered.
    pub(crate) fn dithers(&self) -> bool {
        match self.from {
            Depth::Int(bits) => bits > self.bits,
            Depth::Float => true,
        }
    }

    /// Samples over full scale that were cut off.
    pub(crate) fn clipped(&self) -> u64 {
        self.clipped
    }

    /// The samples as integers, in a buffer that is used again unless they are right already.
    pub(crate) fn quantise<'a>(&mut self, samples: &'a Samples, buffer: &'a mut Vec<i32>) -> &'a [i32] {
        buffer.clear();
        let scale = full_scale(Depth::Int(self.bits));
        match (samples, self.from) {
            (Samples::Int(samples), Depth::Int(from)) if from == self.bits => return samples,
            (Samples::Int(samples), Depth::Int(from)) if from < self.bits => {
                buffer.extend(samples.iter().map(|sample| sample << (self.bits - from)));
            }
            (Samples::Int(samples), from) => {
                let ratio = scale / full_scale(from);
                buffer.extend(samples.iter().map(|sample| self.dithered(f64::from(*sample) * ratio, scale)));
            }
            (Samples::Float(samples), _) => {
                buffer.extend(samples.iter().map(|sample| self.dithered(f64::from(*sample) * scale, scale)));
            }
        }
        buffer
    }

    #[expect(clippy::cast_possible_truncation, reason = "the range is clamped to that of fewer bits")]
    fn dithered(&mut self, value: f64, scale: f64) -> i32 {
        if value.abs() > scale {
            self.clipped += 1;
        }
        (value + self.noise.next() + 0.5).floor().clamp(-scale, scale - 1.0) as i32
    }
}

/// Noise of −1 to 1 with a triangular density. It is the same each time, so that a recipe gives the same bytes.
struct Noise(u64);

impl Noise {
    fn new() -> Self {
        Self(0x4c61_6371_7565_7221)
    }

    /// The difference of two uniform numbers, each from half of a SplitMix64 output (Steele, Lea, Flood, 2014).
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        let [a, b] = [mixed >> 32, mixed & 0xffff_ffff];
        #[expect(clippy::cast_precision_loss, reason = "both have 32 bits")]
        let difference = a as f64 - b as f64;
        difference / 4_294_967_296.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quantised(from: Depth, bits: u8, samples: &Samples) -> (Vec<i32>, Quantiser) {
        let mut quantiser = Quantiser::new(from, bits);
        let samples = quantiser.quantise(samples, &mut Vec::new()).to_vec();
        (samples, quantiser)
    }

    #[test]
    fn what_fits_is_not_touched() {
        let samples = Samples::Int(vec![-32_768, -1, 0, 1, 32_767]);
        let (same, quantiser) = quantised(Depth::Int(16), 16, &samples);
        assert_eq!(Samples::Int(same), samples);
        assert!(!quantiser.dithers());
        let (wider, quantiser) = quantised(Depth::Int(16), 24, &samples);
        assert_eq!(wider, [-8_388_608, -256, 0, 256, 8_388_352]);
        assert!(!quantiser.dithers());
    }

    #[test]
    fn dither_keeps_what_is_smaller_than_a_step() {
        // A quarter of a step: without dither it would be silence.
        let samples = Samples::Int(vec![64; 100_000]);
        let (dithered, quantiser) = quantised(Depth::Int(24), 16, &samples);
        assert!(quantiser.dithers());
        let mean = dithered.iter().map(|sample| f64::from(*sample)).sum::<f64>() / 100_000.0;
        assert!((mean - 0.25).abs() < 0.01, "{mean}");
        assert!(dithered.iter().all(|sample| (-1..=1).contains(sample)));
        // The error of TPDF dither has a power of a quarter of a step squared, wherever the signal lies.
        let power = dithered.iter().map(|sample| (f64::from(*sample) - 0.25).powi(2)).sum::<f64>() / 100_000.0;
        assert!((power - 0.25).abs() < 0.01, "{power}");
    }

    #[test]
    fn full_scale_is_not_clipping_and_more_is() {
        let (samples, quantiser) = quantised(Depth::Float, 16, &Samples::Float(vec![1.0, -1.0]));
        assert!(samples[0] >= 32_766 && samples[1] <= -32_767, "{samples:?}");
        assert_eq!(quantiser.clipped(), 0);
        let (samples, quantiser) = quantised(Depth::Float, 16, &Samples::Float(vec![1.5, -1.5, 0.0]));
        assert_eq!(samples[..2], [32_767, -32_768]);
        assert_eq!(quantiser.clipped(), 2);
    }
}
