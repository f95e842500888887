//! The picture: a lacquer disc on a table, under a lamp, with three bands of grooves for three tracks.

mod colour;
mod disc;
mod lamp;
mod room;

use crate::exact::Noise;
use colour::Light;

/// Rows of red, green and blue, from the top left, of a picture of so many pixels a side.
pub(crate) fn draw(side: u32) -> Vec<u8> {
    let mut grain = Noise::new(1_948);
    let mut pixels = Vec::with_capacity(3 * side as usize * side as usize);
    for row in 0..side {
        for column in 0..side {
            let at = |pixel: u32| (f64::from(pixel) + 0.5) / f64::from(side);
            let light = seen(at(column), at(row), f64::from(side));
            // A little grain: without it, eight bits show steps in the dark.
            let grain = 0.5 * (grain.next() + grain.next());
            pixels.extend(light.pixel(grain));
        }
    }
    pixels
}

/// What is seen at a place, from 0 to 1 from the top left, in a picture of so many pixels a side.
fn seen(x: f64, y: f64, side: f64) -> Light {
    let mut light = room::table(x, y);
    if let Some((disc, coverage)) = disc::disc(x, y, side) {
        light = light.covered(disc, coverage);
    }
    light = light + room::beam(x, y);
    if let Some((lamp, coverage)) = lamp::lamp(x, y, side) {
        light = light.covered(lamp, coverage);
    }
    (light + lamp::glow(x, y)) * room::vignette(x, y)
}
