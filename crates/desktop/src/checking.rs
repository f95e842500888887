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

/// When the next day begins where the release is to come out: its problems may be others then.
pub(crate) fn next_day(release: &Release, now: Timestamp) -> Timestamp {
    let zone = TimeZone::get(&release.time_zone).unwrap_or(TimeZone::UTC);
    let tomorrow = now.to_zoned(zone).tomorrow().and_then(|tomorrow| tomorrow.start_of_day());
    tomorrow.map_or(Timestamp::MAX, |tomorrow| tomorrow.timestamp())
}

/// The day it is where the release is to come out; in UTC where its time zone is not one.
fn today(release: &Release, now: Timestamp) -> Date {
    now.to_zoned(TimeZone::get(&release.time_zone).unwrap_or(TimeZone::UTC)).date()
}
