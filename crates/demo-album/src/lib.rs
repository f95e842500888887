//! Composes the demo album: three tracks and a picture, the same on every machine.
//!
//! A score is played by instruments onto a desk, goes through a room and a limiter, and is written with its tags. The
//! picture is drawn by the same program. Nothing here is recorded, sampled or borrowed.

mod album;
mod artwork;
mod exact;
mod instruments;
mod mix;
mod pieces;
mod score;
mod sound;
mod write;

pub use album::ARTIST;
pub use write::{WriteError, write};
