//! The port's contract, and every store that keeps it.

mod contract;
mod dir;
