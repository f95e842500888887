//! Folders and files become drafts: every format's tags, every shape of album, and what people's disks hold besides.
#![expect(clippy::unwrap_used, reason = "a test fails where it unwraps nothing")]

mod album;
mod artwork;
mod bad_input;
mod damaged;
mod formats;
mod layout;
mod music;
mod untouched;
