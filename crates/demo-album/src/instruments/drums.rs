use super::{Instrument, Tone, centred, ending};
use crate::exact::{Noise, decay, sine, smooth};
use crate::mix::Band;
use crate::sound::frames;

/// A soft bass drum: a skin that relaxes.
pub(crate) struct Kick;

/// A wire brush on a snare drum.
pub(crate) struct Brush;

/// The stick on the rim.
pub(crate) struct Rim;

/// An egg full of seeds.
pub(crate) struct Shaker;

impl Instrument for Kick {
    #[expect(clippy::cast_precision_loss, reason = "a stroke has few frames")]
    fn play(&self, tone: &Tone, rate: f64) -> Vec<[f64; 2]> {
        let length = frames(rate, 0.42);
        let (fall, settle) = (decay(0.11, rate), decay(0.028, rate));
        let (mut level, mut tension, mut phase) = (tone.strength, 1.0, 0.0);
        let samples = (0..length).map(move |n| {
            phase += (47.0 + 74.0 * tension) / rate;
            tension *= settle;
            level *= fall;
            sine(phase) * level * smooth(n as f64 / rate / 0.003) * ending(n, length, frames(rate, 0.05))
        });
        centred(samples)
    }
}

impl Instrument for Brush {
    fn play(&self, tone: &Tone, rate: f64) -> Vec<[f64; 2]> {
        struck_noise(tone, rate, Stroke { low: 1_100.0, high: 5_200.0, rise: 0.012, fall: 0.075 })
    }
}

impl Instrument for Shaker {
    fn play(&self, tone: &Tone, rate: f64) -> Vec<[f64; 2]> {
        struck_noise(tone, rate, Stroke { low: 5_200.0, high: 10_500.0, rise: 0.016, fall: 0.028 })
    }
}

impl Instrument for Rim {
    #[expect(clippy::cast_precision_loss, reason = "a stroke has few frames")]
    fn play(&self, tone: &Tone, rate: f64) -> Vec<[f64; 2]> {
        let length = frames(rate, 0.16);
        let fall = decay(0.018, rate);
        let mut level = tone.strength;
        let samples = (0..length).map(move |n| {
            let t = n as f64 / rate;
            level *= fall;
            (0.6 * sine(842.0 * t) + 0.4 * sine(1_733.0 * t))
                * level
                * smooth(t / 0.0012)
                * ending(n, length, frames(rate, 0.03))
        });
        centred(samples)
    }
}

/// Noise between two frequencies, swelling and dying, in seconds.
struct Stroke {
    low: f64,
    high: f64,
    rise: f64,
    fall: f64,
}

#[expect(clippy::cast_precision_loss, reason = "a stroke has few frames")]
fn struck_noise(tone: &Tone, rate: f64, stroke: Stroke) -> Vec<[f64; 2]> {
    let length = frames(rate, stroke.rise + stroke.fall * 7.0);
    let mut noise = Noise::new(tone.seed);
    let mut bands = [Band::new(rate, stroke.low, stroke.high), Band::new(rate, stroke.low, stroke.high)];
    let fall = decay(stroke.fall, rate);
    let mut level = tone.strength;
    (0..length)
        .map(|n| {
            let t = n as f64 / rate;
            if t > stroke.rise {
                level *= fall;
            }
            let shape = level * smooth(t / stroke.rise) * ending(n, length, frames(rate, 0.02));
            // Mostly the same in both ears, and a little not.
            let (middle, side) = (noise.next(), noise.next());
            [bands[0].next(0.85 * middle + 0.5 * side) * shape, bands[1].next(0.85 * middle - 0.5 * side) * shape]
        })
        .collect()
}
