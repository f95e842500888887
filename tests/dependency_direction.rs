//! Dependencies point one way, and every crate keeps the house's lints.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};

/// What each crate may use of this workspace in what ships: no more than this, and no less.
const EDGES: &[(&str, &[&str])] = &[
    ("audio", &["release"]),
    ("cloud", &["audio", "release", "upload"]),
    ("demo-album", &["audio", "release"]),
    ("desktop", &["audio", "cloud", "release", "upload"]),
    ("fake-cloud", &[]),
    ("fake-keyring", &[]),
    ("fake-s3", &[]),
    ("lacquer", &["desktop", "release"]),
    ("lacquer-cli", &["audio", "desktop", "release"]),
    ("queueing", &[]),
    ("release", &[]),
    ("upload", &[]),
];

/// Crates of others that must not be reached, in what ships, from a crate of ours: the reason is the last column.
const UNREACHABLE: &[(&str, &[&str], &str)] = &[
    (
        "release",
        &["tokio", "futures", "async-trait", "rusqlite", "rustix", "reqwest", "hyper", "symphonia", "tauri"],
        "what a release is needs no I/O and nothing asynchronous",
    ),
    ("audio", &["tokio", "hyper", "rusqlite", "tauri", "cpal", "aws-sdk-s3"], "sound needs no network"),
    ("upload", &["tauri", "rusqlite", "symphonia", "lofty", "image", "cpal"], "the sender knows nothing of music"),
    (
        "cloud",
        &["tauri", "cpal", "dirs", "fake-cloud", "fake-keyring", "fake-s3"],
        "a function in the cloud has no window, sound card or home",
    ),
    ("desktop", &["tauri", "fake-cloud", "fake-keyring", "fake-s3"], "the app works without a window"),
    ("lacquer-cli", &["tauri", "fake-cloud", "fake-keyring", "fake-s3"], "the command line works without a window"),
    ("lacquer", &["fake-cloud", "fake-keyring", "fake-s3", "fantoccini"], "the test servers never ship"),
];

#[test]
fn dependencies_point_one_way() {
    let metadata = metadata();
    let allowed: BTreeMap<&str, BTreeSet<&str>> =
        EDGES.iter().map(|(from, to)| (*from, to.iter().copied().collect())).collect();
    let members: BTreeSet<&str> = members(&metadata).map(|package| package.name.as_str()).collect();
    assert_eq!(members, allowed.keys().copied().collect(), "every crate of the workspace has its line in EDGES");

    for package in self::members(&metadata) {
        let used: BTreeSet<&str> = package
            .dependencies
            .iter()
            .filter(|dependency| dependency.kind != DependencyKind::Development)
            .map(|dependency| dependency.name.as_str())
            .filter(|name| members.contains(name))
            .collect();
        assert_eq!(used, allowed[package.name.as_str()], "what {} uses of this workspace", package.name);
    }
}

#[test]
fn no_crate_reaches_what_is_not_for_it() {
    let metadata = metadata();
    for (from, forbidden, reason) in UNREACHABLE {
        let reached = reached(&metadata, from);
        for name in *forbidden {
            assert!(!reached.contains(*name), "{from} reaches {name}, but {reason}");
        }
    }
}

#[test]
fn every_crate_keeps_the_lints_and_only_audio_may_be_unsafe() {
    for package in members(&metadata()) {
        let manifest = fs::read_to_string(&package.manifest_path).unwrap();
        let own_lints = manifest.contains("[lints.rust]");
        if package.name.as_str() == "audio" && own_lints {
            // A crate cannot take the workspace's lints and loosen one: audio, which calls libFLAC, repeats them.
            for lint in workspace_lints() {
                assert!(manifest.contains(&lint), "audio repeats the workspace's lint `{lint}`");
            }
            assert!(manifest.contains("unsafe_code = \"deny\""), "audio says where it is unsafe, each time");
        } else {
            assert!(
                manifest.contains("[lints]\nworkspace = true"),
                "{} takes the workspace's lints, and with them `unsafe_code = \"forbid\"`",
                package.name
            );
        }
    }
    assert!(root_manifest().contains("unsafe_code = \"forbid\""));
}

/// The workspace's lint lines but the one that audio may loosen.
fn workspace_lints() -> Vec<String> {
    root_manifest()
        .lines()
        .skip_while(|line| !line.starts_with("[workspace.lints"))
        .take_while(|line| !line.starts_with("[workspace.dependencies"))
        .filter(|line| line.contains(" = ") && !line.starts_with('#') && !line.starts_with("unsafe_code"))
        .map(ToOwned::to_owned)
        .collect()
}

fn root_manifest() -> String {
    fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).unwrap()
}

/// Every crate that is linked into one, by way of what ships: no tests' and no build scripts' dependencies.
fn reached<'a>(metadata: &'a Metadata, from: &str) -> BTreeSet<&'a str> {
    let resolve = metadata.resolve.as_ref().unwrap();
    let nodes: BTreeMap<_, _> = resolve.nodes.iter().map(|node| (&node.id, node)).collect();
    let names: BTreeMap<_, _> = metadata.packages.iter().map(|package| (&package.id, package.name.as_str())).collect();
    let start = members(metadata).find(|package| package.name.as_str() == from);
    let mut open = vec![&start.unwrap_or_else(|| panic!("{from} is a crate of this workspace")).id];
    let mut seen = BTreeSet::new();
    while let Some(id) = open.pop() {
        for dependency in &nodes[id].deps {
            let ships = dependency.dep_kinds.iter().any(|kind| kind.kind == DependencyKind::Normal);
            if ships && seen.insert(&dependency.pkg) {
                open.push(&dependency.pkg);
            }
        }
    }
    seen.into_iter().map(|id| names[id]).collect()
}

fn members(metadata: &Metadata) -> impl Iterator<Item = &Package> {
    metadata.packages.iter().filter(|package| metadata.workspace_members.contains(&package.id))
}

fn metadata() -> Metadata {
    // Of this platform: what other systems link is judged by the same edges.
    MetadataCommand::new()
        .manifest_path(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .other_options(["--offline".to_owned(), "--locked".to_owned(), "--filter-platform".to_owned(), host()])
        .exec()
        .unwrap()
}

/// The triple that this test was built for, as `rustc -vV` says it.
fn host() -> String {
    let output = std::process::Command::new("rustc").arg("-vV").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().find_map(|line| line.strip_prefix("host: ")).unwrap().to_owned()
}
