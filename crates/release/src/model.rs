use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    Advisory, Artwork, Asset, AudioFacts, Contributor, Entry, Isrc, Loudness, ReleaseId, ReleaseKind, RightsLine, Role,
    Territories, TrackId, Upc,
};

/// An album, EP or single: what a label delivers.
///
/// A release may be unfinished or wrong; [`crate::check`] says what is missing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// Stays the same through all deliveries.
    pub id: ReleaseId,
    /// The title without its version.
    pub title: String,
    /// The version ("Deluxe", "Remastered"), shown in parentheses behind the title.
    pub version: String,
    /// Who made it: display artists first, in the order in which they are shown.
    pub contributors: Vec<Contributor>,
    /// The label's name as it is displayed.
    pub label: String,
    /// The bar code.
    pub upc: Entry<Upc>,
    /// The label's own number.
    pub catalogue_number: String,
    /// The main genre.
    pub genre: String,
    /// The language of the titles and the voice, as a BCP 47 tag; `zxx` where nobody sings.
    pub language: String,
    /// Who owns the recordings, and since when.
    pub p_line: Entry<RightsLine>,
    /// Who owns the artwork and texts, and since when.
    pub c_line: Entry<RightsLine>,
    /// The day on which it is to be live, from midnight in `time_zone`; at once without one.
    pub release_date: Entry<Date>,
    /// The IANA time zone of the release date.
    pub time_zone: String,
    /// When it first came out, where that was earlier.
    pub original_release_date: Entry<Date>,
    /// Where it may be sold.
    pub territories: Territories,
    /// The label's own word on whether it is a single, an EP or an album.
    pub kind_override: Option<ReleaseKind>,
    /// The picture.
    pub artwork: Option<Artwork>,
    /// In order of disc and number.
    pub tracks: Vec<Track>,
}

/// One recording of a release.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Track {
    /// Stays the same wherever the track moves.
    pub id: TrackId,
    /// The disc, from 1.
    pub disc: u32,
    /// The number on its disc, from 1.
    pub number: u32,
    /// The title without its version.
    pub title: String,
    /// The version ("Live", "Radio Edit"), shown in parentheses behind the title.
    pub version: String,
    /// Who made it; where it names no main artist, the release's are meant.
    pub contributors: Vec<Contributor>,
    /// The recording's code.
    pub isrc: Entry<Isrc>,
    /// Whether it holds words that parents would want to know of. Unset until somebody decides.
    pub advisory: Option<Advisory>,
    /// Who owns the recording, where it is not the release's line.
    pub p_line: Entry<RightsLine>,
    /// The language, where it is not the release's.
    pub language: String,
    /// Where the preview starts, in milliseconds from the start of the master.
    pub preview_start_ms: u64,
    /// The sound, once there is a file.
    pub master: Option<Master>,
}

/// A track's master: the file, what is in it, and how loud it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Master {
    /// The file.
    pub asset: Asset,
    /// What decoding it found.
    pub facts: AudioFacts,
    /// How loud it is.
    pub loudness: Loudness,
}

impl Release {
    /// An empty release.
    #[must_use]
    pub fn new(id: ReleaseId) -> Self {
        Self {
            id,
            title: String::new(),
            version: String::new(),
            contributors: Vec::new(),
            label: String::new(),
            upc: Entry::Missing,
            catalogue_number: String::new(),
            genre: String::new(),
            language: String::new(),
            p_line: Entry::Missing,
            c_line: Entry::Missing,
            release_date: Entry::Missing,
            time_zone: "UTC".to_owned(),
            original_release_date: Entry::Missing,
            territories: Territories::Worldwide,
            kind_override: None,
            artwork: None,
            tracks: Vec::new(),
        }
    }

    /// `Title (Version)`.
    #[must_use]
    pub fn display_title(&self) -> String {
        display_title(&self.title, &self.version)
    }

