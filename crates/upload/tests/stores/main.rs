//! The port's contract, and every store that keeps it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod contract;
mod dir;
mod model;
mod s3;
mod s3s;
mod wire;
