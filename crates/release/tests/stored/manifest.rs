use jiff::Timestamp;
use proptest::prelude::*;
use release::{
    Contributor, DeliveryId, Entry, Field, FieldName, Manifest, ManifestError, ReleaseKind, Role, Territories,
};
use serde_json::{Value, json};

use crate::example;

/// Version 1, as its first reader wrote it. It is read for ever, and never written anew.
const VERSION_1: &[u8] = include_bytes!("../golden/delivery-1.json");

fn delivery(n: u128) -> DeliveryId {
    DeliveryId::new(example::now(), n)
}

/// Every field and every form of a value at least once.
fn manifest() -> Manifest {
    let mut release = example::release();
    release.version = "Deluxe".to_owned();
    release.contributors.push(Contributor::new("Bo Birk", Role::FeaturedArtist));
    release.original_release_date = Entry::read("1994-05-06");
    release.territories = Territories::Except(["US".parse().unwrap(), "XK".parse().unwrap()].into());
    release.kind_override = Some(ReleaseKind::Ep);
    release.tracks[0].version = "Live".to_owned();
    release.tracks[0].p_line = Entry::read("1994 Owner");
    release.tracks[0].language = "zxx".to_owned();
    release.tracks[1].isrc = Entry::Missing;
    release.tracks[2].master = None;
    release.tracks[2].advisory = None;
    Manifest::new(delivery(4), Some(delivery(3)), example::now(), release)
}

/// The golden file with one value set, found by its path.
fn spoilt(pointer: &str, value: Value) -> Result<Manifest, ManifestError> {
    let mut json: Value = serde_json::from_slice(VERSION_1).unwrap();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = json.pointer_mut(parent).unwrap();
    match parent.as_array_mut() {
        Some(array) => array[name.parse::<usize>().unwrap()] = value,
        None => parent[name] = value,
    }
    Manifest::from_json(&serde_json::to_vec(&json).unwrap())
}

#[test]
fn todays_writer_writes_version_1_to_the_byte() {
    let written = manifest().to_json();
    assert_eq!(String::from_utf8(written).unwrap(), String::from_utf8(VERSION_1.to_vec()).unwrap());
}

#[test]
fn todays_reader_reads_version_1() {
    assert_eq!(Manifest::from_json(VERSION_1).unwrap(), manifest());
}

#[test]
fn the_metadata_hash_is_the_same_for_ever() {
    let hash = manifest().metadata_hash().to_string();
    assert_eq!(hash, Manifest::from_json(VERSION_1).unwrap().metadata_hash().to_string());
    insta::assert_snapshot!(hash);
}

#[test]
fn a_changed_byte_or_field_changes_the_metadata_hash() {
    let before = manifest();
    let mut release = before.release.clone();
    release.tracks[0].title.push('s');
    let retitled = Manifest::new(delivery(4), None, example::now(), release);
    let mut release = before.release.clone();
    release.artwork.as_mut().unwrap().asset = example::asset("another cover", "jpg", 3_200_000);
    let repainted = Manifest::new(delivery(4), None, example::now(), release);
    assert_ne!(before.metadata_hash(), retitled.metadata_hash());
    assert_ne!(before.metadata_hash(), repainted.metadata_hash());
    // A second delivery of the same release is about the same metadata.
    let again = Manifest::new(delivery(9), Some(delivery(4)), Timestamp::UNIX_EPOCH, before.release.clone());
    assert_eq!(before.metadata_hash(), again.metadata_hash());
}

