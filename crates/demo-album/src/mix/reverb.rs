use super::band::pole;
use crate::exact::exp;
use crate::sound::{Sound, frames};

/// A room: how long it sounds, and how soon its highs are gone.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Room {
    /// Seconds until 60 dB have gone.
    pub(crate) seconds: f64,
    /// Seconds before the first answer.
    pub(crate) distance: f64,
    /// Above this, in Hz, walls swallow more.
    pub(crate) damping: f64,
}

/// Lengths of the lines, in seconds: without common factors, so that no note finds an echo of its own.
const LINES: [f64; 8] = [0.029_71, 0.033_37, 0.037_93, 0.041_27, 0.046_61, 0.050_83, 0.056_47, 0.061_31];
const DIFFUSERS: [f64; 4] = [0.004_771, 0.003_595, 0.012_73, 0.009_307];

/// What a room answers: a feedback network of eight delay lines (Jot's, with Householder's matrix) behind four all-passes.
pub(crate) fn reverberate(sound: &Sound, room: Room) -> Sound {
    let rate = sound.rate;
    let mut predelay = Line::new(frames(rate, room.distance));
    let mut diffusers = [[0; 4]; 2].map(|ear: [i32; 4]| {
        let mut seconds = DIFFUSERS.into_iter();
        ear.map(|_| AllPass(Line::new(frames(rate, seconds.next().unwrap_or(0.005)))))
    });
    // The right ear's differ a little, so that the room has a width.
    for diffuser in &mut diffusers[1] {
        diffuser.0 = Line::new(diffuser.0.frames.len() + frames(rate, 0.000_53));
    }
    let mut lines = LINES.map(|seconds| Line::new(frames(rate, seconds)));
    let gains = LINES.map(|seconds| exp(-6.907_755 * seconds / room.seconds));
    let damping = pole(rate, room.damping);
    let rumble = pole(rate, 140.0);
    let (mut damped, mut low) = ([0.0; 8], [0.0; 2]);
    let mut answered = Vec::with_capacity(sound.frames.len());
    for frame in &sound.frames {
        let mut input = predelay.next(*frame);
        for ear in 0..2 {
            low[ear] += rumble * (input[ear] - low[ear]);
            input[ear] -= low[ear];
            for diffuser in &mut diffusers[ear] {
                input[ear] = diffuser.next(input[ear]);
            }
        }
        let mut heard = [0.0; 8];
        for (i, line) in lines.iter_mut().enumerate() {
            damped[i] += damping * (line.last()[0] - damped[i]);
            heard[i] = damped[i] * gains[i];
        }
        let shared = heard.iter().sum::<f64>() * 0.25;
        for (i, line) in lines.iter_mut().enumerate() {
            let fed = heard[i] - shared + input[i % 2] * 0.5;
            line.next([fed, 0.0]);
        }
        answered.push([
            heard[0] - heard[2] + heard[4] - heard[6] + 0.4 * (heard[1] - heard[5]),
            heard[1] - heard[3] + heard[5] - heard[7] + 0.4 * (heard[2] - heard[6]),
        ]);
    }
    Sound { rate, frames: answered }
}

/// A delay of whole frames.
struct Line {
    frames: Vec<[f64; 2]>,
    at: usize,
}

impl Line {
    fn new(length: usize) -> Self {
        Self { frames: vec![[0.0; 2]; length.max(1)], at: 0 }
    }

    /// What comes out next.
    fn last(&self) -> [f64; 2] {
        self.frames[self.at]
    }

    fn next(&mut self, frame: [f64; 2]) -> [f64; 2] {
        let out = std::mem::replace(&mut self.frames[self.at], frame);
        self.at = (self.at + 1) % self.frames.len();
        out
    }
}

/// Schroeder's: as loud at every frequency, and smeared in time.
struct AllPass(Line);

impl AllPass {
    fn next(&mut self, sample: f64) -> f64 {
        const GAIN: f64 = 0.62;
        let delayed = self.0.last()[0];
        let fed = sample + GAIN * delayed;
        self.0.next([fed, 0.0]);
        delayed - GAIN * fed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_answers_later_in_both_ears_and_falls_silent_in_its_time() {
        let mut clap = Sound::silence(48_000.0, 3.0);
        clap.frames[0] = [1.0; 2];
        let room = Room { seconds: 1.5, distance: 0.02, damping: 6_000.0 };
        let answer = reverberate(&clap, room);
        let energy = |from: f64, to: f64, ear: usize| -> f64 {
            let part = &answer.frames[frames(48_000.0, from)..frames(48_000.0, to)];
            part.iter().map(|frame| frame[ear] * frame[ear]).sum()
        };
        for ear in 0..2 {
            assert!(energy(0.0, 0.02, ear) == 0.0 && energy(0.05, 0.2, ear) > 1e-4);
            // 60 dB, with something for the first answers, which come together.
            assert!(energy(1.7, 1.9, ear) < energy(0.1, 0.3, ear) * 1e-5);
        }
        assert!(energy(0.1, 0.3, 0) / energy(0.1, 0.3, 1) < 2.0 && energy(0.1, 0.3, 1) / energy(0.1, 0.3, 0) < 2.0);
    }
}
