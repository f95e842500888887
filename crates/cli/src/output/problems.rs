//! What is missing, wrong or unwise, as people and programs read it.

use desktop::PlacedProblem;
use release::{FieldName, Severity};
use serde::Serialize;

use super::Terminal;

/// A problem in `--json`.
#[derive(Debug, Serialize)]
pub(crate) struct ProblemJson<'a> {
    severity: Severity,
    place: &'a str,
    field: FieldName,
    code: &'a str,
    message: &'a str,
    help: &'a str,
}

impl<'a> From<&'a PlacedProblem> for ProblemJson<'a> {
    fn from(placed: &'a PlacedProblem) -> Self {
        let problem = &placed.problem;
        Self {
            severity: problem.severity,
            place: &placed.place,
            field: problem.field.name,
            code: &problem.code,
            message: &problem.message,
            help: &problem.help,
        }
    }
}

/// Whether one of them stops the release from being delivered.
pub(crate) fn stop(problems: &[PlacedProblem]) -> bool {
    problems.iter().any(|placed| placed.problem.severity == Severity::Error)
}

/// A line each, and what to do about it on the next.
pub(crate) fn remark(terminal: &Terminal, problems: &[PlacedProblem]) {
    for placed in problems {
        let problem = &placed.problem;
        terminal.remark(format_args!("  {:<8} {}", word(problem.severity), problem.message));
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
