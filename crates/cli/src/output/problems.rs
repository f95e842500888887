//! What is missing, wrong or unwise, as people and programs read it.

use std::path::Path;

use desktop::PlacedProblem;
use release::{FieldName, Problem, Severity};
use serde::Serialize;

use super::Terminal;
use super::imported::Album;

/// A problem in `--json`.
#[derive(Debug, Serialize)]
pub(crate) struct ProblemJson<'a> {
    severity: Severity,
    place: &'a str,
    field: FieldName,
    code: &'a str,
    message: &'a str,
    help: &'a str,
    /// The files that it is about.
    paths: Vec<String>,
}

impl<'a> ProblemJson<'a> {
    pub(super) fn new(album: &Album<'_>, placed: &'a PlacedProblem) -> Self {
        let problem = &placed.problem;
        Self {
            severity: problem.severity,
            place: &placed.place,
            field: problem.field.name,
            code: &problem.code,
            message: &problem.message,
            help: &problem.help,
            paths: files(album, problem).map(|path| path.display().to_string()).collect(),
        }
    }
}

/// The files that somebody has to look at: that of a track whose sound is wrong, and all that claim one place.
fn files<'a>(album: &Album<'a>, problem: &Problem) -> impl Iterator<Item = &'a Path> {
    let (release, path_of, name) = (album.release, album.path_of, problem.field.name);
    let about = problem.field.track.and_then(|id| release.tracks.iter().find(|track| track.id == id));
    let concerned = release.tracks.iter().filter(move |track| match (name, about) {
        (FieldName::Master, Some(about)) => track.id == about.id,
        (FieldName::Number | FieldName::Disc, Some(about)) => (track.disc, track.number) == (about.disc, about.number),
        _ => false,
    });
    concerned.filter_map(move |track| path_of(track.id))
}

/// Whether one of them stops the release from being delivered.
pub(crate) fn stop(problems: &[PlacedProblem]) -> bool {
    problems.iter().any(|placed| placed.problem.severity == Severity::Error)
}

/// A line each, its files and what to do about it on the next.
pub(super) fn remark(terminal: &Terminal, album: &Album<'_>) {
    for placed in album.problems {
        let problem = &placed.problem;
        terminal.remark(format_args!("  {:<8} {}", word(problem.severity), problem.message));
        for path in files(album, problem) {
            terminal.remark(format_args!("  {:<8} {}", "", path.display()));
        }
        if !problem.help.is_empty() {
            terminal.remark(format_args!("  {:<8} {}", "", problem.help));
        }
    }
}

/// `2 errors, 1 warning`; `no problems`.
pub(crate) fn counted(problems: &[PlacedProblem]) -> String {
    let counts: Vec<String> = [Severity::Error, Severity::Warning, Severity::Hint]
        .into_iter()
        .map(|severity| (severity, problems.iter().filter(|placed| placed.problem.severity == severity).count()))
        .filter(|(_, count)| *count > 0)
        .map(|(severity, count)| super::words::count(count, word(severity)))
        .collect();
    if counts.is_empty() { "no problems".to_owned() } else { counts.join(", ") }
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "hint",
    }
}
