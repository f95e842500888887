//! Numbers of tracks and discs.

use std::collections::{BTreeMap, BTreeSet};

use super::phrase::{listed, quoted, thousands};
use super::{Problem, is_blank};
use crate::{Field, FieldName, Release, Track};

pub(super) fn problems(release: &Release) -> Vec<Problem> {
    if release.tracks.is_empty() {
        let help = "Add the masters: WAV, AIFF, FLAC, ALAC or CAF.";
        return vec![Problem::error(tracks(), "tracks-missing", "The release has no tracks.", help)];
    }
    let mut discs: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    for track in release.tracks.iter().filter(|track| track.number > 0) {
        discs.entry(track.disc).or_default().insert(track.number);
    }
    let several = discs.len() > 1;
    let mut problems: Vec<Problem> = release.tracks.iter().filter_map(zero).collect();
    problems.extend(number_twice(release));
    problems.extend(missing_discs(&discs));
    problems.extend(discs.iter().filter_map(|(disc, numbers)| missing_numbers(*disc, numbers, several)));
    problems
}

fn tracks() -> Field {
    Field::of_release(FieldName::Tracks)
}

fn zero(track: &Track) -> Option<Problem> {
    let name = match (track.number, track.disc) {
        (0, _) => FieldName::Number,
        (_, 0) => FieldName::Disc,
        _ => return None,
    };
    Some(Problem::error(
        Field::of_track(track.id, name),
        "number-zero",
        format!("The release has {} with the {} 0.", title(track), name.words()),
        "Count from 1.",
    ))
}

fn number_twice(release: &Release) -> Vec<Problem> {
    let mut first: BTreeMap<(u32, u32), &Track> = BTreeMap::new();
    let mut problems = Vec::new();
    for track in release.tracks.iter().filter(|track| track.number > 0) {
        let holder = *first.entry((track.disc, track.number)).or_insert(track);
        if holder.id != track.id {
            let (one, other) = (title(holder), title(track));
            problems.push(Problem::error(
                Field::of_track(track.id, FieldName::Number),
                "number-twice",
                format!("Disc {} has two tracks {}: {one} and {other}.", track.disc, track.number),
                "Give one of them another number, or take it out.",
            ));
        }
    }
    problems
}

fn missing_discs(discs: &BTreeMap<u32, BTreeSet<u32>>) -> Option<Problem> {
    let gaps = gaps(discs.keys().copied().filter(|disc| *disc > 0), "disc");
    (!gaps.is_empty()).then(|| {
        let message = format!("The release has no {}.", listed(&gaps));
        Problem::error(tracks(), "disc-gap", message, "Add what is missing, or number the discs anew.")
    })
}

fn missing_numbers(disc: u32, numbers: &BTreeSet<u32>, several_discs: bool) -> Option<Problem> {
    let gaps = gaps(numbers.iter().copied(), "track");
    let whose = if several_discs { format!("Disc {disc}") } else { "The release".to_owned() };
    (!gaps.is_empty()).then(|| {
        let message = format!("{whose} has no {}.", listed(&gaps));
        Problem::error(tracks(), "number-gap", message, "Add what is missing, or number the tracks anew.")
    })
}

fn title(track: &Track) -> String {
    match track.display_title() {
        title if is_blank(&title) => "a track without a title".to_owned(),
        title => quoted(&title),
    }
}

/// What is left out of 1, 2, 3, … up to the last number: `track 3`, `tracks 5 to 8`.
fn gaps(numbers: impl Iterator<Item = u32>, what: &str) -> Vec<String> {
    let mut gaps = Vec::new();
    let mut expected = 1_u32;
    for number in numbers {
        match number.saturating_sub(expected) {
            0 => {}
            1 => gaps.push(format!("{what} {}", thousands(expected.into()))),
            _ => gaps.push(format!("{what}s {} to {}", thousands(expected.into()), thousands((number - 1).into()))),
        }
        expected = number.saturating_add(1);
    }
    gaps
}
