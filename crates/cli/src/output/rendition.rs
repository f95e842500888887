//! A rendition's file, as people and programs read it.

use std::fmt::Display;

use audio::Rendition;
use release::Loudness;
use serde::Serialize;

use super::{Terminal, words};

/// A rendition in `--json`.
#[derive(Debug, Serialize)]
pub(crate) struct RenditionJson<'a> {
    profile: &'a str,
    path: Option<String>,
    bytes: u64,
    sample_rate: u32,
    bit_depth: Option<u8>,
    channels: u16,
    frames: u64,
    loudness: &'a Loudness,
    dithered: bool,
    notes: Vec<String>,
}

impl<'a> RenditionJson<'a> {
    /// `path` is none where the rendition is no file of this machine.
    pub(crate) fn new(profile: &'a str, path: Option<String>, made: &'a Rendition) -> Self {
        Self {
            profile,
            path,
            bytes: made.bytes,
            sample_rate: made.sample_rate,
            bit_depth: made.bit_depth,
            channels: made.channels,
            frames: made.frames,
            loudness: &made.loudness,
            dithered: made.dithered,
            notes: made.notes.iter().map(ToString::to_string).collect(),
        }
    }
}

/// A line: what was asked for, what came of it, and where it is; then what a person should know about it.
pub(crate) fn say(terminal: &Terminal, profile: &str, place: impl Display, made: &Rendition, indent: &str) {
    terminal.say(format_args!(
        "{indent}{profile:<10} {:<16} {:>8}  {:<24} {place}",
        words::resolution(made.sample_rate, made.bit_depth),
        words::bytes(made.bytes),
        words::loudness(&made.loudness),
    ));
    for note in &made.notes {
        terminal.say(format_args!("{indent}{:<10} {note}", ""));
    }
}
