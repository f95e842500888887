//! Release dates and the zone in which their days begin.

use super::Problem;
use super::phrase::quoted;
use crate::due::{DueError, time_zone};
use crate::{Entry, Field, FieldName, Release};

pub(super) fn problems(release: &Release) -> Vec<Problem> {
    let dates = [
        (FieldName::ReleaseDate, "date-invalid", &release.release_date),
        (FieldName::OriginalReleaseDate, "original-date-invalid", &release.original_release_date),
    ];
    let mut problems = Vec::new();
    for (name, code, entry) in dates {
        if let Entry::Invalid(text) = entry {
            problems.push(Problem::error(
                Field::of_release(name),
                code,
                format!("The {} {} is not a date.", name.words(), quoted(text)),
                "Write year, month and day, as in 2026-12-04, or clear the field.",
            ));
        }
    }
    problems.extend(original_is_later(release));
    problems.extend(unknown_zone(release));
    problems.extend(out_of_range(release));
    problems
}

fn original_is_later(release: &Release) -> Option<Problem> {
    let (date, original) = (release.release_date.valid()?, release.original_release_date.valid()?);
    (original > date).then(|| {
        Problem::error(
            Field::of_release(FieldName::OriginalReleaseDate),
            "original-date-later",
            format!("It first came out on {original}, and the release date, {date}, is before that."),
            "Clear the original release date, unless it came out earlier.",
        )
    })
}

fn unknown_zone(release: &Release) -> Option<Problem> {
    let Err(DueError::TimeZone(zone)) = time_zone(&release.time_zone) else { return None };
    Some(Problem::error(
        Field::of_release(FieldName::TimeZone),
        "time-zone-unknown",
        format!("{} is not a time zone that is known here.", quoted(&zone)),
        "Write a name of the IANA database, as in Europe/Berlin, America/New_York or UTC.",
    ))
}

fn out_of_range(release: &Release) -> Option<Problem> {
    let Err(DueError::Range(date)) = release.due() else { return None };
    Some(Problem::error(
        Field::of_release(FieldName::ReleaseDate),
        "date-out-of-range",
        format!("The release date {date} lies too far away to be reckoned with."),
        "Enter a date of this century.",
    ))
}
