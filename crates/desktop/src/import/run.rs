use std::collections::BTreeMap;
use std::path::PathBuf;

use audio::Analysis;
use jiff::Timestamp;
use release::{Asset, Container, Crc64, Field, FieldName, Master, ReleaseId, Sha256, TrackId};
use upload::digest::FileDigest;

use super::artwork::{self, Embedded};
use super::draft::{self, Source};
use super::read::Read;
use super::{
    ArtworkPlace, ImportControl, ImportError, Imported, LeftOut, Note, Origin, Progress, Reason, TrackFile, crew,
    order, scan,
};

/// Makes a draft of files and folders. Blocks until every file is read; see [`ImportControl`].
///
/// Values are taken from tags, then from names, field by field; the release's own are what most files say. Files that
/// cannot be used are left out with their reason and never keep the others from being imported.
///
/// # Errors
/// Where there is nothing to make a draft of, or the caller stops it.
pub fn import(paths: &[PathBuf], control: &ImportControl) -> Result<Imported, ImportError> {
    if paths.is_empty() {
        return Err(ImportError::NothingChosen);
    }
    let scan::Scan { sounds, pictures, left_out } = scan::scan(paths, control)?;
    control.tell(Progress::Found { files: sounds.len(), bytes: sounds.iter().map(|sound| sound.identity.bytes).sum() });
    let results = crew::read_all(&sounds, control)?;
    let mut album = Album { left_out, ..Album::default() };
    for (sound, result) in sounds.into_iter().zip(results) {
        album.add(sound, result);
    }
    album.leave_out_lossy_twins();
    if album.sources.is_empty() {
        album.left_out.sort_by(|a, b| order::paths(&a.path, &b.path));
        return Err(ImportError::NoAudio { paths: paths.to_vec(), left_out: album.left_out });
    }
    Ok(album.into_draft(&pictures))
}

/// What was read.
#[derive(Debug, Default)]
struct Album {
    /// In order of path.
    sources: Vec<Source>,
    /// The file of each source.
    files: Vec<TrackFile>,
    left_out: Vec<LeftOut>,
    notes: Vec<Note>,
}

impl Album {
    fn add(&mut self, sound: scan::Sound, result: Result<Read, Reason>) {
        let scan::Sound { path, root, .. } = sound;
        match result {
            Ok(Read { identity, digest, analysis, mut tags }) => {
                if let Some(why) = tags.trouble.take() {
                    self.notes.push(Note::TagsUnreadable { path: path.clone(), why });
                }
                self.sources.push(Source { path: path.clone(), root, tags });
                self.files.push(TrackFile { path, identity, digest, analysis });
            }
            Err(reason) => self.left_out.push(LeftOut { path, reason }),
        }
    }

    /// A folder of MP3s beside the masters, made from them to listen to, is not a second disc.
    fn leave_out_lossy_twins(&mut self) {
        let is_lossless: Vec<bool> =
            self.files.iter().map(|file| file.analysis.facts.format.codec.is_lossless()).collect();
        // From the end, so that the places of those before stay.
        for (lossy, master) in draft::lossy_twins(&self.sources, &is_lossless).into_iter().rev() {
            let used = self.sources[master].path.clone();
            let Source { path, .. } = self.sources[lossy].clone();
            self.left_out.push(LeftOut { path, reason: Reason::LossyTwin { used } });
        }
        let left_out = &self.left_out;
        let is_kept = |path: &PathBuf| !left_out.iter().any(|left| left.path == *path);
        self.sources.retain(|source| is_kept(&source.path));
        self.files.retain(|file| is_kept(&file.path));
    }

    fn into_draft(self, pictures: &[scan::PictureFile]) -> Imported {
        let Self { sources, files, mut left_out, mut notes } = self;
        let now = Timestamp::now();
        let draft = draft::put_together(&sources, ReleaseId::new(now, random()), || TrackId::new(now, random()));
        let draft::Draft { mut release, mut origins, sources: order, notes: of_draft } = draft;
        notes.extend(of_draft);

        let embedded = order.iter().filter_map(|&source| {
            let container = files[source].analysis.facts.format.container;
            Some(Embedded { path: &sources[source].path, container, picture: sources[source].tags.picture? })
        });
        let artwork = artwork::find(pictures, &embedded.collect::<Vec<_>>(), &mut left_out);
        if let Some(found) = &artwork {
            release.artwork = Some(found.artwork.clone());
            let origin = match found.place {
                ArtworkPlace::File { .. } => Origin::Name,
                ArtworkPlace::Embedded { .. } => Origin::Tags,
            };
            origins.insert(Field::of_release(FieldName::Artwork), origin);
        }

        let mut by_source: BTreeMap<usize, TrackFile> = files.into_iter().enumerate().collect();
        let mut files = BTreeMap::new();
        for (track, source) in release.tracks.iter_mut().zip(order) {
            if let Some(file) = by_source.remove(&source) {
                track.master = Some(master(&file.digest, &file.analysis));
                files.insert(track.id, file);
            }
        }
        left_out.sort_by(|a, b| order::paths(&a.path, &b.path));
        Imported { release, origins, files, artwork, left_out, notes }
    }
}

fn random() -> u128 {
    ulid::Ulid::generate().random()
}

fn master(digest: &FileDigest, analysis: &Analysis) -> Master {
    let extension = match analysis.facts.format.container {
        Container::Wav | Container::Rf64 => "wav",
        Container::Aiff => "aif",
        Container::Caf => "caf",
        Container::Flac => "flac",
        Container::Mp4 => "m4a",
        Container::Mp3 => "mp3",
        Container::Adts => "aac",
        Container::Ogg => "ogg",
    };
    let asset = Asset {
        sha256: Sha256(digest.sha256),
        crc64: Crc64(digest.crc64),
        bytes: digest.bytes,
        extension: extension.to_owned(),
    };
    Master { asset, facts: analysis.facts.clone(), loudness: analysis.loudness }
}
