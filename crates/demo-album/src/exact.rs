//! Functions of the maths library from additions, multiplications and divisions alone.
//!
//! The album is composed again by a test, and compared sample by sample. A system's own sine and exponential differ in
//! their last bit from machine to machine, and a reverberation makes much of a little.

use std::f64::consts::{FRAC_1_SQRT_2, TAU};

/// The sine of an angle given in turns. Good to eleven digits.
pub(crate) fn sine(turns: f64) -> f64 {
    // The nearest half turn, and what is left: a quarter of a turn at most.
    let half_turns = (turns * 2.0 + 0.5).floor();
    let x = (turns - half_turns * 0.5) * TAU;
    let x2 = x * x;
    let series = 1.0
        - x2 / 6.0
            * (1.0
                - x2 / 20.0
                    * (1.0
                        - x2 / 42.0
                            * (1.0 - x2 / 72.0 * (1.0 - x2 / 110.0 * (1.0 - x2 / 156.0 * (1.0 - x2 / 210.0))))));
    let odd = half_turns * 0.5 != (half_turns * 0.5).floor();
    if odd { -x * series } else { x * series }
}

/// The cosine of an angle given in turns.
pub(crate) fn cosine(turns: f64) -> f64 {
    sine(turns + 0.25)
}

/// e to the power of x, for the x of fades and lights: nothing at all below −80.
pub(crate) fn exp(x: f64) -> f64 {
    if x < -80.0 {
        return 0.0;
    }
    // Of a 256th, a few terms are enough; eight squarings lead back.
    let r = x / 256.0;
    let series = 1.0
        + r * (1.0
            + r / 2.0
                * (1.0
                    + r / 3.0
                        * (1.0 + r / 4.0 * (1.0 + r / 5.0 * (1.0 + r / 6.0 * (1.0 + r / 7.0 * (1.0 + r / 8.0)))))));
    let mut power = series;
    for _ in 0..8 {
        power *= power;
    }
    power
}

/// The gains of left and right at a place between −1 and 1, of equal power everywhere.
pub(crate) fn pan(place: f64) -> [f64; 2] {
    let angle = (place + 1.0) / 8.0;
    [cosine(angle) / FRAC_1_SQRT_2, sine(angle) / FRAC_1_SQRT_2]
}

/// The factor that, applied a sample, lets a sound decay to 1/e in a time in seconds.
pub(crate) fn decay(seconds: f64, rate: f64) -> f64 {
    exp(-1.0 / (seconds * rate))
}

/// From 0 at 0 to 1 at 1, level at both ends.
pub(crate) fn smooth(x: f64) -> f64 {
    let x = x.clamp(0.0, 1.0);
    x * x * (3.0 - 2.0 * x)
}

/// A seeded source of numbers between −1 and 1 (SplitMix64).
#[derive(Debug, Clone)]
pub(crate) struct Noise(u64);

impl Noise {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        let bits = i32::from_le_bytes([z.to_le_bytes()[4], z.to_le_bytes()[5], z.to_le_bytes()[6], z.to_le_bytes()[7]]);
        f64::from(bits) / 2_147_483_648.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_agree_with_the_maths_library() {
        let mut x = -20.0;
        while x < 20.0 {
            assert!((sine(x) - (x * TAU).sin()).abs() < 1e-10, "sine of {x} turns");
            assert!((cosine(x) - (x * TAU).cos()).abs() < 1e-10, "cosine of {x} turns");
            assert!((exp(x) / x.exp() - 1.0).abs() < 1e-10, "e to the {x}");
            x += 0.0137;
        }
    }

    #[test]
    fn a_pan_keeps_the_power() {
        for place in [-1.0, -0.4, 0.0, 0.7, 1.0] {
            let [left, right] = pan(place);
            assert!((left * left + right * right - 2.0).abs() < 1e-9);
        }
        assert!(pan(-1.0)[1].abs() < 1e-9 && (pan(0.0)[0] - 1.0).abs() < 1e-9);
    }
}
