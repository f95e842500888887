//! `lacquer-cli` as its users have it: the built program, run on temporary folders.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod album;
mod bad_input;
mod cloud;
mod deliver;
mod help;
mod in_use;
mod json;
mod manual;
mod shell;
mod sound;
