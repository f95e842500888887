use std::ops::{Add, Mul};

use crate::exact::exp;

/// Red, green and blue as amounts of light.
#[derive(Debug, Clone, Copy)]
pub(super) struct Light(pub(super) [f64; 3]);

/// The lamp's white.
pub(super) const WARM: Light = Light([1.0, 0.66, 0.36]);
/// Signal orange-red.
pub(super) const SIGNAL: Light = Light([1.0, 0.105, 0.018]);

impl Light {
    /// Under something that covers a part of it.
    pub(super) fn covered(self, by: Self, coverage: f64) -> Self {
        self * (1.0 - coverage) + by * coverage
    }

    /// As the lamp shows a surface of this colour.
    pub(super) fn lit(self, by: Self) -> Self {
        Self([self.0[0] * by.0[0], self.0[1] * by.0[1], self.0[2] * by.0[2]])
    }

    /// On film, which never quite reaches white, as eight bits and a little grain.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to eight bits")]
    pub(super) fn pixel(self, grain: f64) -> [u8; 3] {
        self.0.map(|amount| {
            let exposed = 1.0 - exp(-1.35 * amount.max(0.0));
            (exposed.sqrt() * 255.0 + 0.9 * grain + 0.5).clamp(0.0, 255.0) as u8
        })
    }
}

impl Add for Light {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self([self.0[0] + other.0[0], self.0[1] + other.0[1], self.0[2] + other.0[2]])
    }
}

impl Mul<f64> for Light {
    type Output = Self;

    fn mul(self, factor: f64) -> Self {
        Self(self.0.map(|amount| amount * factor))
    }
}

/// How much of a pixel lies inside an edge, from the distance to it (less than nothing is inside).
pub(super) fn inside(distance: f64, side: f64) -> f64 {
    (0.5 - distance * side).clamp(0.0, 1.0)
}
