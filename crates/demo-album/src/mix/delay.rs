use super::band::pole;
use crate::sound::{Sound, frames};

/// Echoes that go from ear to ear, each duller than the last.
pub(crate) fn echo(sound: &Sound, seconds: f64, feedback: f64) -> Sound {
    let length = frames(sound.rate, seconds);
    let mut line = vec![[0.0; 2]; length];
    let dullness = pole(sound.rate, 2_800.0);
    let thinness = pole(sound.rate, 240.0);
    let (mut dull, mut thin) = ([0.0; 2], [0.0; 2]);
    let mut frames = Vec::with_capacity(sound.frames.len());
    for (n, frame) in sound.frames.iter().enumerate() {
        let at = n % length;
        let out = line[at];
        for ear in 0..2 {
            dull[ear] += dullness * (out[ear] - dull[ear]);
            thin[ear] += thinness * (dull[ear] - thin[ear]);
        }
        let middle = 0.5 * (frame[0] + frame[1]);
        line[at] = [middle + feedback * (dull[1] - thin[1]), feedback * (dull[0] - thin[0])];
        frames.push(out);
    }
    Sound { rate: sound.rate, frames }
}