    /// The line under the title: main artists, then featured ones.
    #[must_use]
    pub fn display_artist(&self) -> String {
        display_artist(&self.contributors)
    }

    /// The names of the main artists, in order.
    pub fn main_artists(&self) -> impl Iterator<Item = &str> {
        names(&self.contributors, Role::MainArtist)
    }

    /// The line under a track's title: its own artists, or the release's where it names no main one.
    #[must_use]
    pub fn track_artist(&self, track: &Track) -> String {
        let main = if names(&track.contributors, Role::MainArtist).next().is_some() {
            &track.contributors
        } else {
            &self.contributors
        };
        let credits: Vec<Contributor> = main
            .iter()
            .filter(|c| c.role == Role::MainArtist)
            .chain(track.contributors.iter().filter(|c| c.role == Role::FeaturedArtist))
            .cloned()
            .collect();
        display_artist(&credits)
    }

    /// Everyone who is to hear of it when it is live: main and featured artists of the release and its tracks, each
    /// name once, in order.
    #[must_use]
    pub fn credited_artists(&self) -> Vec<String> {
        let mut artists: Vec<String> = Vec::new();
        let everyone = self.contributors.iter().chain(self.tracks.iter().flat_map(|track| &track.contributors));
        for contributor in everyone.filter(|c| matches!(c.role, Role::MainArtist | Role::FeaturedArtist)) {
            if !contributor.name.trim().is_empty() && !artists.contains(&contributor.name) {
                artists.push(contributor.name.clone());
            }
        }
        artists
    }

    /// The kind that the label gave it, or the one that its tracks make it.
    #[must_use]
    pub fn kind(&self) -> ReleaseKind {
        self.kind_override.unwrap_or_else(|| ReleaseKind::of(&self.tracks))
    }

    /// Every file that a delivery must bring: masters in order, then artwork; each content once.
    #[must_use]
    pub fn assets(&self) -> Vec<&Asset> {
        let mut assets: Vec<&Asset> = Vec::new();
        let masters = self.tracks.iter().filter_map(|track| track.master.as_ref()).map(|master| &master.asset);
        for asset in masters.chain(self.artwork.as_ref().map(|artwork| &artwork.asset)) {
            if !assets.iter().any(|seen| seen.sha256 == asset.sha256) {
                assets.push(asset);
            }
        }
        assets
    }
}

impl Track {
    /// An empty track at a place.
    #[must_use]
    pub fn new(id: TrackId, disc: u32, number: u32) -> Self {
        Self {
            id,
            disc,
            number,
            title: String::new(),
            version: String::new(),
            contributors: Vec::new(),
            isrc: Entry::Missing,
            advisory: None,
            p_line: Entry::Missing,
            language: String::new(),
            preview_start_ms: 0,
            master: None,
        }
    }

    /// `Title (Version)`.
    #[must_use]
    pub fn display_title(&self) -> String {
        display_title(&self.title, &self.version)
    }
}

fn display_title(title: &str, version: &str) -> String {
    match version {
        "" => title.to_owned(),
        // A title that already ends in a parenthesis takes its version in brackets.
        _ if title.ends_with(')') => format!("{title} [{version}]"),
        _ => format!("{title} ({version})"),
    }
}

fn names(contributors: &[Contributor], role: Role) -> impl Iterator<Item = &str> {
    contributors.iter().filter(move |c| c.role == role).map(|c| c.name.as_str())
}

fn display_artist(contributors: &[Contributor]) -> String {
    let main = listed(&names(contributors, Role::MainArtist).collect::<Vec<_>>());
    let featured = listed(&names(contributors, Role::FeaturedArtist).collect::<Vec<_>>());
    match (main.is_empty(), featured.is_empty()) {
        (_, true) => main,
        (true, false) => featured,
        (false, false) => format!("{main} (feat. {featured})"),
    }
}

/// `A`, `A & B`, `A, B & C`.
fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} & {last}", first.join(", ")),
    }
}
