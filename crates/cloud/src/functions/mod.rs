//! The functions that AWS runs: what they are called with is taken apart, handed to the [`stages`](crate::stages), and
//! answered so that a message that failed comes again, and no other.
//!
//! All of it but `wiring` is ordinary code over ports. A function that serves a queue takes its messages, and from an
//! operator one message of the pipeline, `{"version":1,"message":…}`; the catalogue's also takes its schedule's event,
//! or `{"sweep":true}`.

mod api;
mod batch;
mod call;
mod catalogue;
mod errands;
mod event;
mod inbox;
mod intake;
mod notify;
mod remedy;
mod serve;
#[cfg(test)]
mod serve_tests;
mod surroundings;
mod sweep;
#[cfg(test)]
mod sweep_tests;
mod telemetry;
#[cfg(test)]
mod trace_tests;
mod transcode;
mod wiring;

pub use api::api;
pub use wiring::{catalogue, intake, notify, transcode};
