use std::fmt;

use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Resampler as _, WindowFunction};

/// Changes the sample rate of interleaved samples, by rubato's FFT. The sound keeps its place: the filter's delay is
/// cut off, and exactly as many frames come out as belong to those that went in.
pub struct Resampler {
    fft: Fft<f32>,
    channels: usize,
    /// Frames a second: in and out.
    rates: (u64, u64),
    pending: Vec<f32>,
    block: Vec<f32>,
    /// Frames of the filter's delay that are still to be dropped.
    delay: usize,
    frames_in: u64,
    frames_out: u64,
}

impl fmt::Debug for Resampler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resampler").field("rates", &self.rates).finish_non_exhaustive()
    }
}

impl Resampler {
    /// From a rate to another, in Hz.
    ///
    /// # Panics
    /// Where a rate or the count of channels is nought.
    #[must_use]
    pub fn new(from: u32, to: u32, channels: u16) -> Self {
        let channels = usize::from(channels);
        let (rate_in, rate_out) = (from as usize, to as usize);
        let fft = Fft::<f32>::new_custom(
            rate_in,
            rate_out,
            block_frames(rate_in, rate_out),
            1,
            channels,
            WindowFunction::BlackmanHarris2,
            FixedSync::Both,
        )
        .expect("rates and channels are at least 1");
        assert!(fft.output_frames_next().is_multiple_of(2), "odd blocks come out half a sample off");
        let block = vec![0.0; fft.output_frames_next() * channels];
        let delay = fft.output_delay();
        let rates = (u64::from(from), u64::from(to));
        Self { fft, channels, rates, pending: Vec::new(), block, delay, frames_in: 0, frames_out: 0 }
    }

    /// Takes samples and adds what has become ready to `out`.
    pub fn push(&mut self, samples: &[f32], out: &mut Vec<f32>) {
        self.frames_in += (samples.len() / self.channels) as u64;
        self.pending.extend_from_slice(samples);
        let block = self.fft.input_frames_next() * self.channels;
        let mut start = 0;
        while self.pending.len() - start >= block {
            self.process(start, out);
            start += block;
        }
        self.pending.drain(..start);
    }

    /// Adds what is left to `out`.
    pub fn finish(mut self, out: &mut Vec<f32>) {
        let (rate_in, rate_out) = self.rates;
        let whole = u128::from(self.frames_in) * u128::from(rate_out);
        let wanted = u64::try_from((whole + u128::from(rate_in) / 2) / u128::from(rate_in)).unwrap_or(u64::MAX);
        let block = self.fft.input_frames_next() * self.channels;
        while self.frames_out < wanted {
            self.pending.resize(block, 0.0);
            let before = out.len();
            self.process(0, out);
            self.pending.clear();
            let excess = usize::try_from(self.frames_out.saturating_sub(wanted)).unwrap_or(usize::MAX);
            let fresh = (out.len() - before) / self.channels;
            out.truncate(before + fresh.saturating_sub(excess) * self.channels);
        }
    }

    /// Resamples the block of `pending` that begins at `start`.
    fn process(&mut self, start: usize, out: &mut Vec<f32>) {
        let (frames_in, frames_out) = (self.fft.input_frames_next(), self.fft.output_frames_next());
        let input = &self.pending[start..start + frames_in * self.channels];
        let input = InterleavedSlice::new(input, self.channels, frames_in).expect("the slice is as long as that");
        let mut output =
            InterleavedSlice::new_mut(&mut self.block, self.channels, frames_out).expect("it was made as long as that");
        self.fft.process_into_buffer(&input, &mut output, None).expect("both are as long as it wants");
        let dropped = self.delay.min(frames_out);
        self.delay -= dropped;
        out.extend_from_slice(&self.block[dropped * self.channels..]);
        self.frames_out += (frames_out - dropped) as u64;
    }
}

