use super::colour::{Light, WARM};
use super::{disc, lamp};
use crate::exact::{exp, smooth};

/// The table, the pool of light on it, and the shadow of the disc.
pub(super) fn table(x: f64, y: f64) -> Light {
    let (dx, dy) = ((x - disc::MIDDLE[0]) / 0.52, (y - disc::MIDDLE[1]) / 0.25);
    let from_pool = 1.0 + 1.15 * (dx * dx + dy * dy);
    let pool = 1.0 / (from_pool * from_pool);
    // The wall behind takes over from the table without a line.
    let depth = smooth((y - 0.36) / 0.22);
    let wood = Light([0.150, 0.078, 0.044]) * (pool * depth);
    let wall = Light([0.0095, 0.0056, 0.0043]) * (1.0 - 0.55 * y);
    let (sx, sy) = ((x - disc::MIDDLE[0]) / disc::AXES[0], (y - disc::MIDDLE[1] - 0.020) / disc::AXES[1]);
    let from_shadow = (sx * sx + sy * sy).sqrt();
    let shadow = 1.0 - 0.82 * smooth((1.085 - from_shadow) / 0.13);
    wall + wood * shadow
}

/// The light in the air under the lamp.
pub(super) fn beam(x: f64, y: f64) -> Light {
    let down = y - lamp::OPENING[1];
    if down <= 0.0 {
        return Light([0.0; 3]);
    }
    let half = lamp::AXES[0] * 0.96 + down * 0.66;
    let across = (x - lamp::OPENING[0]).abs() / half;
    let body = smooth((1.0 - across) / 0.30) * (0.62 + 0.38 * (1.0 - across).max(0.0));
    WARM * (0.042 * body * exp(-down / 0.23) * smooth(down / 0.02))
}

/// Darker towards the corners.
pub(super) fn vignette(x: f64, y: f64) -> f64 {
    let (dx, dy) = (x - 0.5, y - 0.52);
    1.0 - 0.55 * smooth((dx * dx + dy * dy) / 0.52)
}
