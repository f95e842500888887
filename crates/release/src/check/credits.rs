//! Artists and the label.

use super::phrase::{quoted, track_name};
use super::{Problem, featuring, is_blank};
use crate::{Contributor, Field, FieldName, Release, Role};

pub(super) fn problems(release: &Release) -> Vec<Problem> {
    let mut problems: Vec<Problem> = artist(release).into_iter().chain(label(release)).collect();
    problems.extend(featured_in_name(Field::of_release(FieldName::Artist), &release.contributors));
    let main: Vec<&str> = release.main_artists().collect();
    problems.extend(featured_is_main(
        Field::of_release(FieldName::FeaturedArtist),
        "The release",
        &main,
        &release.contributors,
    ));
    for track in &release.tracks {
        let name = track_name(release, track);
        problems.extend(featured_in_name(Field::of_track(track.id, FieldName::Artist), &track.contributors));
        let own: Vec<&str> = named(&track.contributors, Role::MainArtist).collect();
        let main = if own.is_empty() { &main } else { &own };
        let field = Field::of_track(track.id, FieldName::FeaturedArtist);
        problems.extend(featured_is_main(field, &name, main, &track.contributors));
    }
    problems
}

fn artist(release: &Release) -> Option<Problem> {
    release.main_artists().all(is_blank).then(|| {
        Problem::error(
            Field::of_release(FieldName::Artist),
            "artist-missing",
            "The release has no artist.",
            "Enter who made it, as the name is to be shown. For a compilation, \"Various Artists\".",
        )
    })
}

fn label(release: &Release) -> Option<Problem> {
    is_blank(&release.label).then(|| {
        Problem::error(
            Field::of_release(FieldName::Label),
            "label-missing",
            "The release has no label.",
            "Enter the label's name as it is to be shown.",
        )
    })
}

/// A guest who is written into the main artist's name cannot be found under their own.
fn featured_in_name(field: Field, contributors: &[Contributor]) -> impl Iterator<Item = Problem> {
    named(contributors, Role::MainArtist).filter(|name| featuring::names_a_guest(name)).map(move |name| {
        Problem::warning(
            field,
            "artist-names-guest",
            format!("The artist {} names a featured artist as well.", quoted(name)),
            "Keep the main artist here, and enter the guest as featured artist.",
        )
    })
}

fn featured_is_main(field: Field, of: &str, main: &[&str], contributors: &[Contributor]) -> Vec<Problem> {
    named(contributors, Role::FeaturedArtist)
        .filter(|featured| main.iter().any(|main| main.trim().to_lowercase() == featured.trim().to_lowercase()))
        .map(|featured| {
            Problem::warning(
                field,
                "featured-is-main",
                format!("{of} credits {} as featured artist and as main artist.", quoted(featured)),
                "Keep one of the two credits.",
            )
        })
        .collect()
}

fn named(contributors: &[Contributor], role: Role) -> impl Iterator<Item = &str> {
    contributors.iter().filter(move |c| c.role == role).map(|c| c.name.as_str())
}
