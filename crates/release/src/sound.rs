use serde::{Deserialize, Serialize, Serializer};

/// How a file holds sound, by its content.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AudioFormat {
    /// The file's format.
    pub container: Container,
    /// How the samples are coded in it.
    pub codec: Codec,
    /// Frames a second, in Hz.
    pub sample_rate: u32,
    /// Bits a sample; none for a lossy codec, which has none.
    pub bit_depth: Option<u8>,
    /// Channels.
    pub channels: u16,
}

/// A file format that holds sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names are the formats' own")]
pub enum Container {
    Wav,
    Rf64,
    Aiff,
    Caf,
    Flac,
    Mp4,
    Mp3,
    Adts,
    Ogg,
}

/// A way of coding samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names are the codecs' own")]
pub enum Codec {
    /// Integer samples.
    Pcm,
    /// Floating-point samples.
    PcmFloat,
    Flac,
    Alac,
    Mp3,
    Aac,
    Vorbis,
    /// A compressed form of PCM that loses something (A-law, µ-law, ADPCM), or a codec that is not known.
    OtherLossy,
}

impl Codec {
    /// Whether decoding gives back exactly what was coded.
    #[must_use]
    pub fn is_lossless(self) -> bool {
        matches!(self, Self::Pcm | Self::PcmFloat | Self::Flac | Self::Alac)
    }
}

/// What was found by decoding a file from end to end.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AudioFacts {
    /// How the file holds its sound.
    pub format: AudioFormat,
    /// Frames (samples a channel) that were decoded.
    pub frames: u64,
    /// Frames that the header promises, where it promises any.
    pub declared_frames: Option<u64>,
    /// Packets that could not be decoded and were left out.
    pub undecodable_packets: u64,
}

impl AudioFacts {
    /// Length in seconds.
    #[must_use]
    pub fn seconds(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "2^53 frames are a thousand years")]
        let frames = self.frames as f64;
        frames / f64::from(self.format.sample_rate)
    }

    /// Whether the file ends before the length that it declares.
    #[must_use]
    pub fn is_truncated(&self) -> bool {
        self.declared_frames.is_some_and(|declared| self.frames < declared)
    }
}

/// How loud a recording is (EBU R 128, ITU-R BS.1770-4). None where there is only silence. Stored to the thousandth.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Loudness {
    /// Integrated loudness in LUFS.
    #[serde(serialize_with = "thousandths")]
    pub integrated_lufs: Option<f64>,
    /// The highest true peak of all channels, in dBTP.
    #[serde(serialize_with = "thousandths")]
    pub true_peak_dbtp: Option<f64>,
    /// The highest sample of all channels, in dBFS.
    #[serde(serialize_with = "thousandths")]
    pub sample_peak_dbfs: Option<f64>,
}

/// A number of so few digits is read back as it was written, by every reader, so that a stored release has one hash.
fn thousandths<S: Serializer>(value: &Option<f64>, serializer: S) -> Result<S::Ok, S::Error> {
    // Beyond this, no number of a file means a loudness.
    value.filter(|value| value.abs() < 1e6).map(|value| (value * 1000.0).round() / 1000.0).serialize(serializer)
}
