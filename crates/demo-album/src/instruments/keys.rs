use super::{Instrument, Tone, ending};
use crate::exact::{cosine, decay, sine, smooth};
use crate::sound::frames;

/// An electric piano: a tine and a tone bar, as two pairs of frequency modulation, with a slow tremolo between the ears.
pub(crate) struct Keys {
    /// The tremolo's rate in Hz.
    pub(crate) tremolo: f64,
}

impl Instrument for Keys {
    #[expect(clippy::cast_precision_loss, reason = "a note has far fewer frames than 2^53")]
    fn play(&self, tone: &Tone, rate: f64) -> Vec<[f64; 2]> {
        let Tone { hertz, held, strength, .. } = *tone;
        // High notes die sooner.
        let ring = 2.6 * (262.0 / hertz).sqrt().clamp(0.5, 1.6);
        let release = 0.22;
        let length = frames(rate, held + release * 5.0);
        let (body_decay, bark_decay, tine_decay) = (decay(ring, rate), decay(0.5, rate), decay(0.11, rate));
        let release_decay = decay(release, rate);
        let (mut body, mut bark, mut tine) = (1.0, strength * strength * 1.5, strength * 0.34);
        let attack = frames(rate, 0.004);
        let held = frames(rate, held);
        (0..length)
            .map(|n| {
                let t = n as f64 / rate;
                let phase = hertz * t;
                let low = sine(phase + (0.25 + bark) * sine(phase) / std::f64::consts::TAU);
                let high = sine(phase + tine * sine(phase * 14.0) / std::f64::consts::TAU);
                let sample = body * strength * (0.72 * low + 0.28 * high);
                body *= if n > held { release_decay } else { body_decay };
                bark *= bark_decay;
                tine *= tine_decay;
                let sample = sample * smooth(n as f64 / attack as f64) * ending(n, length, attack * 8);
                let sway = 0.16 * cosine(self.tremolo * t);
                [sample * (1.0 + sway), sample * (1.0 - sway)]
            })
            .collect()
    }
}
