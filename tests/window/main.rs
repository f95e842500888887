//! The real window on a screen without a monitor. It is the built app, with its own pages and its own web view, used with
//! a pointer and a keyboard.
//!
//! `LACQUER_SCREENSHOTS=FOLDER` keeps photographs of what was seen.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod album;
mod cloud;
mod crash;
mod crowd;
mod desktop;
mod music;
mod prepared;
mod rooms;
mod sound;
mod stage;
mod stay;
mod typing;
