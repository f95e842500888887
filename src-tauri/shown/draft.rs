use std::collections::BTreeMap;

use desktop::{DraftView, PlacedProblem};
use release::{AudioFormat, Codec, Container, Field, FieldName, Loudness, Track};
use serde::{Deserialize, Serialize};
use specta::Type;
use specta_typescript::Number;

use super::Notice;
use super::index::Standing;

/// A draft from inside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Draft {
    pub(crate) id: String,
    #[specta(type = Number)]
    pub(crate) revision: u64,
    /// The title with its version; perhaps empty.
    pub(crate) title: String,
    pub(crate) artist: String,
    /// What it is: `single`, `ep`, `album`; and whether somebody said so.
    pub(crate) kind: String,
    #[specta(type = Number)]
    pub(crate) milliseconds: u64,
    /// Folders and files that it was made of.
    pub(crate) sources: Vec<String>,
    /// The release's fields by their names (`title`, `release_date`, …); every text field that a release has is there.
    pub(crate) fields: BTreeMap<String, Value>,
    /// In order of disc and number.
    pub(crate) tracks: Vec<DraftTrack>,
    pub(crate) artwork: Option<DraftArtwork>,
    /// What is missing, wrong or unwise, in the order of the screen.
    pub(crate) problems: Vec<Problem>,
    /// What a person should look at in what was found.
    pub(crate) notes: Vec<Notice>,
    /// What was found and is not used.
    pub(crate) left_out: Vec<LeftOut>,
    /// Titles of tracks whose files were gone when the folder was last read.
    pub(crate) absent: Vec<String>,
    /// What would be undone and redone: "title of track 3".
    pub(crate) undo: Option<String>,
    pub(crate) redo: Option<String>,
    /// Why it cannot be queued now; null where it can be.
    pub(crate) not_queueable: Option<String>,
    pub(crate) handed: super::desk::Handed,
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
pub(crate) struct Value {
    pub(crate) text: String,
    /// Where it comes from; null where there is none.
    pub(crate) origin: Option<Origin>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Origin {
    Name,
    Tags,
    Sheet,
    Hand,
}

/// A track of a draft.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DraftTrack {
    pub(crate) id: String,
    pub(crate) disc: u32,
    pub(crate) number: u32,
    /// Its fields by their names (`title`, `isrc`, …); those that are empty are left out.
    pub(crate) fields: BTreeMap<String, Value>,
    /// The line under its title: its own artists, or the release's.
    pub(crate) artist: String,
    pub(crate) master: Option<DraftMaster>,
}

/// The file of a track.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DraftMaster {
    pub(crate) path: String,
    #[specta(type = Number)]
    pub(crate) bytes: u64,
    pub(crate) sound: Sound,
    #[specta(type = Number)]
    pub(crate) preview_start_ms: u64,
}

/// How sound is held, and how loud it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Sound {
    /// Words: `WAV`, `FLAC`, `MP3`.
    pub(crate) format: String,
    pub(crate) sample_rate: u32,
    pub(crate) bit_depth: Option<u8>,
    pub(crate) channels: u16,
    #[specta(type = Number)]
    pub(crate) milliseconds: u64,
    /// LUFS; null where there is only silence.
    #[specta(type = Option<Number>)]
    pub(crate) loudness: Option<f64>,
    /// dBTP.
    #[specta(type = Option<Number>)]
    pub(crate) true_peak: Option<f64>,
}

/// The picture of a draft.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
pub(crate) struct DraftArtwork {
    /// Its address; `?size=N` is appended by the page.
    pub(crate) picture: String,
    pub(crate) path: Option<String>,
    /// Words: `JPEG`, `PNG`.
    pub(crate) format: String,
    pub(crate) width: u32,
    pub(crate) height: u32,
    #[specta(type = Number)]
    pub(crate) bytes: u64,
    /// Why it cannot be shown, where that is so.
    pub(crate) unreadable: Option<String>,
}

/// Something that is missing, wrong or unwise, and where.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
pub(crate) struct Problem {
    pub(crate) severity: Severity,
    /// The field's name.
    pub(crate) field: String,
    /// The track; null for the release itself.
    pub(crate) track: Option<String>,
    /// Where, in words: `Release`, `Track 3 "Night Bus"`.
    pub(crate) place: String,
    /// The rule's name: `isrc-twice`.
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) help: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Severity {
    Hint,
    Warning,
    Error,
}

/// A file that is not used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
pub(crate) struct LeftOut {
    pub(crate) path: String,
    pub(crate) reason: String,
}

/// A text to be put into a field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
pub(crate) struct Edit {
    /// The track; null for the release itself.
    pub(crate) track: Option<String>,
    /// The field's name.
    pub(crate) field: String,
    pub(crate) text: String,
}

