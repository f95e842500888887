//! Whatever a file holds and whatever fails: an error that says so, bounded memory, nothing left behind.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod counted;
mod endless;
mod failing;
#[path = "../peers/machine.rs"]
mod machine;
mod memory;
mod mutated;
