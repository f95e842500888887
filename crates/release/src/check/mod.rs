//! What stands between a release and its delivery.
//!
//! A file a subject, a small function a rule. Rules look at the release alone: they open no file and ask no clock.

mod advisory;
mod artwork;
mod audio;
mod credits;
mod dates;
mod emoji;
mod featuring;
mod identifiers;
mod kind;
mod numbering;
mod phrase;
mod problem;
mod rights;
mod titles;

use jiff::civil::Date;

use crate::{Release, TrackId};

pub use problem::{Problem, Severity};

/// What a check must know beside the release.
#[derive(Debug, Clone, Copy)]
pub struct Context {
    /// Today, in the label's time zone.
    pub today: Date,
}

/// All that is missing, wrong or unwise, in the order of the fields on the screen: the release, then its tracks. In a
/// field, what matters more comes first.
#[must_use]
pub fn check(release: &Release, context: &Context) -> Vec<Problem> {
    let subjects = [
        titles::problems(release),
        credits::problems(release),
        identifiers::problems(release),
        rights::problems(release, context),
        dates::problems(release),
        kind::problems(release),
        artwork::problems(release),
        numbering::problems(release),
        advisory::problems(release),
        audio::problems(release),
    ];
    let mut problems: Vec<Problem> = subjects.into_iter().flatten().collect();
    problems.sort_by_cached_key(|problem| {
        (place(release, problem.field.track), problem.field.name, std::cmp::Reverse(problem.severity))
    });
    problems
}

/// Where a track stands; the release itself stands before the first.
fn place(release: &Release, track: Option<TrackId>) -> Option<usize> {
    track.and_then(|id| release.tracks.iter().position(|track| track.id == id))
}

/// Whether anything among the problems stops the release from being queued.
#[must_use]
pub fn stops(problems: &[Problem]) -> bool {
    problems.iter().any(|problem| problem.severity == Severity::Error)
}

fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}
