//! The album as files.

use std::io;
use std::path::{Path, PathBuf};

use audio::AudioError;
use audio::encode::{FlacFile, Spec, WavFile};
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder as _, ImageResult};
use lofty::config::{ParseOptions, WriteOptions};
use lofty::file::AudioFile as _;
use release::Tag;
use thiserror::Error;

use crate::album::{File, PIECES, Piece};
use crate::artwork::draw;
use crate::sound::Sound;

const BITS: u8 = 24;
/// Nothing to warn of, in iTunes' numbers.
const ADVISORY: (&str, &str) = ("ITUNESADVISORY", "0");
const PICTURE: &str = "cover.jpg";
/// Width and height in pixels.
const PICTURE_SIDE: u32 = 3_000;
const PICTURE_QUALITY: u8 = 95;
const LICENCE: &str = include_str!("licence.txt");

/// Why the album could not be written.
#[derive(Debug, Error)]
pub enum WriteError {
    /// A file or folder could not be made.
    #[error("could not write {path}: {source}", path = path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A track could not be encoded.
    #[error(transparent)]
    Audio(#[from] AudioError),
    /// The tags could not be added.
    #[error("could not write the tags of {path}: {reason}", path = path.display())]
    Tags {
        /// The track.
        path: PathBuf,
        /// What the writer of tags says.
        reason: String,
    },
    /// The picture could not be coded.
    #[error("could not code the picture: {0}")]
    Picture(#[from] image::ImageError),
}

/// Composes the album into a folder, which is made where it is missing, and names the files.
///
/// # Errors
/// Where a file cannot be written.
pub fn write(folder: &Path) -> Result<Vec<PathBuf>, WriteError> {
    std::fs::create_dir_all(folder).map_err(|source| WriteError::Io { path: folder.to_owned(), source })?;
    let mut written = Vec::new();
    for (number, piece) in (1..).zip(&PIECES) {
        let path = folder.join(piece.file_name(number));
        write_piece(&path, piece, number)?;
        written.push(path);
    }
    for (name, bytes) in [(PICTURE, picture()?), ("LICENSE.txt", LICENCE.as_bytes().to_vec())] {
        let path = folder.join(name);
        std::fs::write(&path, bytes).map_err(|source| WriteError::Io { path: path.clone(), source })?;
        written.push(path);
    }
    Ok(written)
}

/// The picture as a file.
fn picture() -> ImageResult<Vec<u8>> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, PICTURE_QUALITY).write_image(
        &draw(PICTURE_SIDE),
        PICTURE_SIDE,
        PICTURE_SIDE,
        ExtendedColorType::Rgb8,
    )?;
    Ok(bytes)
}

fn write_piece(path: &Path, piece: &Piece, number: usize) -> Result<(), WriteError> {
    let samples = samples(&(piece.compose)(f64::from(piece.sample_rate)));
    let spec = Spec { sample_rate: piece.sample_rate, channels: 2, bits: BITS };
    let tags = piece.tags(number);
    match piece.file {
        File::Flac => {
            let mut file = FlacFile::create(path, spec, 8, &tags, None)?;
            file.write(&samples)?;
            file.finish()?;
        }
        File::Wav => {
            let mut file = WavFile::create_with_id3(path, spec, &tags, None)?;
            file.write(&samples)?;
            file.finish()?;
        }
    }
    add_what_renditions_do_not_carry(path, piece.file, tags.get(Tag::PLine).unwrap_or_default())
        .map_err(|error| WriteError::Tags { path: path.to_owned(), reason: error.to_string() })
}

/// A master also says whether it is explicit, and in FLAC, whose comments have no usual name for it, who owns it.
fn add_what_renditions_do_not_carry(path: &Path, file: File, p_line: &str) -> Result<(), Box<dyn std::error::Error>> {
    let mut bytes = std::fs::File::open(path)?;
    match file {
        File::Flac => {
            let mut flac = lofty::flac::FlacFile::read_from(&mut bytes, ParseOptions::new())?;
            if let Some(comments) = flac.vorbis_comments_mut() {
                // Without the version of the program: the files stay the same from one to the next.
                comments.set_vendor("Lacquer".to_owned());
                comments.push("PRODUCTIONCOPYRIGHT".to_owned(), p_line.to_owned());
                comments.push(ADVISORY.0.to_owned(), ADVISORY.1.to_owned());
            }
            flac.save_to_path(path, WriteOptions::new())?;
        }
        File::Wav => {
            let mut wav = lofty::iff::wav::WavFile::read_from(&mut bytes, ParseOptions::new())?;
            if let Some(id3) = wav.id3v2_mut() {
                id3.insert_user_text(ADVISORY.0.to_owned(), ADVISORY.1.to_owned());
            }
            wav.save_to_path(path, WriteOptions::new())?;
        }
    }
    Ok(())
}

/// The sound as interleaved samples of 24 bits, each rounded to the nearest.
#[expect(clippy::cast_possible_truncation, reason = "a master stays within bounds")]
pub(crate) fn samples(sound: &Sound) -> Vec<i32> {
    let full_scale = f64::from(1 << (BITS - 1));
    let limits = (-full_scale, full_scale - 1.0);
    sound.frames.iter().flatten().map(|x| (x * full_scale + 0.5).floor().clamp(limits.0, limits.1) as i32).collect()
}
