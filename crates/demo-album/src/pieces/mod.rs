//! The three pieces: key, chords, melody, and who plays what.

mod copper_morning;
mod lamp_out;
mod undertow;

pub(crate) use copper_morning::copper_morning;
pub(crate) use lamp_out::lamp_out;
pub(crate) use undertow::undertow;
