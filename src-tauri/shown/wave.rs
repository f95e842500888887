use super::player::Waveform;

/// What counts as silence: -60 dBFS, in steps of 1/32768.
const SILENCE: i32 = 33;

/// The greatest sample of an integer recording, in the same steps.
const FULL_SCALE: i32 = 32_767;

impl Waveform {
    /// The shape of a recording of a sample rate, in Hz.
    #[expect(clippy::cast_precision_loss, reason = "a bin is far shorter than 2^53 frames")]
    pub(crate) fn of(shape: &desktop::Waveform, sample_rate: u32) -> Self {
        let bins: Vec<[i32; 3]> = shape.bins.iter().map(|bin| <[i32; 3]>::from(*bin)).collect();
        Self::of_bins(bins, shape.frames_per_bin as f64 * 1000.0 / f64::from(sample_rate.max(1)))
    }

    fn of_bins(bins: Vec<[i32; 3]>, milliseconds_per_bin: f64) -> Self {
        let is_silent = |bin: &&[i32; 3]| bin[0].abs() <= SILENCE && bin[1].abs() <= SILENCE;
        let at = |bin: usize| milliseconds(bin, milliseconds_per_bin);
        Self {
            milliseconds_per_bin,
            clips: stretches(&bins).into_iter().flat_map(|(from, to)| [at(from), at(to)]).collect(),
            silence_before_ms: at(bins.iter().take_while(is_silent).count()),
            silence_after_ms: at(bins.iter().rev().take_while(is_silent).count()),
            bins: bins.into_iter().flatten().collect(),
        }
    }
}

/// Runs of bins that reach full scale: the first, and the one behind the last.
fn stretches(bins: &[[i32; 3]]) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    for (place, bin) in bins.iter().enumerate() {
        if bin[0] > -FULL_SCALE && bin[1] < FULL_SCALE {
            continue;
        }
        match found.last_mut() {
            Some((_, end)) if *end == place => *end = place + 1,
            _ => found.push((place, place + 1)),
        }
    }
    found
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a place in a recording"
)]
fn milliseconds(bin: usize, milliseconds_per_bin: f64) -> u64 {
    (bin as f64 * milliseconds_per_bin).round() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clips_and_silence_are_found_where_they_are() {
        let (quiet, loud, low, high) = ([-20, 33, 5], [-9_000, 8_000, 3_000], [-32_768, 0, 9], [0, 32_767, 9]);
        let wave = Waveform::of_bins(vec![quiet, quiet, loud, high, low, loud, high, quiet], 10.0);
        assert_eq!(wave.clips, [30, 50, 60, 70]);
        assert_eq!((wave.silence_before_ms, wave.silence_after_ms), (20, 10));
        assert_eq!((wave.bins.len(), &wave.bins[6..9]), (24, &[-9_000, 8_000, 3_000][..]));
        assert_eq!(Waveform::of_bins(Vec::new(), 10.0).silence_before_ms, 0);
    }
}
