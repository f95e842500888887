//! An S3 server for tests, in the process of the test: it checks what S3 checks, keeps a record of what it was asked,
//! and fails when told.
//!
//! What it does is taken from S3's API reference and user guide, the checksums above all, which no other local server
//! gets right. It knows no buckets (each exists), no signatures and no permissions.

mod answer;
mod call;
mod fault;
mod listing;
mod multipart;
mod object;
mod refusal;
mod server;
mod state;

pub use call::{Call, Operation};
pub use fault::{Fault, Held, When};
pub use server::FakeS3;
pub use state::Manners;
