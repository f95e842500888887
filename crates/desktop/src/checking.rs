//! A draft's problems, as of a day.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use release::Release;
use release::check::Context;

use crate::draft::place_in_words;
use crate::view::PlacedProblem;

/// What is missing, wrong or unwise about a release, as of an instant, in the order of the screen.
#[must_use]
pub fn problems(release: &Release, now: Timestamp) -> Vec<PlacedProblem> {
    release::check(release, &Context { today: today(release, now) })
        .into_iter()
        .map(|problem| PlacedProblem { place: place_in_words(release, problem.field), problem })
        .collect()
}

/// The day it is where the release is to come out; in UTC where its time zone is not one.
fn today(release: &Release, now: Timestamp) -> Date {
    now.to_zoned(TimeZone::get(&release.time_zone).unwrap_or(TimeZone::UTC)).date()
}