#[test]
fn what_is_no_manifest_of_version_1_is_refused_with_the_reason() {
    let track = "/release/tracks/0";
    let id = |n| json!(delivery(n).to_string());
    let refused = [
        ("another format", spoilt("/format", json!("lacquer.draft"))),
        ("a later version", spoilt("/version", json!(2))),
        ("a later version with fields of its own", spoilt("/version", json!(2_000))),
        ("no version", spoilt("/version", json!(null))),
        ("itself as predecessor", spoilt("/supersedes", id(4))),
        ("a later predecessor", spoilt("/supersedes", id(5))),
        ("an id in lower case", spoilt("/delivery", json!(delivery(4).to_string().to_lowercase()))),
        ("a field of the manifest that is not", spoilt("/key", json!("x"))),
        ("a field of the release that is not", spoilt("/release/keys", json!("x"))),
        ("a field of a track that is not", spoilt(&format!("{track}/key"), json!("x"))),
        ("a field of an asset that is not", spoilt(&format!("{track}/master/asset/key"), json!("x"))),
        ("a field of the facts that is not", spoilt(&format!("{track}/master/facts/key"), json!("x"))),
        ("a hash that is short", spoilt(&format!("{track}/master/asset/sha256"), json!("abc"))),
        ("a checksum that is none", spoilt(&format!("{track}/master/asset/crc64"), json!("abc"))),
        ("a length below nothing", spoilt(&format!("{track}/master/asset/bytes"), json!(-1))),
        ("an extension that leads elsewhere", spoilt(&format!("{track}/master/asset/extension"), json!("/../x"))),
        ("no extension", spoilt("/release/artwork/asset/extension", json!(""))),
        ("an advisory that is none", spoilt(&format!("{track}/advisory"), json!("maybe"))),
        ("a territory that is none", spoilt("/release/territories", json!({ "only": ["QQ"] }))),
        ("a track twice", spoilt("/release/tracks/1/id", json!(example::track_id(1).to_string()))),
        ("half of it", Manifest::from_json(&VERSION_1[..VERSION_1.len() / 2])),
        ("nothing", Manifest::from_json(b"")),
        ("a list", Manifest::from_json(b"[]")),
    ];
    let said: Vec<String> =
        refused.into_iter().map(|(given, result)| format!("{given}: {}", result.unwrap_err())).collect();
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn what_does_not_parse_in_a_release_is_read_as_it_was_entered() {
    let manifest = spoilt("/release/upc", json!("19029581O726")).unwrap();
    assert_eq!(manifest.release.upc, Entry::Invalid("19029581O726".to_owned()));
}

proptest! {
    #[test]
    fn a_manifest_is_read_as_it_is_written(
        texts in prop::collection::vec((any::<prop::sample::Index>(), any::<bool>(), any::<String>()), 0..12),
        lufs in prop::option::of(-70_000_i32..3_000),
        frames: u64,
    ) {
        let mut release = example::release();
        let track = release.tracks[0].id;
        for (name, of_track, text) in texts {
            let name = *name.get(FieldName::ALL);
            let _ = release.set(if of_track { Field::of_track(track, name) } else { Field::of_release(name) }, &text);
        }
        let master = release.tracks[0].master.as_mut().unwrap();
        master.loudness.integrated_lufs = lufs.map(|lufs| f64::from(lufs) / 1000.0);
        master.facts.frames = frames;
        let manifest = Manifest::new(delivery(1), None, example::now(), release);
        let read = Manifest::from_json(&manifest.to_json()).unwrap();
        prop_assert_eq!(read.metadata_hash(), manifest.metadata_hash());
        prop_assert_eq!(read, manifest);
    }

    /// A desk measures to the last bit, and what it hashed is what the cloud reads.
    #[test]
    fn the_metadata_hash_survives_storing_whatever_was_measured(peak in prop_oneof![any::<f64>(), -70.0..3.0_f64]) {
        let mut release = example::release();
        release.tracks[0].master.as_mut().unwrap().loudness.true_peak_dbtp = Some(peak);
        let manifest = Manifest::new(delivery(1), None, example::now(), release);
        let read = Manifest::from_json(&manifest.to_json()).unwrap();
        prop_assert_eq!(read.metadata_hash(), manifest.metadata_hash());
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes: Vec<u8>, at: prop::sample::Index, byte: u8) {
        let _ = Manifest::from_json(&bytes);
        let mut golden = VERSION_1.to_vec();
        let at = at.index(golden.len());
        golden[at] = byte;
        let _ = Manifest::from_json(&golden);
    }
}
