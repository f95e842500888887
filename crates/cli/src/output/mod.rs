//! What people and programs read: results on standard output, progress on standard error.

pub(crate) mod imported;
pub(crate) mod json;
pub(crate) mod problems;
mod progress;
pub(crate) mod queued;
pub(crate) mod release;
pub(crate) mod rendition;
mod terminal;
pub(crate) mod words;

pub(crate) use progress::Progress;
pub(crate) use terminal::{Ended, Terminal};
