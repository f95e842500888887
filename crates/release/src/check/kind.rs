//! The release type.

use super::Problem;
use crate::{Field, FieldName, Release, ReleaseKind};

pub(super) fn problems(release: &Release) -> Vec<Problem> {
    let derived = ReleaseKind::of(&release.tracks);
    match release.kind_override {
        Some(kind) if kind != derived && !release.tracks.is_empty() => vec![Problem::warning(
            Field::of_release(FieldName::Kind),
            "kind-differs",
            format!("The release is called {}; its tracks make it {}.", article(kind), article(derived)),
            "Clear the release type to let it follow from the tracks.",
        )],
        _ => Vec::new(),
    }
}

fn article(kind: ReleaseKind) -> &'static str {
    match kind {
        ReleaseKind::Single => "a single",
        ReleaseKind::Ep => "an EP",
        ReleaseKind::Album => "an album",
    }
}