impl Draft {
    pub(super) fn of(view: &DraftView, standing: Standing, revision: u64) -> Self {
        let draft = &view.draft;
        let release = &draft.release;
        let path = |path: &std::path::PathBuf| path.display().to_string();
        let masters = release.tracks.iter().filter_map(|track| track.master.as_ref());
        Self {
            id: release.id.to_string(),
            revision,
            title: release.display_title(),
            artist: release.display_artist(),
            kind: release.kind().to_string().to_lowercase(),
            milliseconds: masters.map(|master| milliseconds(master.facts.seconds())).sum(),
            sources: draft.sources.iter().map(path).collect(),
            fields: FieldName::ALL
                .iter()
                .filter(|name| name.is_of_release() && name.is_text())
                .map(|name| (name.to_string(), Value::of(view, Field::of_release(*name))))
                .collect(),
            tracks: release.tracks.iter().map(|track| DraftTrack::of(view, track)).collect(),
            artwork: DraftArtwork::of(view),
            problems: view.problems.iter().map(Problem::of).collect(),
            notes: draft
                .notes
                .iter()
                .map(|note| Notice { code: "note".to_owned(), message: note.to_string(), help: note.help() })
                .collect(),
            left_out: draft
                .left_out
                .iter()
                .map(|left| LeftOut { path: path(&left.path), reason: left.reason.to_string() })
                .collect(),
            absent: draft.absent.iter().map(|absent| absent.track.display_title()).collect(),
            undo: view.undo.clone(),
            redo: view.redo.clone(),
            not_queueable: standing.not_queueable(view),
            handed: standing.handed,
        }
    }
}

impl Value {
    fn of(view: &DraftView, field: Field) -> Self {
        let origin = view.draft.origins.get(&field).map(|origin| match origin {
            desktop::import::Origin::Name => Origin::Name,
            desktop::import::Origin::Tags => Origin::Tags,
            desktop::import::Origin::Sheet => Origin::Sheet,
            desktop::import::Origin::Hand => Origin::Hand,
        });
        Self { text: view.draft.release.text(field), origin }
    }

    fn is_empty(&self) -> bool {
        self.text.is_empty() && self.origin.is_none()
    }
}

impl DraftTrack {
    fn of(view: &DraftView, track: &Track) -> Self {
        let texts = FieldName::ALL.iter().filter(|name| name.is_of_track() && name.is_text());
        let values = texts.map(|name| (name.to_string(), Value::of(view, Field::of_track(track.id, *name))));
        Self {
            id: track.id.to_string(),
            disc: track.disc,
            number: track.number,
            fields: values.filter(|(_, value)| !value.is_empty()).collect(),
            artist: view.draft.release.track_artist(track),
            master: DraftMaster::of(view, track),
        }
    }
}

impl DraftMaster {
    fn of(view: &DraftView, track: &Track) -> Option<Self> {
        let master = track.master.as_ref()?;
        let file = view.draft.files.get(&track.id);
        Some(Self {
            path: file.map(|file| file.path.display().to_string()).unwrap_or_default(),
            bytes: master.asset.bytes,
            sound: Sound::of_master(master),
            preview_start_ms: track.preview_start_ms,
        })
    }
}

impl Sound {
    pub(super) fn of_master(master: &release::Master) -> Self {
        let AudioFormat { sample_rate, bit_depth, channels, .. } = master.facts.format;
        let Loudness { integrated_lufs, true_peak_dbtp, .. } = master.loudness;
        Self {
            format: format_in_words(&master.facts.format).to_owned(),
            sample_rate,
            bit_depth,
            channels,
            milliseconds: milliseconds(master.facts.seconds()),
            loudness: integrated_lufs,
            true_peak: true_peak_dbtp,
        }
    }
}

/// What people call a file of a format.
fn format_in_words(format: &AudioFormat) -> &'static str {
    match (format.container, format.codec) {
        (Container::Wav, _) => "WAV",
        (Container::Rf64, _) => "RF64",
        (Container::Aiff, _) => "AIFF",
        (_, Codec::Alac) => "ALAC",
        (Container::Caf, _) => "CAF",
        (Container::Flac, _) => "FLAC",
        (Container::Mp3, _) => "MP3",
        (Container::Mp4 | Container::Adts, _) => "AAC",
        (Container::Ogg, _) => "Ogg Vorbis",
    }
}

/// A length in milliseconds.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "lengths are positive, and short of 2^53 ms"
)]
pub(super) fn milliseconds(seconds: f64) -> u64 {
    (seconds * 1000.0).round() as u64
}

impl DraftArtwork {
    fn of(view: &DraftView) -> Option<Self> {
        let release = &view.draft.release;
        let artwork = release.artwork.as_ref()?;
        Some(Self {
            picture: super::picture::of_draft(release)?,
            path: view.draft.artwork.as_ref().map(|file| file.path.display().to_string()),
            format: match artwork.format {
                release::ImageFormat::Jpeg => "JPEG",
                release::ImageFormat::Png => "PNG",
                release::ImageFormat::Tiff => "TIFF",
                release::ImageFormat::Gif => "GIF",
                release::ImageFormat::Webp => "WebP",
                release::ImageFormat::Bmp => "BMP",
                release::ImageFormat::Unknown => "",
            }
            .to_owned(),
            width: artwork.width,
            height: artwork.height,
            bytes: artwork.asset.bytes,
            unreadable: artwork.unreadable.clone(),
        })
    }
}

impl Problem {
    fn of(placed: &PlacedProblem) -> Self {
        let problem = &placed.problem;
        Self {
            severity: match problem.severity {
                release::Severity::Hint => Severity::Hint,
                release::Severity::Warning => Severity::Warning,
                release::Severity::Error => Severity::Error,
            },
            field: problem.field.name.to_string(),
            track: problem.field.track.map(|track| track.to_string()),
            place: placed.place.clone(),
            code: problem.code.clone().into_owned(),
            message: problem.message.clone(),
            help: problem.help.clone(),
        }
    }
}
