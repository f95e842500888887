//! `lacquer-cli` as its users have it: the built program, run on temporary folders.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod account;
mod album;
mod bad_input;
#[path = "../support/browser.rs"]
mod browser;
mod cloud;
mod deliver;
mod help;
mod in_use;
mod json;
mod manual;
mod provider;
mod shell;
mod sound;
