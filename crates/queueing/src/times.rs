use std::fmt::Write as _;

use crate::figures::Figures;
use crate::inputs::Inputs;
use crate::pipeline::{Ran, Settings, run};
use crate::week::{Backlog, week};

/// Seconds of a day.
const DAY: f64 = 86_400.0;

struct Scenario {
    name: &'static str,
    labels: u32,
    backlog: Option<Backlog>,
    settings: Settings,
}

/// Table of how long releases take and what that needs, as Markdown.
#[must_use]
pub fn times(inputs: &Inputs, seed: u64) -> String {
    let scenarios = scenarios(inputs);
    let ran: Vec<(&Scenario, Ran)> = scenarios
        .iter()
        .map(|scenario| {
            let week = week(inputs, scenario.labels, scenario.backlog, seed);
            (scenario, run(inputs, scenario.settings, &week, seed))
        })
        .collect();
    let mut text = String::new();
    table(
        &mut text,
        &[
            "a week of",
            "tracks",
            "manifest → ready",
            "manifest → artists told, no date",
            "Friday midnight → artists told",
        ],
        ran.iter().map(|(scenario, ran)| {
            [scenario.name.to_owned(), number(ran.tracks), spread(&ran.ready), spread(&ran.told), spread(&ran.late)]
        }),
    );
    table(
        &mut text,
        &["a week of", "waited for intake", "for transcode", "for the catalogue", "in the outbox's stream"],
        ran.iter().map(|(scenario, ran)| {
            [
                scenario.name.to_owned(),
                spread(&ran.intake_age),
                spread(&ran.transcode_age),
                spread(&ran.catalogue_age),
                spread(&ran.stream_age),
            ]
        }),
    );
    table(
        &mut text,
        &[
            "a week of",
            "transcodes at once",
            "intakes",
            "catalogue",
            "cold starts of transcode",
            "errands/s, busiest minute",
            "table's writes/s, busiest minute",
        ],
        ran.iter().map(|(scenario, ran)| {
            [
                scenario.name.to_owned(),
                ran.transcodes.to_string(),
                ran.intakes.to_string(),
                ran.catalogues.to_string(),
                format!("{:.0} %", ran.cold_share * 100.0),
                format!("{:.1}", ran.errands_per_second),
                format!("{:.1}", ran.writes_per_second),
            ]
        }),
    );
    for (scenario, ran) in ran.iter().filter(|(_, ran)| ran.backlog_ready.count() > 0) {
        let _ = writeln!(
            text,
            "- {}: the back catalogue's own releases are ready after {} (p50 / p99 / longest).",
            scenario.name,
            spread(&ran.backlog_ready)
        );
    }
    text
}

fn scenarios(inputs: &Inputs) -> Vec<Scenario> {
    let service = &inputs.service;
    let built = Settings {
        transcodes: service.transcode.most,
        megabytes: service.transcode.memory_megabytes,
        sweep_at_once: service.sweep.at_once,
        lanes: service.notify.partitions * service.notify.factor,
    };
    // Thursday afternoon, when most deliveries come: a label that moves in, or an operator who re-drives what had failed.
    let moved_in = Backlog { at: 5.0 * DAY + 15.0 * 3_600.0, tracks: 10_000, every: 0.05 };
    let scenario = |name, labels, backlog, settings| Scenario { name, labels, backlog, settings };
    vec![
        scenario("10 labels", 10, None, built),
        scenario("1,000 labels", 1_000, None, built),
        scenario("100,000 labels", 100_000, None, built),
        scenario("100,000 labels, a sweep of one at a time", 100_000, None, Settings { sweep_at_once: 1.0, ..built }),
        scenario(
            "100,000 labels, the stream read by one a partition",
            100_000,
            None,
            Settings { lanes: service.notify.partitions, ..built },
        ),
        scenario("100,000 labels, 10 transcodes at most", 100_000, None, Settings { transcodes: 10, ..built }),
        scenario("1,000 labels, and 10,000 tracks at once on Thursday", 1_000, Some(moved_in), built),
        scenario(
            "the same with 1,000 transcodes at most",
            1_000,
            Some(moved_in),
            Settings { transcodes: 1_000, ..built },
        ),
    ]
}

fn table<const N: usize>(text: &mut String, head: &[&str; N], rows: impl Iterator<Item = [String; N]>) {
    let _ = writeln!(text, "| {} |\n|{}", head.join(" | "), "---|".repeat(N));
    for row in rows {
        let _ = writeln!(text, "| {} |", row.join(" | "));
    }
    text.push('\n');
}

fn spread(figures: &Figures) -> String {
    if figures.count() == 0 {
        return "–".to_owned();
    }
    format!("{} / {} / {}", span(figures.quantile(0.5)), span(figures.quantile(0.99)), span(figures.most()))
}

/// `0.4 s`, `12 s`, `3:05 min`, `2:10 h`.
fn span(seconds: f64) -> String {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a time is not negative")]
    let whole = seconds.round() as u64;
    match seconds {
        _ if seconds < 9.95 => format!("{seconds:.1} s"),
        _ if whole < 120 => format!("{whole} s"),
        _ if whole < 7_200 => format!("{}:{:02} min", whole / 60, whole % 60),
        _ => format!("{}:{:02} h", whole / 3_600, whole / 60 % 60),
    }
}

fn number(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
