//! The methods of [`Session`](super::Session), by what they are about.

mod drafts;
mod listening;
mod queue;
mod workspace;
