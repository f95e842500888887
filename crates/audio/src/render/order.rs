use std::path::PathBuf;
use std::time::Duration;

use release::{AudioFacts, Loudness, Profile, Tags};
use serde::{Deserialize, Serialize};

use crate::{Note, Picture};

/// A rendition that is wanted.
#[derive(Debug, Clone)]
pub struct Order<'a> {
    /// What kind.
    pub profile: &'a Profile,
    /// What is written in its tags.
    pub tags: &'a Tags,
    /// Its picture; left out where the profile has no place for one.
    pub picture: Option<Picture<'a>>,
    /// Where an excerpt starts. It starts earlier where the master would end before the excerpt does.
    pub preview_start: Duration,
    /// The file that is written; one that is there is replaced.
    pub path: PathBuf,
}

/// What came of a master.
#[derive(Debug, Clone, PartialEq)]
pub struct Rendered {
    /// The master's facts, as decoded.
    pub facts: AudioFacts,
    /// The master's loudness.
    pub loudness: Loudness,
    /// In the order of the orders.
    pub renditions: Vec<Rendition>,
}

/// What came of an order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rendition {
    /// Size of the file.
    pub bytes: u64,
    /// Frames a second, in Hz.
    pub sample_rate: u32,
    /// Bits a sample; none for a lossy codec.
    pub bit_depth: Option<u8>,
    /// Channels.
    pub channels: u16,
    /// Frames that a gapless decoder gives back.
    pub frames: u64,
    /// Loudness of what went into the encoder.
    pub loudness: Loudness,
    /// Whether TPDF dither was added.
    pub dithered: bool,
    /// What a person should know about it.
    pub notes: Vec<Note>,
}