/// Frames of a block in: at least 8,192 on the side of the lower rate, which reaches 120 dB, and such that a block in and
/// a block out both have an even length: rubato centres its filter on half of them, and on half of an odd length it is
/// half a sample off.
fn block_frames(rate_in: usize, rate_out: usize) -> usize {
    const LEAST: usize = 8192;
    let common = gcd(rate_in, rate_out);
    let (unit_in, unit_out) = (rate_in / common, rate_out / common);
    let units = LEAST.div_ceil(unit_in.min(unit_out));
    let is_even = |units: usize| (units * unit_in).is_multiple_of(2) && (units * unit_out).is_multiple_of(2);
    unit_in * if is_even(units) { units } else { units + 1 }
}

fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use proptest::prelude::*;

    use super::*;

    fn resampled(from: u32, to: u32, samples: &[f32], piece: usize) -> Vec<f32> {
        let mut resampler = Resampler::new(from, to, 1);
        let mut out = Vec::new();
        for piece in samples.chunks(piece) {
            resampler.push(piece, &mut out);
        }
        resampler.finish(&mut out);
        out
    }

    /// A tone at −1 dB whose frequency rises evenly, with soft ends, as it is at a rate.
    fn sweep(rate: u32, seconds: f64, lowest: f64, highest: f64) -> Vec<f64> {
        let rate = f64::from(rate);
        (0..(seconds * rate) as usize)
            .map(|i| {
                let t = i as f64 / rate;
                let phase = TAU * (lowest * t + (highest - lowest) * t * t / (2.0 * seconds));
                let edge = (t.min(seconds - t) / 0.1).clamp(0.0, 1.0);
                0.89 * phase.sin() * (0.5 - 0.5 * (edge * TAU / 2.0).cos())
            })
            .collect()
    }

    fn decibels(power: f64) -> f64 {
        10.0 * power.log10()
    }

    fn power(samples: impl Iterator<Item = f64>) -> f64 {
        samples.map(|sample| sample * sample).sum()
    }

    #[test]
    fn a_sweep_to_20_khz_comes_out_118_db_clean_and_in_its_place() {
        for rate in [48_000, 88_200, 96_000, 176_400, 192_000] {
            let input: Vec<f32> = sweep(rate, 4.0, 20.0, 20_000.0).iter().map(|sample| *sample as f32).collect();
            let output = resampled(rate, 44_100, &input, 4096);
            let ideal = sweep(44_100, 4.0, 20.0, 20_000.0);
            assert_eq!(output.len(), ideal.len());
            let product: f64 = output.iter().zip(&ideal).map(|(out, ideal)| f64::from(*out) * ideal).sum();
            // The filter is summed in single precision, which leaves its gain some 0.00004 dB off.
            let gain = product / power(ideal.iter().copied());
            assert!((gain - 1.0).abs() < 1e-5, "{rate} Hz: {gain}");
            let error = power(output.iter().zip(&ideal).map(|(out, ideal)| f64::from(*out) / gain - ideal));
            let ratio = decibels(power(ideal.iter().copied()) / error);
            assert!(ratio > 118.0, "{rate} Hz: {ratio:.1} dB");
        }
    }

    #[test]
    fn what_44_100_hz_cannot_hold_does_not_fold_back() {
        for rate in [48_000, 96_000, 192_000] {
            let highest = f64::from(rate) / 2.0 - 500.0;
            let input = sweep(rate, 4.0, 23_000.0, highest);
            let samples: Vec<f32> = input.iter().map(|sample| *sample as f32).collect();
            let output = resampled(rate, 44_100, &samples, 4096);
            let input_power = power(input.iter().copied()) / input.len() as f64;
            let output_power = power(output.iter().map(|sample| f64::from(*sample))) / output.len() as f64;
            let ratio = decibels(input_power / output_power);
            assert!(ratio > 130.0, "{rate} Hz: {ratio:.1} dB");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn as_many_frames_come_out_as_belong_to_those_that_went_in(
            rate in prop::sample::select(vec![8_000_u32, 22_050, 32_000, 44_056, 48_000, 88_200, 96_000, 192_000]),
            frames in 0_usize..60_000,
            piece in 1_usize..20_000,
        ) {
            let out = resampled(rate, 44_100, &vec![0.25; frames], piece);
            let wanted = (frames as f64 * 44_100.0 / f64::from(rate)).round() as usize;
            prop_assert_eq!(out.len(), wanted);
        }
    }
}
