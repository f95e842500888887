use super::{Instrument, Tone, centred, ending};
use crate::exact::{decay, sine, smooth};
use crate::sound::frames;

/// A round bass: a sine with a little of its octave and twelfth, warmer at its start.
pub(crate) struct Bass;

impl Instrument for Bass {
    #[expect(clippy::cast_precision_loss, reason = "a note has far fewer frames than 2^53")]
    fn play(&self, tone: &Tone, rate: f64) -> Vec<[f64; 2]> {
        let Tone { hertz, held, strength, .. } = *tone;
        let release = 0.09;
        let length = frames(rate, held + release);
        let (body_decay, warmth_decay) = (decay(2.2, rate), decay(0.35, rate));
        let (mut body, mut warmth) = (1.0, 0.25 + 0.35 * strength);
        let samples = (0..length).map(move |n| {
            let t = n as f64 / rate;
            let phase = hertz * t;
            let raw = sine(phase) + warmth * (0.55 * sine(2.0 * phase) + 0.22 * sine(3.0 * phase));
            // Soft limits, as of a small amplifier.
            let warm = raw / (1.0 + 0.25 * raw * raw);
            let sample = warm * body * strength * smooth(t / 0.012);
            body *= body_decay;
            warmth *= warmth_decay;
            sample * ending(n, length, frames(rate, release))
        });
        centred(samples)
    }
}
