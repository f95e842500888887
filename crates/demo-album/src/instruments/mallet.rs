use super::{Instrument, Tone, centred, ending};
use crate::exact::{decay, sine, smooth};
use crate::sound::frames;

/// A struck bar, tine or bell: partials that die each at its own rate.
pub(crate) struct Mallet {
    /// Frequency as a multiple of the note's, loudness, and the time to 1/e in seconds.
    partials: &'static [(f64, f64, f64)],
    /// The softest attack, in seconds.
    attack: f64,
    /// Depth and rate in Hz of the fans in a vibraphone's pipes.
    fans: Option<(f64, f64)>,
}

impl Mallet {
    /// Thumbs on tines over a wooden box.
    pub(crate) const KALIMBA: Self = Self {
        partials: &[(1.0, 1.0, 0.62), (2.002, 0.10, 0.35), (5.41, 0.16, 0.07), (6.27, 0.06, 0.05)],
        attack: 0.0015,
        fans: None,
    };

    /// Tuned bars, with motors running slowly.
    pub(crate) const VIBRAPHONE: Self = Self {
        partials: &[(1.0, 1.0, 1.5), (3.999, 0.20, 0.42), (9.98, 0.045, 0.10)],
        attack: 0.003,
        fans: Some((0.22, 4.6)),
    };

    /// Small bells of a musical box.
    pub(crate) const CELESTA: Self = Self {
        partials: &[(1.0, 1.0, 1.1), (2.004, 0.16, 0.7), (3.01, 0.10, 0.45), (4.27, 0.12, 0.2), (6.8, 0.03, 0.08)],
        attack: 0.002,
        fans: None,
    };
}

impl Instrument for Mallet {
    #[expect(clippy::cast_precision_loss, reason = "a note has far fewer frames than 2^53")]
    fn play(&self, tone: &Tone, rate: f64) -> Vec<[f64; 2]> {
        let ring = (523.0 / tone.hertz).sqrt().clamp(0.55, 1.7);
        let longest = self.partials.iter().map(|(_, _, time)| time * ring).fold(0.0, f64::max);
        let length = frames(rate, longest * 6.0);
        let attack = self.attack * (1.6 - tone.strength);
        let mut samples = vec![0.0; length];
        for (ratio, loudness, time) in self.partials {
            let hertz = tone.hertz * ratio;
            // Above this, a partial is a matter of the recording's rate and not of the bar.
            if hertz > 16_000.0 {
                continue;
            }
            let fall = decay(time * ring, rate);
            // A soft stroke wakes the upper partials less.
            let mut level = loudness * if *ratio > 1.5 { tone.strength * tone.strength } else { tone.strength };
            for (n, sample) in samples.iter_mut().enumerate() {
                *sample += level * sine(hertz * n as f64 / rate);
                level *= fall;
            }
        }
        let fade = frames(rate, 0.05);
        let shaped = samples.into_iter().enumerate().map(|(n, sample)| {
            let t = n as f64 / rate;
            let fans = self.fans.map_or(1.0, |(depth, hertz)| 1.0 - depth * (0.5 + 0.5 * sine(hertz * t)));
            sample * fans * smooth(t / attack) * ending(n, length, fade)
        });
        centred(shaped)
    }
}
