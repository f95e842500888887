//! Nothing is lost in a simulated week, and `docs/scale.md` holds what the program prints.

use std::fs;

use queueing::{Inputs, Settings, run, week};

const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/scale.md");

const SETTINGS: Settings = Settings { transcodes: 100, megabytes: 3_538.0, sweep_at_once: 8.0, lanes: 40 };

#[test]
fn whatever_is_delivered_is_made_and_goes_live_once() {
    let inputs = Inputs::built_in().unwrap();
    for seed in 1..6 {
        let week = week(&inputs, 500, None, seed);
        let ran = run(&inputs, SETTINGS, &week, seed);
        assert_eq!(ran.tracks, week.deliveries.iter().map(|delivery| delivery.tracks.len()).sum::<usize>());
        let later = week.deliveries.iter().filter(|delivery| delivery.date == Some(f64::INFINITY)).count();
        assert_eq!(ran.live, week.deliveries.len() - later + week.due.len(), "as many as are due in the week");
        assert_eq!(ran.told.count() + ran.late.count(), ran.live, "and of each the artists are told");
    }
}

#[test]
fn a_week_is_the_same_for_the_same_seed() {
    let inputs = Inputs::built_in().unwrap();
    let ran = |seed| format!("{:?}", run(&inputs, SETTINGS, &week(&inputs, 100, None, seed), seed));
    assert_eq!(ran(3), ran(3));
    assert_ne!(ran(3), ran(4));
}

#[test]
fn fewer_transcodes_at_a_time_are_slower() {
    let inputs = Inputs::built_in().unwrap();
    let week = week(&inputs, 20_000, None, 1);
    let ready = |transcodes| run(&inputs, Settings { transcodes, ..SETTINGS }, &week, 1).ready.mean();
    assert!(ready(2) > ready(3) && ready(3) > ready(100));
}

/// `LACQUER_BLESS=1` writes the tables anew.
#[test]
fn the_document_holds_what_the_program_prints() {
    let inputs = Inputs::built_in().unwrap();
    let mut document = fs::read_to_string(DOCUMENT).unwrap();
    for (name, said) in [
        ("times", queueing::times(&inputs, 1)),
        ("costs", queueing::costs(&inputs)),
        ("limits", queueing::limits(&inputs)),
    ] {
        let (begin, end) = (format!("<!-- printed: {name} -->\n"), format!("<!-- end: {name} -->"));
        let (before, rest) = document.split_once(&begin).unwrap_or_else(|| panic!("docs/scale.md has no {begin}"));
        let (there, after) = rest.split_once(&end).unwrap();
        if std::env::var_os("LACQUER_BLESS").is_some() {
            document = format!("{before}{begin}{said}{end}{after}");
        } else {
            assert_eq!(there, said, "docs/scale.md is not what `queueing {name}` prints");
        }
    }
    if std::env::var_os("LACQUER_BLESS").is_some() {
        fs::write(DOCUMENT, document).unwrap();
    }
}
