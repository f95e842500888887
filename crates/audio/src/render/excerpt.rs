use std::collections::VecDeque;
use std::f32::consts::PI;
use std::time::Duration;

use release::profile;

/// Takes a part out of a recording as it passes. The part starts earlier than wanted where the recording would end
/// before it; for that, as many of the last frames are kept as the part is long, and no header has to be believed.
pub(super) struct Excerpt {
    channels: usize,
    kept: VecDeque<f32>,
    /// Frames of the part.
    length: usize,
    /// Frames that are still to pass until the part is complete.
    missing: u64,
    fade_in: usize,
    fade_out: usize,
}

impl Excerpt {
    pub(super) fn new(excerpt: profile::Excerpt, start: Duration, sample_rate: u32, channels: u16) -> Self {
        let frames = |milliseconds: u64| {
            usize::try_from(u128::from(milliseconds) * u128::from(sample_rate) / 1000).unwrap_or(usize::MAX)
        };
        let length = frames(excerpt.milliseconds);
        let start = start.as_nanos() * u128::from(sample_rate) / 1_000_000_000;
        Self {
            channels: usize::from(channels),
            kept: VecDeque::new(),
            length,
            missing: u64::try_from(start).unwrap_or(u64::MAX).saturating_add(length as u64),
            fade_in: frames(excerpt.fade_in_ms),
            fade_out: frames(excerpt.fade_out_ms),
        }
    }

    /// Whether nothing more is needed.
    pub(super) fn is_complete(&self) -> bool {
        self.missing == 0
    }

    /// Lets interleaved samples pass.
    pub(super) fn push(&mut self, samples: &[f32]) {
        let frames = (samples.len() / self.channels).min(usize::try_from(self.missing).unwrap_or(usize::MAX));
        self.missing -= frames as u64;
        self.kept.extend(&samples[..frames * self.channels]);
        let excess = self.kept.len().saturating_sub(self.length * self.channels);
        self.kept.drain(..excess);
    }

    /// The part with its fades, once it is complete or the recording has ended.
    pub(super) fn finish(self) -> Vec<f32> {
        let mut part = Vec::from(self.kept);
        let frames = part.len() / self.channels;
        let (fade_in, fade_out) = (self.fade_in.min(frames / 2), self.fade_out.min(frames / 2));
        for (i, frame) in part.chunks_exact_mut(self.channels).enumerate() {
            let gain = fade(i, fade_in) * fade(frames - 1 - i, fade_out);
            frame.iter_mut().for_each(|sample| *sample *= gain);
        }
        part
    }
}

/// The gain so many frames from the silent end of a fade: half a period of a raised cosine.
#[expect(clippy::cast_precision_loss, reason = "a fade has far fewer frames than 2^24")]
fn fade(frames: usize, length: usize) -> f32 {
    if frames >= length { 1.0 } else { 0.5 - 0.5 * (PI * frames as f32 / length as f32).cos() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PART: profile::Excerpt = profile::Excerpt { milliseconds: 30_000, fade_in_ms: 500, fade_out_ms: 1_500 };

    /// At 100 Hz, from a recording whose samples are their own numbers, without fades.
    fn taken(start_ms: u64, frames: usize, piece: usize) -> Vec<f32> {
        let part = profile::Excerpt { fade_in_ms: 0, fade_out_ms: 0, ..PART };
        let mut excerpt = Excerpt::new(part, Duration::from_millis(start_ms), 100, 1);
        let recording: Vec<f32> = (0..frames).map(|i| i as f32).collect();
        recording.chunks(piece).for_each(|piece| excerpt.push(piece));
        excerpt.finish()
    }

    proptest! {
        #[test]
        fn it_is_thirty_seconds_where_the_master_is_long_enough(
            start_ms in 0_u64..200_000,
            frames in 0_usize..15_000,
            piece in 1_usize..700,
        ) {
            let part = taken(start_ms, frames, piece);
            prop_assert_eq!(part.len(), frames.min(3000));
            let wanted = usize::try_from(start_ms / 10).unwrap();
            let start = wanted.min(frames.saturating_sub(3000));
            prop_assert_eq!(part.first().copied(), (frames > 0).then_some(start as f32));
            prop_assert!(part.windows(2).all(|pair| pair[1] - pair[0] == 1.0));
        }
    }

    #[test]
    fn it_fades_in_and_out() {
        let mut excerpt = Excerpt::new(PART, Duration::ZERO, 1000, 2);
        excerpt.push(&vec![1.0; 100_000]);
        assert!(excerpt.is_complete());
        let part = excerpt.finish();
        assert_eq!(part.len(), 60_000);
        assert_eq!((part[0], part[500], part[1000]), (0.0, 0.5, 1.0));
        assert_eq!((part[40_000], part[59_999]), (1.0, 0.0));
        assert!(part[..1000].is_sorted());
    }
}
