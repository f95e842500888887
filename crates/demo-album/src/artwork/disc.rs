use super::colour::{Light, SIGNAL, WARM, inside};
use crate::exact::{Noise, exp, smooth};

/// The disc's middle, and its half axes: it lies flat, and is looked at from above the table's edge.
pub(super) const MIDDLE: [f64; 2] = [0.5, 0.685];
pub(super) const AXES: [f64; 2] = [0.405, 0.192];
/// Where the lamp hangs over the disc, in radii: to the right, to the back, above.
const LAMP: [f64; 3] = [0.0, 0.22, 1.05];
const THICKNESS: f64 = 0.0075;

const LABEL: f64 = 0.345;
const HOLE: f64 = 0.021;
/// The three bands of grooves, from the outside in.
const BANDS: [(f64, f64); 3] = [(0.965, 0.785), (0.772, 0.60), (0.587, 0.42)];

/// The disc and how much of the pixel it covers; none beside it.
pub(super) fn disc(x: f64, y: f64, side: f64) -> Option<(Light, f64)> {
    let top = Place::of(x, y);
    let rim = Place::of(x, y - THICKNESS);
    let (on_top, on_rim) = (inside(top.to_edge(1.0), side), inside(rim.to_edge(1.0), side));
    if on_top.max(on_rim) <= 0.0 {
        return None;
    }
    // The edge of the disc: dark, with a line of light where it turns to the lamp.
    let turned = exp(-(rim.x * rim.x) / 0.18);
    let edge = Light([0.006, 0.004, 0.0035]) + WARM * (0.035 * turned);
    Some((edge.covered(surface(&top, side), on_top), on_top.max(on_rim)))
}

/// A place on the disc, in radii.
struct Place {
    x: f64,
    y: f64,
    radius: f64,
}

impl Place {
    fn of(x: f64, y: f64) -> Self {
        let (x, y) = ((x - MIDDLE[0]) / AXES[0], (MIDDLE[1] - y) / AXES[1]);
        Self { x, y, radius: (x * x + y * y).sqrt() }
    }

    /// The distance to a circle on the disc, as the picture shows it; less than nothing is inside.
    fn to_edge(&self, circle: f64) -> f64 {
        (self.radius - circle) * self.scale()
    }

    /// How much of the picture a radius is, in the direction away from the middle.
    fn scale(&self) -> f64 {
        let r = self.radius.max(1e-6);
        let (dx, dy) = (self.x / (r * AXES[0]), self.y / (r * AXES[1]));
        1.0 / (dx * dx + dy * dy).sqrt().max(1e-6)
    }
}

fn surface(place: &Place, side: f64) -> Light {
    let shine = Shine::at(place);
    let mut light = grooves(place, &shine, side);
    let label = inside(place.to_edge(LABEL), side);
    if label > 0.0 {
        light = light.covered(self::label(place, &shine, side), label);
    }
    light.covered(Light([0.002, 0.0015, 0.001]), inside(place.to_edge(HOLE), side))
}

/// How the lamp's light meets the disc.
struct Shine {
    /// Across the grooves: 1 where they send the light to the eye.
    across: f64,
    /// The same, less sharply.
    broad: f64,
    /// As from a mirror.
    mirrored: f64,
    /// What falls on the surface.
    falling: f64,
}

impl Shine {
    fn at(place: &Place) -> Self {
        let to_lamp = [LAMP[0] - place.x, LAMP[1] - place.y, LAMP[2]];
        let distance = length(to_lamp);
        let to_lamp = to_lamp.map(|part| part / distance);
        let lift = AXES[1] / AXES[0];
        let to_eye = [0.0, -(1.0 - lift * lift).sqrt(), lift];
        let half = [to_lamp[0] + to_eye[0], to_lamp[1] + to_eye[1], to_lamp[2] + to_eye[2]];
        let half = half.map(|part| part / length(half));
        let r = place.radius.max(1e-6);
        let along = (-place.y * half[0] + place.x * half[1]) / r;
        let tilt = 1.0 - half[2];
        Self {
            across: exp(-along * along / 0.0052),
            broad: exp(-along * along / 0.07),
            mirrored: exp(-tilt / 0.012),
            falling: to_lamp[2] / (distance * distance),
        }
    }
}

fn grooves(place: &Place, shine: &Shine, side: f64) -> Light {
    let lacquer = Light([0.0062, 0.0044, 0.0038]) * (0.4 + 0.6 * shine.falling);
    let smooth_shine = WARM * (0.55 * shine.mirrored + 0.02 * shine.across);
    let Some((outer, inner)) = BANDS.into_iter().find(|(outer, inner)| place.radius < *outer && place.radius > *inner)
    else {
        return lacquer + smooth_shine;
    };
    let into = ((outer - place.radius).min(place.radius - inner) * place.scale() * side * 0.25).min(1.0);
    // Loud passages cut wider, and shine otherwise.
    let pixel = 1.0 / (place.scale() * side);
    let cut = 0.62 * ring(place.radius, 150.0, pixel)
        + 0.30 * ring(place.radius, 420.0, pixel)
        + 0.38 * ring(place.radius, 23.0, pixel);
    let glitter = (0.68 + 0.62 * cut).max(0.08);
    let warm = WARM * (0.95 * shine.across * glitter) + WARM * (0.085 * shine.broad * glitter);
    // What grooves send aside is split a little: the outer flank is redder.
    let flank = SIGNAL * (0.16 * shine.broad * (0.5 + 0.5 * ring(place.radius, 61.0, pixel)).max(0.0));
    lacquer + (warm + flank) * (into * (0.35 + 0.65 * shine.falling)) + smooth_shine * (1.0 - 0.6 * into)
}

/// Noise along the radius, so many to the radius; it vanishes where a pixel holds more than one.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few hundred rings")]
fn ring(radius: f64, many: f64, pixel: f64) -> f64 {
    let place = radius * many;
    let value = |i: f64| Noise::new((i as u64).wrapping_mul(0x9e37_79b9) ^ (many as u64)).next();
    let (below, part) = (place.floor(), smooth(place - place.floor()));
    let strength = smooth(1.5 - 2.0 * pixel * many);
    (value(below) * (1.0 - part) + value(below + 1.0) * part) * strength
}

fn label(place: &Place, shine: &Shine, side: f64) -> Light {
    let paper = SIGNAL.lit(Light([1.0, 0.9, 0.8])) * (0.16 + 0.95 * shine.falling);
    // A line near the edge, a field in the middle, and the ring that a press leaves.
    let line = |circle: f64, width: f64| {
        inside(place.to_edge(circle + width), side) - inside(place.to_edge(circle - width), side)
    };
    let ink = Light([0.030, 0.010, 0.006]);
    let mut light = paper.covered(ink, 0.85 * line(LABEL - 0.022, 0.0022));
    light = light.covered(ink, 0.9 * inside(place.to_edge(0.115), side));
    light = light.covered(WARM * (0.10 + 0.5 * shine.falling), line(0.115, 0.0026));
    light + WARM * (0.05 * shine.mirrored + 0.03 * shine.broad)
}

fn length(vector: [f64; 3]) -> f64 {
    (vector[0] * vector[0] + vector[1] * vector[1] + vector[2] * vector[2]).sqrt()
}
