use std::sync::Arc;

use desktop::{DraftView, ReleaseView, RenditionView, State, TrackView, View};
use release::profile::{self, Encoding, Rate};
use serde::{Deserialize, Serialize};
use specta::Type;
use specta_typescript::Number;

use super::artists::Mail;
use super::draft::{Sound, milliseconds};
use super::index::{Index, staff_and_manager};
use super::releases::{Known, ReleaseRow, ReleaseState, hundredths};

/// A release from inside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Release {
    pub(crate) row: ReleaseRow,
    /// Which try at it, from 1.
    pub(crate) attempt: u32,
    /// Why it failed or was rejected; empty where it was not.
    pub(crate) reasons: Vec<Reason>,
    /// The earliest first.
    pub(crate) timeline: Vec<Moment>,
    pub(crate) tracks: Vec<ReleaseTrack>,
    /// People hear an earlier delivery while this one is on its way.
    pub(crate) earlier_is_live: bool,
    /// E-mail that was written because it went live.
    pub(crate) mails: Vec<Mail>,
    pub(crate) may: May,
    /// What was decided on must be what was seen: goes back with a decision.
    pub(crate) seen: Option<Seen>,
    /// Whether a draft of it is on this desk.
    pub(crate) has_draft: bool,
    /// Main artists, who may be subscribed to.
    pub(crate) credited: Vec<String>,
    /// The IANA time zone of the release date, such as `Europe/Berlin`; null before its manifest was read.
    pub(crate) time_zone: Option<String>,
}

/// What can be done with it now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct May {
    pub(crate) decide: bool,
    pub(crate) withdraw: bool,
    pub(crate) try_again: bool,
    /// Make a draft of it, to be delivered again.
    pub(crate) mend: bool,
}

/// The delivery and the metadata that a person had before them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub(crate) struct Seen {
    pub(crate) delivery: String,
    pub(crate) metadata: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
