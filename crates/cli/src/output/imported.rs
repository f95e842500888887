//! What an import found, as people and programs read it.

use std::path::Path;

use desktop::PlacedProblem;
use desktop::import::{LeftOut, Note};
use release::{AudioFormat, Loudness, Release, ReleaseKind, Track, TrackId};
use serde::Serialize;

use super::problems::ProblemJson;
use super::{Terminal, words};

/// An album that was read from folders and files.
pub(crate) struct Album<'a> {
    pub(crate) release: &'a Release,
    pub(crate) path_of: &'a dyn Fn(TrackId) -> Option<&'a Path>,
    pub(crate) left_out: &'a [LeftOut],
    pub(crate) notes: &'a [Note],
    pub(crate) problems: &'a [PlacedProblem],
}

/// An album in `--json`.
#[derive(Debug, Serialize)]
pub(crate) struct AlbumJson<'a> {
    title: String,
    artist: String,
    kind: ReleaseKind,
    label: &'a str,
    upc: String,
    artwork: Option<ArtworkJson>,
    tracks: Vec<TrackJson>,
    left_out: Vec<LeftOutJson>,
    notes: Vec<NoteJson>,
    problems: Vec<ProblemJson<'a>>,
}

#[derive(Debug, Serialize)]
struct ArtworkJson {
    width: u32,
    height: u32,
    bytes: u64,
}

#[derive(Debug, Serialize)]
struct TrackJson {
    disc: u32,
    number: u32,
    title: String,
    artist: String,
    isrc: String,
    path: Option<String>,
    master: Option<MasterJson>,
}

#[derive(Debug, Serialize)]
struct MasterJson {
    bytes: u64,
    sha256: String,
    format: AudioFormat,
    seconds: f64,
    loudness: Loudness,
}

/// A file that is not used, in `--json`.
#[derive(Debug, Serialize)]
struct LeftOutJson {
    path: String,
    code: &'static str,
    message: String,
    help: &'static str,
    trouble: bool,
}

/// Something to look at, in `--json`.
#[derive(Debug, Serialize)]
struct NoteJson {
    message: String,
    help: String,
}

impl Album<'_> {
    /// The title, the artist, and a line a track.
    pub(crate) fn say(&self, terminal: &Terminal) {
        let release = self.release;
        terminal.say(format_args!(
            "{}, {}, {}",
            heading(&release.display_title(), &release.display_artist()),
            release.kind(),
            words::count(release.tracks.len(), "track")
        ));
        let several_discs = release.tracks.iter().any(|track| track.disc > 1);
        for track in &release.tracks {
            let number =
                if several_discs { format!("{}-{}", track.disc, track.number) } else { track.number.to_string() };
            let facts = match &track.master {
                Some(master) => format!(
                    "{:>5}  {}, {}",
                    words::length(master.facts.seconds()),
                    words::format(&master.facts.format),
                    words::loudness(&master.loudness)
                ),
                None => "no sound".to_owned(),
            };
            terminal.say(format_args!("{number:>4}  {:<28}  {facts}", words::short(&track.display_title())));
        }
    }

    /// What is not used and what to look at, then the problems.
    pub(crate) fn remark(&self, terminal: &Terminal) {
        for left_out in self.left_out {
            terminal.remark(format_args!(
                "  {:<8} {left_out}",
                if left_out.reason.is_trouble() { "left out" } else { "unused" }
            ));
            if !left_out.reason.help().is_empty() {
                terminal.remark(format_args!("  {:<8} {}", "", left_out.reason.help()));
            }
        }
        for note in self.notes {
            terminal.remark(format_args!("  {:<8} {note} {}", "note", note.help()));
        }
        super::problems::remark(terminal, self);
    }
}

impl<'a> From<&Album<'a>> for AlbumJson<'a> {
    fn from(album: &Album<'a>) -> Self {
        let release = album.release;
        Self {
            title: release.display_title(),
            artist: release.display_artist(),
            kind: release.kind(),
            label: &release.label,
            upc: release.upc.text(),
            artwork: release.artwork.as_ref().map(|artwork| ArtworkJson {
                width: artwork.width,
                height: artwork.height,
                bytes: artwork.asset.bytes,
            }),
            tracks: release.tracks.iter().map(|track| track_json(album, track)).collect(),
            left_out: album.left_out.iter().map(left_out_json).collect(),
            notes: album.notes.iter().map(|note| NoteJson { message: note.to_string(), help: note.help() }).collect(),
            problems: album.problems.iter().map(|placed| ProblemJson::new(album, placed)).collect(),
        }
    }
}

/// `Title by Artist`, with words for what is missing.
pub(crate) fn heading(title: &str, artist: &str) -> String {
    let title = if title.is_empty() { "Untitled" } else { title };
    if artist.is_empty() { title.to_owned() } else { format!("{title} by {artist}") }
}

fn track_json(album: &Album<'_>, track: &Track) -> TrackJson {
    TrackJson {
        disc: track.disc,
        number: track.number,
        title: track.display_title(),
        artist: album.release.track_artist(track),
        isrc: track.isrc.text(),
        path: (album.path_of)(track.id).map(|path| path.display().to_string()),
        master: track.master.as_ref().map(|master| MasterJson {
            bytes: master.asset.bytes,
            sha256: master.asset.sha256.to_string(),
            format: master.facts.format.clone(),
            seconds: master.facts.seconds(),
            loudness: master.loudness,
        }),
    }
}

fn left_out_json(left_out: &LeftOut) -> LeftOutJson {
    LeftOutJson {
        path: left_out.path.display().to_string(),
        code: left_out.reason.code(),
        message: left_out.to_string(),
        help: left_out.reason.help(),
        trouble: left_out.reason.is_trouble(),
    }
}
