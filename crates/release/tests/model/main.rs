//! The model's own rules: identifiers, entries, names on display, kinds, keys.

#![expect(clippy::unwrap_used, reason = "a test fails where its example does")]

#[path = "../example/mod.rs"]
mod example;

mod credits;
mod entries;
mod identifiers;
mod ids;
mod keys;
mod kinds;
