use std::collections::BTreeSet;

use release::profile::{self, Profile};
use release::{DeliveryId, Manifest, Recipe, RecipeInput, Release, Sha256, Tag, Tags};

use crate::example;

fn manifest(release: Release) -> Manifest {
    Manifest::new(DeliveryId::new(example::now(), 4), None, example::now(), release)
}

fn recipes(release: &Release, track: usize) -> [Recipe; 4] {
    let manifest = manifest(release.clone());
    profile::ALL.map(|profile| Recipe::of(&manifest, &manifest.release.tracks[track], profile).unwrap())
}

/// The names of the profiles whose recipes of the first track change with the release.
fn made_anew(change: fn(&mut Release)) -> Vec<&'static str> {
    let mut release = example::release();
    let before = recipes(&release, 0);
    change(&mut release);
    let after = recipes(&release, 0);
    let pairs = before.into_iter().zip(after);
    profile::ALL.iter().zip(pairs).filter(|(_, (old, new))| old != new).map(|(profile, _)| profile.name).collect()
}

/// Were these to change, every rendition of every label would be made anew.
#[test]
fn recipes_are_the_same_for_ever() {
    let recipes = recipes(&example::release(), 0);
    let lines: Vec<String> =
        profile::ALL.iter().zip(recipes).map(|(profile, recipe)| format!("{} {recipe}", profile.name)).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

type Case<'a> = (&'a str, fn(&mut Release), &'a [&'a str]);

#[test]
fn a_recipe_changes_with_all_that_changes_the_bytes_and_with_nothing_else() {
    let all = ["flac", "wav-16-44", "mp3-320", "preview"];
    let pictured = ["flac", "mp3-320", "preview"];
    let cases: [Case; 12] = [
        ("nothing", |_| {}, &[]),
        ("the master", |r| r.tracks[0].master = Some(example::master("a new mix")), &all),
        ("the title", |r| r.tracks[0].title.push('s'), &all),
        ("the release's title", |r| r.title.push('s'), &all),
        ("a credit", |r| r.contributors[0].name.push('s'), &all),
        ("the date", |r| r.release_date = release::Entry::Missing, &all),
        ("the picture", |r| r.artwork.as_mut().unwrap().asset.sha256 = Sha256::of(b"x"), &pictured),
        ("no picture", |r| r.artwork = None, &pictured),
        ("the preview's start", |r| r.tracks[0].preview_start_ms += 1, &["preview"]),
        ("another track's title", |r| r.tracks[1].title.push('s'), &[]),
        ("the territories", |r| r.territories = "only:DE".parse().unwrap(), &[]),
        ("what was measured", |r| r.tracks[0].master.as_mut().unwrap().loudness.integrated_lufs = None, &[]),
    ];
    for (given, change, expected) in cases {
        assert_eq!(made_anew(change), expected, "{given}");
    }
}

#[test]
fn every_input_counts() {
    let mut tags = Tags::default();
    tags.set(Tag::Title, "Harbour".to_owned());
    let mut retagged = tags.clone();
    retagged.set(Tag::Isrc, "USRC17607839".to_owned());
    let input = RecipeInput {
        master: Sha256::of(b"master"),
        profile: "flac",
        profile_version: 1,
        tags: &tags,
        picture: None,
        preview_start_ms: None,
        gain_db: None,
    };
    let inputs = [
        input.clone(),
        RecipeInput { master: Sha256::of(b"another"), ..input.clone() },
        RecipeInput { profile: "mp3-320", ..input.clone() },
        RecipeInput { profile_version: 2, ..input.clone() },
        RecipeInput { tags: &retagged, ..input.clone() },
        RecipeInput { picture: Some(Sha256::of(b"picture")), ..input.clone() },
        RecipeInput { preview_start_ms: Some(0), ..input.clone() },
        RecipeInput { preview_start_ms: Some(1), ..input.clone() },
        RecipeInput { gain_db: Some(0.0), ..input.clone() },
        RecipeInput { gain_db: Some(-1.5), ..input },
    ];
    let names: BTreeSet<Recipe> = inputs.iter().map(RecipeInput::recipe).collect();
    assert_eq!(names.len(), inputs.len());
}

#[test]
fn a_track_without_a_master_has_no_recipe() {
    let mut release = example::release();
    release.tracks[0].master = None;
    let manifest = manifest(release);
    assert_eq!(Recipe::of(&manifest, &manifest.release.tracks[0], &profile::FLAC), None);
}

/// A profile's name and extension stand in keys and on command lines.
#[test]
fn profiles_are_found_by_their_names() {
    for profile in profile::ALL {
        assert_eq!(profile::by_name(profile.name), Some(profile));
    }
    assert_eq!(profile::by_name("mp3"), None::<&Profile>);
    let names: BTreeSet<&str> = profile::ALL.iter().map(|profile| profile.name).collect();
    assert_eq!(names.len(), profile::ALL.len());
}
