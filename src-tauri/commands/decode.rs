//! What a page sent, as what it means.

use std::path::PathBuf;
use std::str::FromStr;

use desktop::PlaySource;
use release::{DeliveryId, Field, FieldName, IdError, ReleaseId, TrackId};

use crate::shown::draft::Edit;
use crate::shown::player::Source;
use crate::shown::trouble::Trouble;
use crate::written_path;

pub(super) fn release_id(text: &str) -> Result<ReleaseId, Trouble> {
    id(text, "release")
}

pub(super) fn delivery_id(text: &str) -> Result<DeliveryId, Trouble> {
    id(text, "delivery")
}

pub(super) fn track_id(text: &str) -> Result<TrackId, Trouble> {
    id(text, "track")
}

pub(super) fn track_ids(texts: &[String]) -> Result<Vec<TrackId>, Trouble> {
    texts.iter().map(|text| track_id(text)).collect()
}

fn id<T: FromStr<Err = IdError>>(text: &str, what: &str) -> Result<T, Trouble> {
    text.parse().map_err(|error| Trouble::of_page(format!("There is no such {what}: {error}.")))
}

pub(super) fn edits(edits: Vec<Edit>) -> Result<Vec<(Field, String)>, Trouble> {
    edits.into_iter().map(|edit| Ok((field(edit.track.as_deref(), &edit.field)?, edit.text))).collect()
}

fn field(track: Option<&str>, name: &str) -> Result<Field, Trouble> {
    let name: FieldName = name.parse().map_err(|error| Trouble::of_page(format!("Nothing was changed: {error}.")))?;
    Ok(Field { track: track.map(track_id).transpose()?, name })
}

pub(super) fn source(source: Source) -> Result<PlaySource, Trouble> {
    Ok(match source {
        Source::DraftMaster { draft, track } => {
            PlaySource::DraftMaster { draft: release_id(&draft)?, track: track_id(&track)? }
        }
        Source::Master { release, track } => {
            PlaySource::ReleaseMaster { release: release_id(&release)?, track: track_id(&track)? }
        }
        Source::Rendition { release, track, profile } => {
            PlaySource::Rendition { release: release_id(&release)?, track: track_id(&track)?, profile }
        }
    })
}

/// A factor from 0 to 1, whatever was sent.
#[expect(clippy::cast_possible_truncation, reason = "nobody hears the difference")]
pub(super) fn volume(volume: f64) -> f32 {
    if volume.is_nan() { 1.0 } else { volume.clamp(0.0, 1.0) as f32 }
}

pub(super) fn paths(texts: &[String]) -> Vec<PathBuf> {
    texts.iter().map(|text| written_path::read(text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "01KATDZ7Q0000000000000000A";

    fn edit(track: Option<&str>, field: &str) -> Edit {
        Edit { track: track.map(ToOwned::to_owned), field: field.to_owned(), text: "x".to_owned() }
    }

    #[test]
    fn what_names_nothing_is_said_and_to_be_reported() {
        let draft = |id: &str| source(Source::DraftMaster { draft: id.to_owned(), track: ID.to_owned() });
        for (trouble, message) in [
            (release_id("").unwrap_err(), "There is no such release: \"\" is not a ULID of 26 characters."),
            (delivery_id("7").unwrap_err(), "There is no such delivery: \"7\" is not a ULID of 26 characters."),
            (
                track_ids(&[ID.to_owned(), "x".to_owned()]).unwrap_err(),
                "There is no such track: \"x\" is not a ULID of 26 characters.",
            ),
            (edits(vec![edit(None, "colour")]).unwrap_err(), "Nothing was changed: \"colour\" is not a field."),
            (
                edits(vec![edit(Some("1"), "title")]).unwrap_err(),
                "There is no such track: \"1\" is not a ULID of 26 characters.",
            ),
            (draft("..").unwrap_err(), "There is no such release: \"..\" is not a ULID of 26 characters."),
        ] {
            assert_eq!(trouble.message, message);
            assert_eq!(trouble.help, "This is a mistake in the program: please report it.");
        }
    }

    #[test]
    fn what_names_something_is_that() {
        assert_eq!(release_id(ID).unwrap().to_string(), ID);
        let decoded = edits(vec![edit(Some(ID), "isrc"), edit(None, "release_date")]).unwrap();
        let fields: Vec<_> = decoded.iter().map(|(field, _)| (field.track.is_some(), field.name)).collect();
        assert_eq!(fields, [(true, FieldName::Isrc), (false, FieldName::ReleaseDate)]);
        for (sent, heard) in [(0.5, 0.5), (-1.0, 0.0), (7.0, 1.0), (f64::NAN, 1.0), (f64::INFINITY, 1.0)] {
            assert_eq!(volume(sent), heard);
        }
    }
}
