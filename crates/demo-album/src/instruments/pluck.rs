use super::{Instrument, Tone, centred, ending};
use crate::exact::{Noise, exp};
use crate::mix::pole;
use crate::sound::frames;

/// A plucked string (Karplus and Strong, 1983, with Jaffe and Smith's tuning): a burst of noise that goes round and loses
/// its highs.
pub(crate) struct Pluck {
    /// Seconds to 1/e of the fundamental at middle C.
    pub(crate) ring: f64,
    /// Above this, in Hz, the pluck has little.
    pub(crate) touch: f64,
    /// Above this, in Hz, the string swallows what goes round.
    pub(crate) damping: f64,
}

impl Instrument for Pluck {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a string is a few thousand samples long"
    )]
    fn play(&self, tone: &Tone, rate: f64) -> Vec<[f64; 2]> {
        let period = rate / tone.hertz;
        // The damping below delays by a part of a sample; the rest that is no whole number is an all-pass's.
        let damping = pole(rate, self.damping);
        let delayed = (1.0 - damping) / damping;
        let whole = (period - delayed - 0.2).floor();
        let rest = period - delayed - whole;
        let allpass = (1.0 - rest) / (1.0 + rest);
        let ring = self.ring * (262.0 / tone.hertz).sqrt();
        let loss = exp(-period / (ring * rate));
        let mut string = self.burst(tone, rate, whole as usize);
        let length = frames(rate, ring * 5.0);
        let (mut damped, mut allpass_in, mut allpass_out) = (0.0, 0.0, 0.0);
        let mut at = 0;
        let fade = frames(rate, 0.08);
        let samples = (0..length).map(move |n| {
            let out = string[at];
            damped += damping * (out - damped);
            let left = loss * damped;
            let tuned = allpass * (left - allpass_out) + allpass_in;
            allpass_in = left;
            allpass_out = tuned;
            string[at] = tuned;
            at = (at + 1) % string.len();
            out * ending(n, length, fade)
        });
        centred(samples)
    }
}

impl Pluck {
    /// Noise without its highs and without what does not move, plucked at a fifth of the string.
    #[expect(clippy::cast_precision_loss, reason = "a string is a few thousand samples long")]
    fn burst(&self, tone: &Tone, rate: f64, length: usize) -> Vec<f64> {
        let mut noise = Noise::new(tone.seed);
        let open = pole(rate, self.touch * (0.4 + 0.6 * tone.strength));
        let mut burst: Vec<f64> = (0..length).map(|_| noise.next()).collect();
        // Twice round the ring, so that it joins where it ends.
        let (mut first, mut second) = (0.0, 0.0);
        for _ in 0..2 {
            for sample in &mut burst {
                first += open * (*sample - first);
                second += open * (first - second);
                *sample = second;
            }
        }
        let offset = length / 5;
        let plucked: Vec<f64> = (0..length).map(|n| burst[n] - burst[(n + length - offset) % length]).collect();
        let mean = plucked.iter().sum::<f64>() / length as f64;
        let loudest = plucked.iter().fold(1e-9_f64, |loudest, sample| loudest.max((sample - mean).abs()));
        plucked.into_iter().map(|sample| (sample - mean) / loudest * tone.strength).collect()
    }
}
