//! ℗ and © lines.

use jiff::civil::Date;

use super::phrase::{quoted, track_name};
use super::{Context, Problem};
use crate::{Entry, Field, FieldName, Release, RightsLine};

pub(super) fn problems(release: &Release, context: &Context) -> Vec<Problem> {
    let last_year = release.release_date.valid().map_or(context.today.year(), |date| later_year(*date, context.today));
    let p_line = Line {
        field: Field::of_release(FieldName::PLine),
        of: "The release",
        line: &release.p_line,
        codes: ["p-line-missing", "p-line-invalid", "p-line-year"],
    };
    let c_line = Line {
        field: Field::of_release(FieldName::CLine),
        of: "The release",
        line: &release.c_line,
        codes: ["c-line-missing", "c-line-invalid", "c-line-year"],
    };
    let mut problems: Vec<Problem> =
        [p_line, c_line].iter().filter_map(|line| line.missing().or_else(|| line.problem(last_year))).collect();
    for track in &release.tracks {
        let of = track_name(release, track);
        let field = Field::of_track(track.id, FieldName::PLine);
        // A track without a line of its own has the release's.
        let line =
            Line { field, of: &of, line: &track.p_line, codes: ["p-line-missing", "p-line-invalid", "p-line-year"] };
        problems.extend(line.problem(last_year));
    }
    problems
}

fn later_year(a: Date, b: Date) -> i16 {
    a.year().max(b.year())
}

struct Line<'a> {
    field: Field,
    of: &'a str,
    line: &'a Entry<RightsLine>,
    /// Missing, invalid, from the future.
    codes: [&'static str; 3],
}

impl Line<'_> {
    fn missing(&self) -> Option<Problem> {
        let words = self.field.name.words();
        self.line.is_missing().then(|| {
            let message = format!("{} has no {words}.", self.of);
            Problem::error(self.field, self.codes[0], message, "Enter a year and an owner, as in \"1994 Owner\".")
        })
    }

    fn problem(&self, last_year: i16) -> Option<Problem> {
        let words = self.field.name.words();
        match self.line {
            Entry::Missing => None,
            Entry::Invalid(text) => {
                let why = text.parse::<RightsLine>().err().map(|error| error.to_string()).unwrap_or_default();
                Some(Problem::error(
                    self.field,
                    self.codes[1],
                    format!("{} has the {words} {}: {why}.", self.of, quoted(text)),
                    "Enter a year and an owner, as in \"1994 Owner\".",
                ))
            }
            Entry::Valid(line) => (i64::from(line.year) > i64::from(last_year)).then(|| {
                Problem::warning(
                    self.field,
                    self.codes[2],
                    format!("{} has a {words} of {}, a year that is still to come.", self.of, line.year),
                    "Enter the year in which it is first published.",
                )
            }),
        }
    }
}
