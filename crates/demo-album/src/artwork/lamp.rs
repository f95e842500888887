use super::colour::{Light, SIGNAL, WARM, inside};
use crate::exact::{exp, smooth};

/// The lamp's opening: its middle and half axes.
pub(super) const OPENING: [f64; 2] = [0.5, 0.285];
pub(super) const AXES: [f64; 2] = [0.132, 0.021];
const HEIGHT: f64 = 0.118;

/// The lamp and how much of the pixel it covers; none beside it.
pub(super) fn lamp(x: f64, y: f64, side: f64) -> Option<(Light, f64)> {
    let (from_middle, up) = (x - OPENING[0], OPENING[1] - y);
    let opening = inside(to_ellipse(from_middle, up, AXES[1]), side);
    let parts = [cord(from_middle, up, side), neck(from_middle, up, side), shade(from_middle, up, side)];
    let (mut light, mut coverage) = (Light([0.0; 3]), 0.0);
    for (part, covers) in parts {
        light = light.covered(part, covers);
        coverage = f64::max(coverage, covers);
    }
    // Into the shade from below: the bulb in its middle, and the white of the inside.
    let bulb = exp(-(from_middle * from_middle) / 0.0019 - (up * up) / 0.000_18);
    light = light.covered(WARM * (1.1 + 5.5 * bulb), opening);
    coverage = f64::max(coverage, opening);
    (coverage > 0.0).then_some((light, coverage))
}

/// Half an ellipsoid of enamelled metal.
fn shade(from_middle: f64, up: f64, side: f64) -> (Light, f64) {
    let covers = inside(to_ellipse(from_middle, up, HEIGHT), side) * inside(-up, side);
    let height = (up / HEIGHT).clamp(0.0, 1.0);
    let half = AXES[0] * (1.0 - height * height).max(1e-4).sqrt();
    let around = (from_middle / half).clamp(-1.0, 1.0);
    // A window somewhere to the left, and what the table sends back at the rim.
    let window = exp(-(around + 0.45) * (around + 0.45) / 0.045);
    let turned = (1.0 - around * around).max(0.0).sqrt();
    let sent_back = exp(-up.max(0.0) / 0.035);
    let enamel = SIGNAL * (0.07 + 0.52 * turned + 0.30 * sent_back) + WARM * (0.075 * window * smooth(up / 0.02));
    (enamel, covers)
}

fn neck(from_middle: f64, up: f64, side: f64) -> (Light, f64) {
    let (bottom, top, half) = (HEIGHT - 0.006, HEIGHT + 0.026, 0.0155);
    let covers = inside(from_middle.abs() - half, side) * inside(bottom - up, side) * inside(up - top, side);
    let shine = exp(-(from_middle + 0.005) * (from_middle + 0.005) / 0.000_02);
    (Light([0.020, 0.014, 0.011]) + WARM * (0.16 * shine), covers)
}

fn cord(from_middle: f64, up: f64, side: f64) -> (Light, f64) {
    let covers = inside(from_middle.abs() - 0.0017, side) * inside(HEIGHT + 0.02 - up, side);
    (Light([0.028, 0.019, 0.014]), covers)
}

/// The light around the opening, in the air and in the lens.
pub(super) fn glow(x: f64, y: f64) -> Light {
    let (dx, dy) = (x - OPENING[0], y - OPENING[1] - 0.012);
    let near = exp(-(dx * dx) / 0.012 - (dy * dy) / 0.0016);
    let far = exp(-(dx * dx + dy * dy * 1.4) / 0.05);
    WARM * (0.16 * near) + SIGNAL * (0.035 * far)
}

/// About the distance to an ellipse as wide as the opening; less than nothing is inside.
fn to_ellipse(from_middle: f64, up: f64, height: f64) -> f64 {
    let (x, y) = (from_middle / AXES[0], up / height);
    let radius = (x * x + y * y).sqrt().max(1e-6);
    let (dx, dy) = (x / (radius * AXES[0]), y / (radius * height));
    (radius - 1.0) / (dx * dx + dy * dy).sqrt().max(1e-6)
}
