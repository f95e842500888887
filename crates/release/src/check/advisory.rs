//! Parental advisory.

use super::Problem;
use super::phrase::track_name;
use crate::{Field, FieldName, Release};

pub(super) fn problems(release: &Release) -> Vec<Problem> {
    let undecided = release.tracks.iter().filter(|track| track.advisory.is_none());
    undecided
        .map(|track| {
            Problem::error(
                Field::of_track(track.id, FieldName::Advisory),
                "advisory-missing",
                format!("{} does not say whether it is explicit.", track_name(release, track)),
                "Choose explicit, clean (an edited version of something explicit) or none.",
            )
        })
        .collect()
}
