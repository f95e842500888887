use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::{Field, FieldName, Release, UnknownField};

/// How a person at a shell names a field: `title`, `2.title`, `1-2.title`, `*.language`, `advisory`.
///
/// A number before the point is a track (of disc 1), two are a disc and a track, and `*` is every track. A name
/// without a place is the release's; where only tracks have such a field, every track's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldAddress {
    /// Whose field it is.
    pub place: Place,
    /// Which of the fields.
    pub name: FieldName,
}

/// What a field address points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The release itself.
    Release,
    /// Every track of the release.
    EveryTrack,
    /// One track, by its place.
    Track {
        /// The disc, from 1.
        disc: u32,
        /// The number on the disc, from 1.
        number: u32,
    },
}

/// Why a text leads to no field.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AddressError {
    /// No field of that name.
    #[error("{0}. Fields are {names}", names = every_name())]
    Name(#[from] UnknownField),
    /// What stands before the point is no track.
    #[error("\"{0}\" is not a track: write 2.title for track 2, 1-2.title for track 2 of disc 1, *.title for all")]
    Place(String),
    /// A track has no such field.
    #[error("a track has no {}; leave out what stands before the point", .0.words())]
    NotOfTrack(FieldName),
    /// The release has no such track.
    #[error("the release has no track {number} on disc {disc}")]
    NoSuchTrack {
        /// The disc that was asked for.
        disc: u32,
        /// The number that was asked for.
        number: u32,
    },
    /// The release has no tracks yet.
    #[error("the release has no tracks")]
    NoTracks,
    /// A value that can't be that of several tracks.
    #[error("each track has its own {}: say which track, as in 2.{}", .0.words(), .0.as_str())]
    EachItsOwn(FieldName),
}

impl FieldAddress {
    /// The fields of a release that are meant; at least one.
    ///
    /// # Errors
    /// Where the release has no such track, or where one value would be given to tracks that must differ in it.
    pub fn fields(&self, release: &Release) -> Result<Vec<Field>, AddressError> {
        let name = self.name;
        let tracks: Vec<Field> = match self.place {
            Place::Release => return Ok(vec![Field::of_release(name)]),
            Place::EveryTrack => release.tracks.iter().map(|track| Field::of_track(track.id, name)).collect(),
            Place::Track { disc, number } => {
                let there = release.tracks.iter().filter(|track| track.disc == disc && track.number == number);
                let fields: Vec<Field> = there.map(|track| Field::of_track(track.id, name)).collect();
                if fields.is_empty() {
                    return Err(AddressError::NoSuchTrack { disc, number });
                }
                fields
            }
        };
        match tracks.len() {
            0 => Err(AddressError::NoTracks),
            1 => Ok(tracks),
            _ if matches!(name, FieldName::Isrc | FieldName::Number) => Err(AddressError::EachItsOwn(name)),
            _ => Ok(tracks),
        }
    }
}

impl FromStr for FieldAddress {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let Some((place, name)) = text.split_once('.') else {
            let name: FieldName = text.parse()?;
            return Ok(Self { place: if name.is_of_release() { Place::Release } else { Place::EveryTrack }, name });
        };
        let name: FieldName = name.parse()?;
        let place = parse_place(place.trim()).ok_or_else(|| AddressError::Place(place.to_owned()))?;
        if name.is_of_track() { Ok(Self { place, name }) } else { Err(AddressError::NotOfTrack(name)) }
    }
}

impl fmt::Display for FieldAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            Place::Release => write!(f, "{}", self.name),
            Place::EveryTrack => write!(f, "*.{}", self.name),
            Place::Track { disc, number } => write!(f, "{disc}-{number}.{}", self.name),
        }
    }
}

fn parse_place(text: &str) -> Option<Place> {
    let number = |text: &str| text.parse::<u32>().ok().filter(|number| *number > 0);
    match text.split_once('-') {
        _ if text == "*" => Some(Place::EveryTrack),
        Some((disc, track)) => Some(Place::Track { disc: number(disc)?, number: number(track)? }),
        None => Some(Place::Track { disc: 1, number: number(text)? }),
    }
}

fn every_name() -> String {
    let names: Vec<&str> = FieldName::ALL.iter().filter(|name| name.is_text()).map(|name| name.as_str()).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ReleaseId, Track, TrackId};
    use jiff::Timestamp;

    fn release(places: &[(u32, u32)]) -> Release {
        let mut release = Release::new(ReleaseId::new(Timestamp::UNIX_EPOCH, 1));
        release.tracks = (10..)
            .zip(places)
            .map(|(n, (disc, number))| Track::new(TrackId::new(Timestamp::UNIX_EPOCH, n), *disc, *number))
            .collect();
        release
    }

    /// The places of the tracks that an address leads to; "-" for the release.
    fn leads_to(address: &str, release: &Release) -> Result<Vec<String>, AddressError> {
        let address: FieldAddress = address.parse()?;
        let name = |field: &Field| match release.tracks.iter().find(|track| Some(track.id) == field.track) {
            Some(track) => format!("{}-{}.{}", track.disc, track.number, field.name),
            None => field.name.to_string(),
        };
        Ok(address.fields(release)?.iter().map(name).collect())
    }

    #[test]
    fn addresses_lead_to_their_fields() {
        let release = release(&[(1, 1), (1, 2), (2, 1)]);
        for (address, fields) in [
            ("title", vec!["title"]),
            ("artist", vec!["artist"]),
            ("language", vec!["language"]),
            ("p-line", vec!["p_line"]),
            ("2.title", vec!["1-2.title"]),
            ("2-1.title", vec!["2-1.title"]),
            (" 1-2.P_Line ", vec!["1-2.p_line"]),
            ("advisory", vec!["1-1.advisory", "1-2.advisory", "2-1.advisory"]),
            ("*.language", vec!["1-1.language", "1-2.language", "2-1.language"]),
            ("2.isrc", vec!["1-2.isrc"]),
        ] {
            assert_eq!(leads_to(address, &release), Ok(fields.into_iter().map(str::to_owned).collect()), "{address}");
        }
    }

    #[test]
    fn a_single_track_needs_no_number() {
        assert_eq!(leads_to("isrc", &release(&[(1, 1)])), Ok(vec!["1-1.isrc".to_owned()]));
    }

    #[test]
    fn addresses_that_lead_nowhere_say_why() {
        let release = release(&[(1, 1), (1, 2)]);
        let said: Vec<String> =
            ["titel", "x.title", "0.title", "1-.title", "-1.title", "3.title", "2-1.title", "2.upc"]
                .into_iter()
                .chain(["isrc", "*.number", ".title", "99999999999.title", ""])
                .map(|address| format!("{address:?}: {}", leads_to(address, &release).unwrap_err()))
                .collect();
        insta::assert_snapshot!(said.join("\n"));
        assert_eq!(leads_to("advisory", &self::release(&[])), Err(AddressError::NoTracks));
    }
}
