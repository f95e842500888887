//! What people and operators do in a deployment, on the emulator: the built program, and the template with the functions'
//! own programs, or with stand-ins for them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod account;
#[path = "../shell/album.rs"]
mod album;
#[path = "../support/browser.rs"]
mod browser;
mod delivering;
mod desk;
mod mending;
mod moving;
mod operating;
mod operator;
#[expect(dead_code, reason = "the tests of the shell use all of it")]
#[path = "../shell/shell.rs"]
mod shell;
#[expect(dead_code, reason = "the tests of the shell use all of it")]
#[path = "../shell/sound.rs"]
mod sound;
