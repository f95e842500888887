//! What renditions are made of a master. Profiles are data: a version that changes makes every recipe anew.

/// A kind of rendition.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// The name that people and recipes use.
    pub name: &'static str,
    /// Grows whenever the bytes that come out would change.
    pub version: u32,
    /// The usual extension of its files, without a dot.
    pub extension: &'static str,
    /// How the sound is coded.
    pub encoding: Encoding,
    /// Frames a second.
    pub rate: Rate,
    /// The part of the master that is taken; all of it where there is none.
    pub excerpt: Option<Excerpt>,
    /// Whether the format has a place for the picture.
    pub picture: bool,
}

/// How a rendition's sound is coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// FLAC at the master's depth; a floating-point master becomes 24 bit with TPDF dither.
    Flac {
        /// libFLAC's compression level, 0 to 8.
        level: u8,
    },
    /// PCM in WAV, with TPDF dither where the depth shrinks.
    Wav {
        /// Bits a sample.
        bits: u8,
    },
    /// MPEG-1 layer III at a constant bit rate.
    Mp3 {
        /// Kilobits a second.
        kbps: u16,
    },
}

/// The sample rate of a rendition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rate {
    /// The master's own.
    Master,
    /// This one, in Hz.
    Fixed(u32),
}

/// A part of the master, faded at both ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Excerpt {
    /// Its length; shorter where the master ends before.
    pub milliseconds: u64,
    /// The fade at its start.
    pub fade_in_ms: u64,
    /// The fade at its end.
    pub fade_out_ms: u64,
}

/// Lossless, at the master's own rate and depth.
pub const FLAC: Profile = Profile {
    name: "flac",
    version: 1,
    extension: "flac",
    encoding: Encoding::Flac { level: 5 },
    rate: Rate::Master,
    excerpt: None,
    picture: true,
};

/// As on a compact disc.
pub const WAV_16_44: Profile = Profile {
    name: "wav-16-44",
    version: 1,
    extension: "wav",
    encoding: Encoding::Wav { bits: 16 },
    rate: Rate::Fixed(44_100),
    excerpt: None,
    picture: false,
};

/// For stores and players that want MP3.
pub const MP3_320: Profile = Profile {
    name: "mp3-320",
    version: 1,
    extension: "mp3",
    encoding: Encoding::Mp3 { kbps: 320 },
    rate: Rate::Fixed(44_100),
    excerpt: None,
    picture: true,
};

/// Thirty seconds to listen in.
pub const PREVIEW: Profile = Profile {
    name: "preview",
    version: 1,
    extension: "mp3",
    encoding: Encoding::Mp3 { kbps: 128 },
    rate: Rate::Fixed(44_100),
    excerpt: Some(Excerpt { milliseconds: 30_000, fade_in_ms: 500, fade_out_ms: 1_500 }),
    picture: true,
};

/// Every profile, in the order in which they are shown.
pub const ALL: [&Profile; 4] = [&FLAC, &WAV_16_44, &MP3_320, &PREVIEW];

/// The profile of a name.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static Profile> {
    ALL.into_iter().find(|profile| profile.name == name)
}
