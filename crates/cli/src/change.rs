use std::str::FromStr;

use release::{Field, FieldName, Release};
use thiserror::Error;

/// A field that is to be set, as `--set FIELD=VALUE` says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    /// The disc and the number of a track; none for the release itself.
    track: Option<(u32, u32)>,
    name: FieldName,
    value: String,
}

/// Why a text is no change.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum ChangeError {
    #[error("give FIELD=VALUE, such as title=\"Night Bus\"")]
    NoValue,
    #[error("\"{0}\" is not a track: give its number, or disc and number as in 2-3")]
    Track(String),
    #[error("\"{field}\" is not a field. There are: {}", names())]
    Field { field: String },
}

impl Change {
    /// The field of a release that is meant, and the text that it is set to.
    pub(crate) fn of(&self, release: &Release) -> Result<(Field, String), NoSuchTrack> {
        let field = match self.track {
            None => Field::of_release(self.name),
            Some((disc, number)) => {
                let track = release.tracks.iter().find(|track| (track.disc, track.number) == (disc, number));
                Field::of_track(track.ok_or(NoSuchTrack { disc, number })?.id, self.name)
            }
        };
        Ok((field, self.value.clone()))
    }
}

/// A change names a track that the release has not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("The release has no track {number} on disc {disc}, which --set names.")]
pub(crate) struct NoSuchTrack {
    disc: u32,
    number: u32,
}

impl FromStr for Change {
    type Err = ChangeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (place, value) = text.split_once('=').ok_or(ChangeError::NoValue)?;
        let (track, name) = match place.split_once('.') {
            None => (None, place),
            Some((track, name)) => (Some(place_of_track(track)?), name),
        };
        let name = name.parse().map_err(|_| ChangeError::Field { field: name.to_owned() })?;
        Ok(Self { track, name, value: value.to_owned() })
    }
}

fn place_of_track(text: &str) -> Result<(u32, u32), ChangeError> {
    let (disc, number) = text.split_once('-').unwrap_or(("1", text));
    match (disc.parse(), number.parse()) {
        (Ok(disc), Ok(number)) => Ok((disc, number)),
        _ => Err(ChangeError::Track(text.to_owned())),
    }
}

fn names() -> String {
    let names: Vec<&str> = FieldName::ALL.iter().map(|name| name.as_str()).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Change {
        text.parse().unwrap()
    }

    #[test]
    fn a_field_is_the_releases_or_a_tracks() {
        let title = |track, value: &str| Change { track, name: FieldName::Title, value: value.to_owned() };
        assert_eq!(parsed("title=Night Bus"), title(None, "Night Bus"));
        assert_eq!(parsed("3.title=Night Bus"), title(Some((1, 3)), "Night Bus"));
        assert_eq!(parsed("2-3.title=Night Bus"), title(Some((2, 3)), "Night Bus"));
    }

    #[test]
    fn a_value_may_hold_anything_and_may_be_empty() {
        assert_eq!(parsed("title=1 + 1 = 2.0").value, "1 + 1 = 2.0");
        assert_eq!(parsed("version=").value, "");
    }

    #[test]
    fn what_makes_no_sense_is_named() {
        assert_eq!("title".parse::<Change>(), Err(ChangeError::NoValue));
        assert_eq!("x.title=a".parse::<Change>(), Err(ChangeError::Track("x".to_owned())));
        assert_eq!("-1.title=a".parse::<Change>(), Err(ChangeError::Track("-1".to_owned())));
        assert!(matches!("titel=a".parse::<Change>(), Err(ChangeError::Field { .. })));
    }
}
