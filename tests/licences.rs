//! Everything that is linked comes from crates.io, under a licence that deny.toml allows.
//!
//! The same file is what cargo-deny judges; this needs nothing installed, so that every `make test` holds it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;

use cargo_metadata::{MetadataCommand, Package};
use serde::Deserialize;
use spdx::{Expression, Licensee, ParseMode};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The part of deny.toml that is held here.
#[derive(Deserialize)]
struct Deny {
    licenses: Licenses,
    bans: Bans,
}

#[derive(Deserialize)]
struct Licenses {
    allow: Vec<String>,
    exceptions: Vec<Exception>,
}

#[derive(Deserialize)]
struct Exception {
    #[serde(rename = "crate")]
    name: String,
    allow: Vec<String>,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<Ban>,
}

#[derive(Deserialize)]
struct Ban {
    #[serde(rename = "crate")]
    name: String,
}

#[test]
fn every_licence_is_allowed() {
    let deny = deny();
    let allowed = licensees(&deny.licenses.allow);
    let exceptions: BTreeMap<&str, Vec<Licensee>> =
        deny.licenses.exceptions.iter().map(|e| (e.name.as_str(), licensees(&e.allow))).collect();

    for package in linked() {
        let licence = package.license.as_deref().unwrap_or_else(|| panic!("{} names no licence", package.name));
        let expression = Expression::parse_mode(licence, ParseMode::LAX)
            .unwrap_or_else(|error| panic!("{}'s licence cannot be read: {error}", package.name));
        let also = exceptions.get(package.name.as_str()).map_or(&[][..], Vec::as_slice);
        let fits = expression.evaluate(|needed| allowed.iter().chain(also).any(|licensee| licensee.satisfies(needed)));
        assert!(fits, "{} {} is under {licence}, which deny.toml does not allow", package.name, package.version);
    }
}

#[test]
fn every_source_is_crates_io() {
    for package in linked() {
        let source = package.source.as_ref().expect("linked() holds what has a source");
        assert!(source.is_crates_io(), "{} comes from {source}", package.name);
    }
}

#[test]
fn nothing_that_is_banned_is_there() {
    let deny = deny();
    for package in linked() {
        let banned = deny.bans.deny.iter().any(|ban| ban.name == package.name.as_str());
        assert!(!banned, "{} is banned by deny.toml", package.name);
    }
}

#[test]
fn the_notice_names_every_crate_whose_licence_asks_for_it() {
    let notice = fs::read_to_string(format!("{ROOT}/NOTICE.md")).unwrap();
    for package in linked() {
        let licence = package.license.clone().unwrap_or_default();
        let asks = ["MPL-2.0", "LGPL-3.0"].contains(&licence.as_str());
        let family = package.name.as_str().split('-').next().unwrap_or_default();
        let named = notice.contains(&format!("`{}`", package.name)) || notice.contains(&format!("`{family}-*`"));
        assert!(!asks || named, "NOTICE.md does not name {}, which is under {licence}", package.name);
    }
}

fn deny() -> Deny {
    toml::from_str(&fs::read_to_string(format!("{ROOT}/deny.toml")).unwrap()).unwrap()
}

fn licensees(names: &[String]) -> Vec<Licensee> {
    let licensee = |name: &String| Licensee::parse_mode(name, ParseMode::LAX);
    names.iter().map(|name| licensee(name).unwrap_or_else(|error| panic!("{name}: {error}"))).collect()
}

/// Every crate of others, of every platform and feature.
fn linked() -> Vec<Package> {
    let metadata = MetadataCommand::new()
        .manifest_path(format!("{ROOT}/Cargo.toml"))
        .other_options(["--locked".to_owned(), "--all-features".to_owned()])
        .exec()
        .unwrap();
    metadata.packages.into_iter().filter(|package| package.source.is_some()).collect()
}
