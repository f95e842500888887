use std::collections::HashMap;
use std::io::{self, Write as _};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use super::terminal::harmless;

/// How far long work is: bars on a terminal, else a line when a piece of work begins.
pub(crate) struct Progress {
    kind: Kind,
}

enum Kind {
    Bars { all: MultiProgress, bars: HashMap<String, ProgressBar> },
    Lines { begun: Vec<String> },
    None,
}

/// A bar has this many steps.
const STEPS: u64 = 1000;

impl Progress {
    pub(super) fn bars() -> Self {
        Self { kind: Kind::Bars { all: MultiProgress::new(), bars: HashMap::new() } }
    }

    pub(super) fn lines() -> Self {
        Self { kind: Kind::Lines { begun: Vec::new() } }
    }

    pub(super) fn none() -> Self {
        Self { kind: Kind::None }
    }

    /// Shows how far a piece of work is, from 0 to 1. Its name stays the same; it never goes back.
    pub(crate) fn show(&mut self, name: &str, fraction: f64) {
        match &mut self.kind {
            Kind::Bars { all, bars } => {
                let bar = bars.entry(name.to_owned()).or_insert_with(|| all.add(bar(name)));
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 1000")]
                let step = (fraction.clamp(0.0, 1.0) * STEPS as f64) as u64;
                bar.set_position(step.max(bar.position()));
            }
            Kind::Lines { begun } => {
                if !begun.iter().any(|known| known == name) {
                    begun.push(name.to_owned());
                    // Nobody may be reading; the work goes on all the same.
                    let _ = writeln!(io::stderr(), "{}", harmless(&name));
                }
            }
            Kind::None => {}
        }
    }

    /// Takes everything away that does not satisfy a condition.
    pub(crate) fn keep(&mut self, mut keep: impl FnMut(&str) -> bool) {
        if let Kind::Bars { bars, .. } = &mut self.kind {
            bars.retain(|name, bar| {
                let keep = keep(name);
                if !keep {
                    bar.finish_and_clear();
                }
                keep
            });
        }
    }

    /// Takes everything away.
    pub(super) fn clear(&mut self) {
        self.keep(|_| false);
    }

    /// Writes something without tearing the bars.
    pub(super) fn beside(&self, write: impl FnOnce()) {
        match &self.kind {
            Kind::Bars { all, .. } => all.suspend(write),
            Kind::Lines { .. } | Kind::None => write(),
        }
    }
}

fn bar(name: &str) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:28.red/black} {percent:>3} %  {msg}");
    let style = style.expect("the template is a constant that a test has shown").progress_chars("━━─");
    ProgressBar::new(STEPS).with_style(style).with_message(harmless(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_can_be_drawn_and_never_go_back() {
        let mut progress = Progress::bars();
        progress.show("Reading", 0.5);
        progress.show("Reading", 0.25);
        let Kind::Bars { bars, .. } = &progress.kind else { unreachable!() };
        assert_eq!(bars["Reading"].position(), 500);
        progress.keep(|_| false);
        let Kind::Bars { bars, .. } = &progress.kind else { unreachable!() };
        assert!(bars.is_empty());
    }
}
