//! Drafts to test with.

use std::path::Path;

use jiff::Timestamp;
use release::{
    Artwork, Asset, AudioFacts, AudioFormat, Codec, ColourModel, Container, Crc64, Field, FieldName, ImageFormat,
    Loudness, Master, Release, ReleaseId, Sha256, Track, TrackId,
};
use upload::digest::FileDigest;

use super::{Draft, SourceFile};
use crate::import::{FileIdentity, Origin};

/// An id that no other call of a test makes.
pub(crate) fn track_id(number: u128) -> TrackId {
    TrackId::new(Timestamp::UNIX_EPOCH, number)
}

/// An empty draft of a folder.
pub(crate) fn draft(id: u128, folder: &str) -> Draft {
    let mut draft = Draft::of_delivered(Release::new(ReleaseId::new(Timestamp::UNIX_EPOCH, id)));
    draft.sources = vec![folder.into()];
    draft
}

/// Adds a track to a draft as an import does: file, bytes, title from the file's tags.
pub(crate) fn add_track(draft: &mut Draft, id: u128, number: u32, path: &str, bytes: &[u8], title: &str) {
    let id = track_id(id);
    let digest = FileDigest::of(bytes);
    let mut track = Track::new(id, 1, number);
    track.title = title.to_owned();
    track.master = Some(master(&digest));
    draft.origins.insert(Field::of_track(id, FieldName::Title), Origin::Tags);
    draft.release.tracks.push(track);
    draft.files.insert(id, source_file(path.as_ref(), digest));
}

pub(crate) fn source_file(path: &Path, digest: FileDigest) -> SourceFile {
    let identity = FileIdentity { bytes: digest.bytes, modified_ns: 1, device: 1, inode: 1 };
    SourceFile { path: path.to_owned(), identity, digest }
}

fn master(digest: &FileDigest) -> Master {
    let format = AudioFormat {
        container: Container::Wav,
        codec: Codec::Pcm,
        sample_rate: 44_100,
        bit_depth: Some(16),
        channels: 2,
    };
    Master {
        asset: Asset {
            sha256: Sha256(digest.sha256),
            crc64: Crc64(digest.crc64),
            bytes: digest.bytes,
            extension: "wav".to_owned(),
        },
        facts: AudioFacts { format, frames: 44_100, declared_frames: Some(44_100), undecodable_packets: 0 },
        loudness: Loudness::default(),
    }
}

/// What an import finds in a file.
pub(crate) fn analysis() -> audio::Analysis {
    let master = master(&FileDigest::of(b"any"));
    let waveform = audio::Waveform { frames_per_bin: 16, bins: vec![audio::Bin { min: -0.25, max: 0.5, rms: 0.125 }] };
    audio::Analysis { facts: master.facts, loudness: master.loudness, waveform }
}

/// A picture that stores take, as far as its numbers go.
pub(crate) fn artwork(file: &SourceFile) -> Artwork {
    Artwork {
        asset: Asset {
            sha256: Sha256(file.digest.sha256),
            crc64: Crc64(file.digest.crc64),
            bytes: file.digest.bytes,
            extension: "png".to_owned(),
        },
        format: ImageFormat::Png,
        width: 3000,
        height: 3000,
        colour: ColourModel::Rgb,
        alpha: false,
        unreadable: None,
    }
}
