//! From parts to a master: places, rooms, echoes, and the last gain.

mod band;
mod delay;
mod master;
mod part;
mod reverb;

pub(crate) use band::{Band, pole};
pub(crate) use delay::echo;
pub(crate) use master::{Mastering, master};
pub(crate) use part::{Desk, Strip};
pub(crate) use reverb::{Room, reverberate};
