//! UPC and ISRC. A missing one is a warning: a store or a distributor may assign it.

use std::collections::HashMap;

use super::Problem;
use super::phrase::{quoted, track_name};
use crate::{Entry, Field, FieldName, Isrc, Release, Track, Upc};

pub(super) fn problems(release: &Release) -> Vec<Problem> {
    let isrcs = release.tracks.iter().filter_map(|track| isrc(release, track));
    upc(release).into_iter().chain(isrcs).chain(isrc_twice(release)).collect()
}

fn upc(release: &Release) -> Option<Problem> {
    let field = Field::of_release(FieldName::Upc);
    match &release.upc {
        Entry::Valid(_) => None,
        Entry::Missing => Some(Problem::warning(
            field,
            "upc-missing",
            "The release has no UPC or EAN.",
            "Enter the bar code that the label has for it. Without one, the distributor assigns it.",
        )),
        Entry::Invalid(text) => {
            let why = text.parse::<Upc>().err().map(|error| error.to_string()).unwrap_or_default();
            Some(Problem::error(
                field,
                "upc-invalid",
                format!("{} is not a UPC or EAN: {why}.", quoted(text)),
                "Compare it with the bar code, or clear the field to have one assigned.",
            ))
        }
    }
}

fn isrc(release: &Release, track: &Track) -> Option<Problem> {
    let field = Field::of_track(track.id, FieldName::Isrc);
    let name = track_name(release, track);
    match &track.isrc {
        Entry::Valid(_) => None,
        Entry::Missing => Some(Problem::warning(
            field,
            "isrc-missing",
            format!("{name} has no ISRC."),
            "Enter the recording's code. Without one, the distributor assigns it.",
        )),
        Entry::Invalid(text) => {
            let why = text.parse::<Isrc>().err().map(|error| error.to_string()).unwrap_or_default();
            Some(Problem::error(
                field,
                "isrc-invalid",
                format!("{name} has the ISRC {}: {why}.", quoted(text)),
                "Write it as US-RC1-76-07839, or clear the field to have one assigned.",
            ))
        }
    }
}

fn isrc_twice(release: &Release) -> Vec<Problem> {
    let mut first: HashMap<&Isrc, &Track> = HashMap::new();
    let mut problems = Vec::new();
    for track in &release.tracks {
        let Some(isrc) = track.isrc.valid() else { continue };
        let holder = *first.entry(isrc).or_insert(track);
        if holder.id != track.id {
            problems.push(Problem::error(
                Field::of_track(track.id, FieldName::Isrc),
                "isrc-twice",
                format!(
                    "{} and {} have the same ISRC, {isrc}.",
                    track_name(release, holder),
                    track_name(release, track)
                ),
                "Give each recording its own ISRC. A version or an edit is a recording of its own.",
            ));
        }
    }
    problems
}
