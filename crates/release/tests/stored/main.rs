//! What is stored for good: the manifest, the hash of the metadata, the recipes of renditions.

#![expect(clippy::unwrap_used, reason = "a test fails where its example does")]

#[path = "../example/mod.rs"]
mod example;

mod manifest;
mod recipe;
mod tags;
