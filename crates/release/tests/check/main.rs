//! What [`release::check`] finds, rule by rule: what passes, what does not, and what it says then.

#![expect(clippy::unwrap_used, reason = "a test fails where its example does")]

#[path = "../example/mod.rs"]
mod example;

mod audio;
mod credits;
mod dates;
mod identifiers;
mod numbering;
mod order;
mod picture;
mod properties;
mod rights;
mod titles;

use release::{Field, FieldName, Problem, Release, Severity, check};

/// A release with one thing changed, and all that is found then, as `error 2.title title-emoji`.
pub(crate) struct Vector {
    pub(crate) given: &'static str,
    pub(crate) change: fn(&mut Release),
    pub(crate) found: &'static [&'static str],
}

/// Holds every vector to exactly what it says, and returns what a person reads, for a snapshot.
pub(crate) fn read(vectors: &[Vector]) -> String {
    let mut text = String::new();
    for Vector { given, change, found } in vectors {
        let mut release = example::release();
        change(&mut release);
        let problems = problems(&release);
        let spotted: Vec<String> = problems.iter().map(|problem| spot(&release, problem)).collect();
        assert_eq!(spotted, *found, "{given}");
        if !problems.is_empty() {
            text.push_str(&format!("{given}\n"));
        }
        for (problem, spotted) in problems.iter().zip(spotted) {
            text.push_str(&format!("  {spotted}\n    {}\n    {}\n", problem.message, problem.help));
        }
    }
    text
}

pub(crate) fn problems(release: &Release) -> Vec<Problem> {
    check(release, &check::Context { today: jiff::civil::date(2026, 11, 22) })
}

fn spot(release: &Release, problem: &Problem) -> String {
    let severity = match problem.severity {
        Severity::Hint => "hint",
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    let Field { track, name } = problem.field;
    let place = match track.map(|id| release.tracks.iter().position(|track| track.id == id)) {
        None => String::new(),
        Some(Some(index)) => format!("{}.", index + 1),
        Some(None) => "?.".to_owned(),
    };
    format!("{severity} {place}{name} {}", problem.code)
}

/// Of a table: a name and a change that leaves the release without a problem.
pub(crate) const fn fine(given: &'static str, change: fn(&mut Release)) -> Vector {
    Vector { given, change, found: &[] }
}

/// Of a table: a name, a change, and what is found.
pub(crate) const fn wrong(given: &'static str, change: fn(&mut Release), found: &'static [&'static str]) -> Vector {
    Vector { given, change, found }
}

#[test]
fn the_example_has_no_problem() {
    assert_eq!(problems(&example::release()), []);
}

#[test]
fn errors_alone_stop_a_release() {
    let mut release = example::release();
    release.title = "NIGHT LAMP".to_owned();
    assert!(!problems(&release).is_empty() && !check::stops(&problems(&release)));
    release.set(Field::of_release(FieldName::Title), "").unwrap();
    assert!(check::stops(&problems(&release)));
}
