use super::band::pole;
use crate::exact::smooth;
use crate::sound::{Sound, frames};

/// How a mix becomes a master.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mastering {
    /// The gain into the limiter, as a factor.
    pub(crate) gain: f64,
    /// The fade at the end, in seconds.
    pub(crate) fade_out: f64,
}

/// The highest sample, −2 dBFS: between samples, the wave reaches a little higher.
const CEILING: f64 = 0.794_328;
const LOOK_AHEAD_SECONDS: f64 = 0.006;

/// Without rumble, in bounds, and silent at both ends.
pub(crate) fn master(mut sound: Sound, mastering: Mastering) -> Sound {
    let rumble = pole(sound.rate, 18.0);
    let mut low = [0.0; 2];
    for frame in &mut sound.frames {
        for ear in 0..2 {
            low[ear] += rumble * (frame[ear] - low[ear]);
            frame[ear] = (frame[ear] - low[ear]) * mastering.gain;
        }
    }
    limit(&mut sound);
    fade(&mut sound, mastering.fade_out);
    sound
}

/// Turns the gain down before a peak and up again after it, without a corner.
#[expect(clippy::cast_precision_loss, reason = "a window has a few hundred frames")]
fn limit(sound: &mut Sound) {
    let window = frames(sound.rate, LOOK_AHEAD_SECONDS);
    let release = pole(sound.rate, 2.2);
    let count = sound.frames.len();
    let needed: Vec<f64> =
        sound.frames.iter().map(|frame| CEILING / frame[0].abs().max(frame[1].abs()).max(CEILING)).collect();
    // The least of the window ahead, which may rise slowly only.
    let mut held = vec![1.0; count];
    let mut deque: std::collections::VecDeque<usize> = std::collections::VecDeque::new();
    let mut gain = 1.0_f64;
    let mut next = 0;
    for (n, held) in held.iter_mut().enumerate() {
        while next < count && next <= n + window {
            while deque.back().is_some_and(|last| needed[*last] >= needed[next]) {
                deque.pop_back();
            }
            deque.push_back(next);
            next += 1;
        }
        while deque.front().is_some_and(|first| *first < n) {
            deque.pop_front();
        }
        let least = deque.front().map_or(1.0, |first| needed[*first]);
        gain = least.min(gain + release * (1.0 - gain));
        *held = gain;
    }
    // The mean of the window behind: at a peak, all of it has been as low as the peak needs.
    let mut sum = window as f64;
    for n in 0..count {
        sum += held[n] - if n >= window { held[n - window] } else { 1.0 };
        let gain = (sum / window as f64).min(1.0);
        sound.frames[n] = sound.frames[n].map(|sample| sample * gain);
    }
}

#[expect(clippy::cast_precision_loss, reason = "a fade has thousands of frames")]
fn fade(sound: &mut Sound, seconds: f64) {
    let (start, end) = (frames(sound.rate, 0.02), frames(sound.rate, seconds));
    let count = sound.frames.len();
    for (n, frame) in sound.frames.iter_mut().enumerate() {
        let level = smooth(n as f64 / start as f64) * smooth((count - 1 - n) as f64 / end as f64);
        *frame = frame.map(|sample| sample * level);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exact::Noise;

    #[test]
    fn no_sample_passes_the_ceiling_however_loud_the_mix() {
        for gain in [0.1, 1.0, 30.0] {
            let mut noise = Noise::new(5);
            let mut sound = Sound::silence(48_000.0, 1.0);
            for (n, frame) in sound.frames.iter_mut().enumerate() {
                let burst = if n % 9_000 < 40 { 1.0 } else { 0.05 };
                *frame = [noise.next() * burst, noise.next() * burst];
            }
            let mastered = master(sound, Mastering { gain, fade_out: 0.2 });
            let loudest = mastered.frames.iter().flatten().fold(0.0_f64, |loudest, sample| loudest.max(sample.abs()));
            assert!(loudest <= CEILING + 1e-9, "{loudest}");
            assert_eq!((mastered.frames[0], mastered.frames[47_999]), ([0.0; 2], [0.0; 2]));
        }
    }

    #[test]
    fn what_is_quiet_is_left_as_it_is() {
        let mut sound = Sound::silence(48_000.0, 1.0);
        for (n, frame) in sound.frames.iter_mut().enumerate() {
            *frame = [if n % 100 < 50 { 0.5 } else { -0.5 }; 2];
        }
        let before = sound.clone();
        limit(&mut sound);
        assert_eq!(sound, before);
    }
}
