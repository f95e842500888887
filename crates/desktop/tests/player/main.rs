//! What a sound card gets, compared with what files hold.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod alsa;
mod devices;
mod elsewhere;
mod exact;
mod going;
mod memory;
mod skipping;
mod stage;
