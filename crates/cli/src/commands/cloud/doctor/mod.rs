//! `cloud doctor`: facts are fetched at the edge, and judged by pure functions.

mod facts;
mod fetch;
mod judge;
#[cfg(test)]
mod judge_tests;
mod policy;
mod watch;

use serde::Serialize;

use self::judge::{Area, Finding, Severity, judge};
use super::deployment::Deployment;
use crate::arguments::Doctor;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Ended, Terminal};

/// `cloud doctor --json`.
#[derive(Debug, Serialize)]
struct Report<'a> {
    stack: &'a str,
    region: &'a str,
    /// Nothing is wrong and everything could be seen.
    healthy: bool,
    findings: &'a [Finding],
}

pub(super) async fn run(arguments: Doctor, terminal: &Terminal) -> Result<Ended, Failure> {
    let deployment = Deployment::find(&arguments.stack).await?;
    let facts = fetch::facts(&deployment).await?;
    let findings = judge(&facts);
    for line in lines(&findings) {
        terminal.say(line);
    }
    let healthy = findings.iter().all(|finding| finding.severity == Severity::Notice);
    let exit = if healthy { Exit::Done } else { Exit::Failed };
    let report = Report { stack: &deployment.stack, region: &deployment.region, healthy, findings: &findings };
    Ok(Ended::with(exit, &report))
}

/// What a person reads: a line an area, and beneath it what was found.
fn lines(findings: &[Finding]) -> Vec<String> {
    let mut lines = Vec::new();
    for area in Area::ALL {
        let here: Vec<&Finding> = findings.iter().filter(|finding| finding.area == area).collect();
        if here.is_empty() {
            lines.push(format!("{:<10} all well", area.name()));
        }
        for finding in here {
            let word = match finding.severity {
                Severity::Wrong => "wrong",
                Severity::Unknown => "unknown",
                Severity::Notice => "notice",
            };
            lines.push(format!("{:<10} {word}: {}", area.name(), finding.message));
            if !finding.help.is_empty() {
                lines.push(format!("{:<10} {}", "", finding.help));
            }
        }
    }
    lines
}