pub(crate) struct Reason {
    pub(crate) track: Option<String>,
    pub(crate) message: String,
    pub(crate) help: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
pub(crate) struct Moment {
    pub(crate) at: String,
    pub(crate) state: super::releases::ReleaseState,
    pub(crate) what: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReleaseTrack {
    pub(crate) id: String,
    pub(crate) disc: u32,
    pub(crate) number: u32,
    pub(crate) title: String,
    pub(crate) artist: String,
    #[specta(type = Number)]
    pub(crate) milliseconds: u64,
    /// Where in it the preview begins.
    #[specta(type = Number)]
    pub(crate) preview_start_ms: u64,
    /// The master, where it can be heard here.
    pub(crate) master: Option<Sound>,
    /// How far its renditions are, 0 to 1; null where none is being made.
    #[specta(type = Option<Number>)]
    pub(crate) transcoding: Option<f64>,
    pub(crate) failure: Option<Reason>,
    pub(crate) renditions: Vec<Rendition>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Rendition {
    /// The profile's name: `flac`, `wav-16-44`, `mp3-320`, `preview`.
    pub(crate) profile: String,
    /// What it is, in words: `FLAC`, `WAV 16 bit 44.1 kHz`.
    pub(crate) words: String,
    /// What is in it; null until it is made.
    pub(crate) made: Option<Made>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
pub(crate) struct Made {
    #[specta(type = Number)]
    pub(crate) bytes: u64,
    pub(crate) path: Option<String>,
    pub(crate) sound: Sound,
}

impl Release {
    pub(super) fn of(index: &Index<'_>, known: Known<'_>, revision: u64) -> Self {
        let view = index.view;
        let row = ReleaseRow::of(index, known, revision);
        let draft = row.id.parse().ok().and_then(|id| index.draft(id));
        let release = known.release;
        let sending_failed = known.on_its_way.and_then(|one| one.delivery.trouble.as_ref());
        let of_sending = sending_failed.map(|trouble| Reason {
            track: None,
            message: trouble.message.clone(),
            help: trouble.help.clone(),
        });
        let of_cloud = release.filter(|_| known.on_its_way.is_none()).into_iter().flat_map(|release| &release.reasons);
        Self {
            attempt: release.map_or(1, |release| release.attempt),
            reasons: of_sending.into_iter().chain(of_cloud.map(Reason::of)).collect(),
            timeline: release.into_iter().flat_map(|release| &release.timeline).map(Moment::of).collect(),
            tracks: release.map(|release| tracks(view, release)).unwrap_or_default(),
            earlier_is_live: release.is_some_and(|release| {
                let current = known.on_its_way.map_or(release.delivery, |one| one.delivery.id);
                release.listed.as_ref().is_some_and(|listed| listed.delivery != current)
            }),
            mails: release
                .map(|release| view.mails_of(release.key.release).map(Mail::of).collect())
                .unwrap_or_default(),
            may: May::of(release.map(Arc::as_ref), view),
            seen: release.and_then(|release| Seen::of(release)),
            has_draft: draft.is_some(),
            credited: draft.map(|draft| main_artists(draft)).unwrap_or_default(),
            time_zone: None,
            row,
        }
    }

    /// Adds what only the manifest says: the masters, and each track's own artists.
    pub(crate) fn with_delivered(mut self, delivered: &release::Release) -> Self {
        for track in &mut self.tracks {
            let Some(said) = delivered.tracks.iter().find(|one| one.id.to_string() == track.id) else { continue };
            track.artist = delivered.track_artist(said);
            track.preview_start_ms = said.preview_start_ms;
            track.master = said.master.as_ref().map(Sound::of_master);
        }
        self.time_zone = Some(delivered.time_zone.clone());
        self.credited = delivered.main_artists().map(ToOwned::to_owned).collect();
        self
    }
}

fn main_artists(draft: &DraftView) -> Vec<String> {
    draft.draft.release.main_artists().map(ToOwned::to_owned).collect()
}

impl May {
    fn of(release: Option<&ReleaseView>, view: &View) -> Self {
        let state = release.map(|release| release.state);
        let (staff, manager) = staff_and_manager(view);
        Self {
            decide: manager && state == Some(State::InReview),
            withdraw: manager && state.is_some_and(|state| state != State::Withdrawn),
            try_again: staff && state == Some(State::Failed),
            mend: staff && release.is_some_and(|release| release.metadata.is_some()),
        }
    }
}

impl Seen {
    fn of(release: &ReleaseView) -> Option<Self> {
        Some(Self { delivery: release.delivery.to_string(), metadata: release.metadata?.to_string() })
    }
}

impl Reason {
    fn of(reason: &desktop::Reason) -> Self {
        Self {
            track: reason.track.map(|track| track.to_string()),
            message: reason.message.clone(),
            help: reason.help.clone(),
        }
    }
}

impl Moment {
    fn of(moment: &desktop::Moment) -> Self {
        Self { at: moment.at.to_string(), state: ReleaseState::of(moment.state), what: moment.what.clone() }
    }
}

fn tracks(view: &View, release: &ReleaseView) -> Vec<ReleaseTrack> {
    release.tracks.iter().map(|track| ReleaseTrack::of(view, release, track)).collect()
}

impl ReleaseTrack {
    fn of(view: &View, release: &ReleaseView, track: &TrackView) -> Self {
        let job = view.transcodes.iter().find(|job| job.key == release.key && job.track == track.id);
        Self {
            id: track.id.to_string(),
            disc: track.disc,
            number: track.number,
            title: track.title.clone(),
            artist: release.artist.clone(),
            milliseconds: track.milliseconds,
            preview_start_ms: 0,
            master: None,
            transcoding: job.map(|job| hundredths(job.fraction)),
            failure: track.failure.as_ref().map(Reason::of),
            renditions: track.renditions.iter().map(|one| Rendition::of(view, one)).collect(),
        }
    }
}

impl Rendition {
    fn of(view: &View, rendition: &RenditionView) -> Self {
        Self {
            profile: rendition.profile.clone(),
            words: in_words(&rendition.profile),
            made: rendition.facts.as_ref().map(|facts| {
                let sound = &facts.sound;
                let seconds = seconds(sound.frames, sound.sample_rate);
                Made {
                    bytes: sound.bytes,
                    path: view.rendition_path(rendition).map(|path| path.display().to_string()),
                    sound: Sound {
                        format: format_in_words(&rendition.profile),
                        sample_rate: sound.sample_rate,
                        bit_depth: sound.bit_depth,
                        channels: sound.channels,
                        milliseconds: milliseconds(seconds),
                        loudness: sound.loudness.integrated_lufs,
                        true_peak: sound.loudness.true_peak_dbtp,
                    },
                }
            }),
        }
    }
}

fn seconds(frames: u64, sample_rate: u32) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "2^53 frames are a thousand years")]
    let frames = frames as f64;
    frames / f64::from(sample_rate.max(1))
}

/// What a profile makes: `WAV, 16 bit, 44.1 kHz`. A profile of a later version goes by its name.
fn in_words(name: &str) -> String {
    let Some(profile) = profile::by_name(name) else { return name.to_owned() };
    let rate = match profile.rate {
        Rate::Master => String::new(),
        Rate::Fixed(hertz) => format!(", {} kHz", f64::from(hertz) / 1000.0),
    };
    let coded = match profile.encoding {
        Encoding::Flac { .. } => "FLAC".to_owned(),
        Encoding::Wav { bits } => format!("WAV, {bits} bit{rate}"),
        Encoding::Mp3 { kbps } => format!("MP3, {kbps} kbit/s"),
    };
    match profile.excerpt {
        Some(excerpt) => format!("Preview, {} s", excerpt.milliseconds / 1000),
        None => coded,
    }
}

fn format_in_words(name: &str) -> String {
    match profile::by_name(name).map(|profile| profile.encoding) {
        Some(Encoding::Flac { .. }) => "FLAC".to_owned(),
        Some(Encoding::Wav { .. }) => "WAV".to_owned(),
        Some(Encoding::Mp3 { .. }) => "MP3".to_owned(),
        None => name.to_owned(),
    }
}
