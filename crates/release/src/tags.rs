use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Release, Role, Track};

/// What can be written in a rendition's tags. How each format spells it is the encoder's business.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names are the field's own")]
pub enum Tag {
    Title,
    Artist,
    Album,
    AlbumArtist,
    TrackNumber,
    TrackTotal,
    DiscNumber,
    DiscTotal,
    /// `YYYY-MM-DD`.
    Date,
    Isrc,
    Upc,
    Label,
    CatalogueNumber,
    Genre,
    Composer,
    Lyricist,
    Producer,
    Remixer,
    Copyright,
    PLine,
    Language,
}

/// The tags of a rendition; several names of one role are joined by ` / `.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Tags(BTreeMap<Tag, String>);

impl Tags {
    /// The tags of a track on its release; what is not known is left out.
    #[must_use]
    pub fn of(release: &Release, track: &Track) -> Self {
        let on_disc = release.tracks.iter().filter(|other| other.disc == track.disc).count();
        let discs = release.tracks.iter().map(|other| other.disc).max().unwrap_or(1);
        let language = if track.language.is_empty() { &release.language } else { &track.language };
        let p_line = if track.p_line.is_missing() { &release.p_line } else { &track.p_line };
        let mut tags = Self::default();
        tags.set(Tag::Title, track.display_title());
        tags.set(Tag::Artist, release.track_artist(track));
        tags.set(Tag::Album, release.display_title());
        tags.set(Tag::AlbumArtist, release.display_artist());
        tags.set(Tag::TrackNumber, track.number.to_string());
        tags.set(Tag::TrackTotal, on_disc.to_string());
        tags.set(Tag::DiscNumber, track.disc.to_string());
        tags.set(Tag::DiscTotal, discs.to_string());
        tags.set(Tag::Date, release.release_date.valid().map(ToString::to_string).unwrap_or_default());
        tags.set(Tag::Isrc, track.isrc.text());
        tags.set(Tag::Upc, release.upc.text());
        tags.set(Tag::Label, release.label.clone());
        tags.set(Tag::CatalogueNumber, release.catalogue_number.clone());
        tags.set(Tag::Genre, release.genre.clone());
        tags.set(Tag::Composer, credited(track, Role::Composer));
        tags.set(Tag::Lyricist, credited(track, Role::Lyricist));
        tags.set(Tag::Producer, credited(track, Role::Producer));
        tags.set(Tag::Remixer, credited(track, Role::Remixer));
        tags.set(Tag::Copyright, signed('©', &release.c_line.text()));
        tags.set(Tag::PLine, signed('℗', &p_line.text()));
        tags.set(Tag::Language, language.clone());
        tags
    }

    /// Sets a tag; an empty value removes it.
    pub fn set(&mut self, tag: Tag, value: String) {
        if value.is_empty() {
            self.0.remove(&tag);
        } else {
            self.0.insert(tag, value);
        }
    }

    /// The value of a tag.
    #[must_use]
    pub fn get(&self, tag: Tag) -> Option<&str> {
        self.0.get(&tag).map(String::as_str)
    }

    /// All tags in a fixed order.
    pub fn iter(&self) -> impl Iterator<Item = (Tag, &str)> {
        self.0.iter().map(|(tag, value)| (*tag, value.as_str()))
    }
}

fn credited(track: &Track, role: Role) -> String {
    let names: Vec<&str> = track.contributors.iter().filter(|c| c.role == role).map(|c| c.name.as_str()).collect();
    names.join(" / ")
}

fn signed(sign: char, line: &str) -> String {
    if line.is_empty() { String::new() } else { format!("{sign} {line}") }
}
