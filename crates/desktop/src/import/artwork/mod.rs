//! The picture of a release: which file or tag it is taken from, and what it is.

mod choose;
mod header;
mod picture;

use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;

use release::{Artwork, Asset, Container, Crc64, ImageFormat, Sha256};
use upload::digest::{DigestingReader, FileDigest};

use self::picture::Look;
use super::scan::{self, PictureFile};
use super::{ArtworkFile, ArtworkPlace, LeftOut, PictureError, Reason, read, sniff};

/// A sound file with a picture in its tags, in the order of the release.
#[derive(Debug, Clone, Copy)]
pub(super) struct Embedded<'a> {
    pub(super) path: &'a Path,
    pub(super) container: Container,
    pub(super) picture: Sha256,
}

/// Finds the artwork among the pictures that were found, or else in the tags. Says why each other picture is not used.
pub(super) fn find(
    pictures: &[PictureFile],
    embedded: &[Embedded<'_>],
    left_out: &mut Vec<LeftOut>,
) -> Option<ArtworkFile> {
    let chosen = choose::file(pictures);
    let mut found = None;
    if let Some(index) = chosen {
        let path = &pictures[index].path;
        match of_file(path) {
            Ok(artwork) => found = Some(artwork),
            Err(reason) => left_out.push(LeftOut { path: path.clone(), reason }),
        }
    }
    if found.is_none() {
        found = choose::embedded(embedded).and_then(|index| of_tags(&embedded[index]));
    }
    let used = found.as_ref().map(|artwork| match &artwork.place {
        ArtworkPlace::File { path, .. } | ArtworkPlace::Embedded { path, .. } => path.clone(),
    });
    for (_, picture) in pictures.iter().enumerate().filter(|(index, _)| chosen != Some(*index)) {
        let reason = match &used {
            // The tags' picture stands in only because no file's name says that it is the artwork.
            Some(used) if chosen.is_some() => Reason::AnotherPicture { used: used.clone() },
            _ => Reason::UnclearPicture,
        };
        left_out.push(LeftOut { path: picture.path.clone(), reason });
    }
    found
}

/// Reads a picture that somebody chose.
pub(super) fn read_chosen(path: &Path) -> Result<ArtworkFile, PictureError> {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    of_file(&path).map_err(|reason| PictureError { path, reason })
}

fn of_file(path: &Path) -> Result<ArtworkFile, Reason> {
    let (file, identity) = scan::open(path)?;
    if identity.bytes == 0 {
        return Err(Reason::Empty);
    }
    let mut head = Vec::new();
    (&file).take(sniff::HEAD as u64).read_to_end(&mut head).map_err(|error| scan::reason(&error))?;
    let sniff::Content::Picture(format) = sniff::content(&head) else { return Err(Reason::NotAPicture) };
    (&file).seek(SeekFrom::Start(0)).map_err(|error| scan::reason(&error))?;
    let mut source = DigestingReader::new(&file);
    let look = picture::look(&mut source, format, identity.bytes);
    let digest = source.finish().map_err(|error| scan::reason(&error))?;
    read::check_unchanged(path, &identity)?;
    let place = ArtworkPlace::File { path: path.to_path_buf(), identity };
    Ok(ArtworkFile { artwork: artwork(&digest, format, look), digest, place })
}

fn of_tags(embedded: &Embedded<'_>) -> Option<ArtworkFile> {
    let bytes = read::read_picture(embedded.path, embedded.container)?;
    let sniff::Content::Picture(format) = sniff::content(&bytes) else { return None };
    let look = picture::look(&mut std::io::Cursor::new(&bytes), format, bytes.len() as u64);
    let digest = FileDigest::of(&bytes);
    let place = ArtworkPlace::Embedded { path: embedded.path.to_path_buf(), bytes };
    Some(ArtworkFile { artwork: artwork(&digest, format, look), digest, place })
}

fn artwork(digest: &FileDigest, format: ImageFormat, look: Look) -> Artwork {
    let extension = match format {
        ImageFormat::Jpeg => "jpg",
        ImageFormat::Png => "png",
        ImageFormat::Tiff => "tif",
        ImageFormat::Gif => "gif",
        ImageFormat::Webp => "webp",
        ImageFormat::Bmp => "bmp",
        ImageFormat::Unknown => "bin",
    };
    let asset = Asset {
        sha256: Sha256(digest.sha256),
        crc64: Crc64(digest.crc64),
        bytes: digest.bytes,
        extension: extension.to_owned(),
    };
    let Look { width, height, colour, alpha, unreadable } = look;
    Artwork { asset, format, width, height, colour, alpha, unreadable }
}
