use super::{Instrument, Tone};
use crate::exact::{Noise, sine, smooth};
use crate::sound::frames;

/// A bowed, breathing chord sound: in each ear three voices a little apart in pitch, which open and close slowly.
pub(crate) struct Pad {
    /// Seconds from nothing to full.
    pub(crate) attack: f64,
    /// Seconds from full to nothing.
    pub(crate) release: f64,
    /// The highest partials, in Hz.
    pub(crate) open: f64,
}

const TABLE: usize = 4096;
/// Detuning of the voices, as parts of the frequency: about four cents.
const VOICES: [f64; 3] = [-0.0023, 0.0004, 0.0021];

impl Instrument for Pad {
    #[expect(clippy::cast_precision_loss, reason = "a note has far fewer frames than 2^53")]
    fn play(&self, tone: &Tone, rate: f64) -> Vec<[f64; 2]> {
        let (dark, bright) = (table(tone.hertz, self.open * 0.35), table(tone.hertz, self.open));
        let mut noise = Noise::new(tone.seed);
        let length = frames(rate, tone.held + self.release);
        let mut phases = [[0.0; 3]; 2].map(|ear: [f64; 3]| ear.map(|_| 0.5 + 0.5 * noise.next()));
        let breath_phase = noise.next();
        let apart = 0.0006 * noise.next();
        (0..length)
            .map(|n| {
                let t = n as f64 / rate;
                let breath = 0.5 + 0.5 * sine(0.11 * t + breath_phase);
                let level = smooth(t / self.attack) * smooth((tone.held + self.release - t) / self.release);
                let mut frame = [0.0; 2];
                for (ear, side) in [1.0, -1.0].into_iter().enumerate() {
                    for (phase, detuned) in phases[ear].iter_mut().zip(VOICES) {
                        frame[ear] += mixed(&dark, &bright, *phase, breath);
                        *phase += tone.hertz * (1.0 + side * (detuned + apart)) / rate;
                        *phase -= phase.floor();
                    }
                }
                frame.map(|sample| sample * level * tone.strength / 3.0)
            })
            .collect()
    }
}

/// One period with partials up to a frequency, which grow weaker like a string's and fade towards the last.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a table has a few thousand samples, and a tone a few dozen partials"
)]
fn table(hertz: f64, open: f64) -> Vec<f64> {
    let partials = (open / hertz).floor().clamp(1.0, 48.0) as usize;
    (0..=TABLE)
        .map(|i| {
            let phase = i as f64 / TABLE as f64;
            (1..=partials)
                .map(|n| {
                    let n = n as f64;
                    let fading = 1.0 - smooth(n * hertz / (open + hertz));
                    sine(n * phase) * fading / (n * n.sqrt())
                })
                .sum()
        })
        .collect()
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the phase is between 0 and 1"
)]
fn mixed(dark: &[f64], bright: &[f64], phase: f64, breath: f64) -> f64 {
    let place = phase * TABLE as f64;
    let i = (place as usize).min(TABLE - 1);
    let part = place - i as f64;
    let read = |table: &[f64]| table[i] + (table[i + 1] - table[i]) * part;
    read(dark) * (1.0 - breath) + read(bright) * breath
}
