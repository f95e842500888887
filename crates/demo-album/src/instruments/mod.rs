//! What sounds: each instrument turns a note into frames, and knows nothing of tempo or place.

mod bass;
mod drums;
mod keys;
mod mallet;
mod pad;
mod pluck;

pub(crate) use bass::Bass;
pub(crate) use drums::{Brush, Kick, Rim, Shaker};
pub(crate) use keys::Keys;
pub(crate) use mallet::Mallet;
pub(crate) use pad::Pad;
pub(crate) use pluck::Pluck;

/// A note as an instrument gets it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tone {
    /// Frequency in Hz.
    pub(crate) hertz: f64,
    /// How long it is held, in seconds. It may ring on.
    pub(crate) held: f64,
    /// How hard it is struck, from 0 to 1.
    pub(crate) strength: f64,
    /// Another number for each note, for what must differ from note to note.
    pub(crate) seed: u64,
}

/// Something that plays.
pub(crate) trait Instrument {
    /// The frames of a tone, from its attack to silence, at a sample rate.
    fn play(&self, tone: &Tone, rate: f64) -> Vec<[f64; 2]>;
}

/// The same in both ears.
fn centred(samples: impl Iterator<Item = f64>) -> Vec<[f64; 2]> {
    samples.map(|sample| [sample; 2]).collect()
}

/// From 1 down to 0 over the last part of a sound, so that it ends without a click.
fn ending(frame: usize, frames: usize, fade: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a fade has thousands of frames")]
    let left = (frames - frame) as f64 / fade as f64;
    crate::exact::smooth(left)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exact::{cosine, sine};

    const PITCHED: [(&str, &dyn Instrument); 7] = [
        ("bass", &Bass),
        ("keys", &Keys { tremolo: 2.5 }),
        ("kalimba", &Mallet::KALIMBA),
        ("vibraphone", &Mallet::VIBRAPHONE),
        ("celesta", &Mallet::CELESTA),
        ("pad", &Pad { attack: 0.5, release: 0.5, open: 2_000.0 }),
        ("pluck", &Pluck { ring: 1.5, touch: 3_000.0, damping: 8_000.0 }),
    ];
    const STRUCK: [(&str, &dyn Instrument); 4] =
        [("kick", &Kick), ("brush", &Brush), ("rim", &Rim), ("shaker", &Shaker)];

    fn tone(hertz: f64) -> Tone {
        Tone { hertz, held: 2.0, strength: 0.8, seed: 7 }
    }

    /// The energy of both ears at a frequency.
    #[expect(clippy::cast_precision_loss, reason = "a tone has few frames")]
    fn energy(frames: &[[f64; 2]], hertz: f64, rate: f64) -> f64 {
        let (mut real, mut imaginary) = (0.0, 0.0);
        for (n, frame) in frames.iter().enumerate() {
            let turns = hertz * n as f64 / rate;
            real += (frame[0] + frame[1]) * cosine(turns);
            imaginary += (frame[0] + frame[1]) * sine(turns);
        }
        real * real + imaginary * imaginary
    }

    #[test]
    fn pitched_instruments_are_in_tune_at_every_rate() {
        for (name, instrument) in PITCHED {
            for (hertz, rate) in [(110.0, 48_000.0), (440.0, 48_000.0), (880.0, 96_000.0)] {
                let frames = instrument.play(&tone(hertz), rate);
                let heard = &frames[..frames.len().min(40_000)];
                let cents = |cents: f64| hertz * crate::exact::exp(cents * std::f64::consts::LN_2 / 1_200.0);
                let of = |offset: f64| energy(heard, cents(offset), rate);
                assert!(of(0.0) > of(-12.0) && of(0.0) > of(12.0), "{name} at {hertz} Hz is out of tune");
            }
        }
    }

    #[test]
    fn every_sound_begins_and_ends_in_silence_and_stays_in_bounds() {
        for (name, instrument) in PITCHED.iter().chain(&STRUCK) {
            let frames = instrument.play(&tone(220.0), 48_000.0);
            let loudest = frames.iter().flatten().fold(0.0_f64, |loudest, sample| loudest.max(sample.abs()));
            assert!((0.02..2.0).contains(&loudest), "{name} reaches {loudest}");
            let last = frames.last().copied().unwrap_or_default();
            assert!(last.iter().all(|sample| sample.abs() < 1e-4), "{name} ends at {last:?}");
            // A string is plucked: it does not begin at rest.
            if *name != "pluck" {
                assert!(frames[0].iter().all(|sample| sample.abs() < 1e-3), "{name} begins at {:?}", frames[0]);
            }
        }
    }
}
