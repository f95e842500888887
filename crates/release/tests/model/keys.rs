use proptest::prelude::*;
use release::keys::{self, ManifestKey};
use release::{DeliveryId, LabelId, Recipe, ReleaseId, Sha256, profile};

use crate::example;

fn label() -> LabelId {
    "lacquer".parse().unwrap()
}

#[test]
fn keys_are_laid_out_as_designed() {
    let asset = example::asset("Harbour", "flac", 1);
    let recipe: Recipe = Sha256::of(b"recipe").to_string().parse().unwrap();
    let release = ReleaseId::new(example::now(), 1);
    let delivery = DeliveryId::new(example::now(), 2);
    insta::assert_snapshot!(
        [
            keys::asset(&label(), &asset),
            keys::manifest(&label(), release, delivery),
            keys::rendition(&label(), recipe, &profile::WAV_16_44),
            keys::rendition(&label(), recipe, &profile::PREVIEW),
        ]
        .join("\n")
    );
}

#[test]
fn what_is_no_manifests_key_is_passed_over() {
    let id = "01M8236JM00000000000000001";
    let good = format!("lacquer/releases/{id}/deliveries/{id}.delivery.json");
    assert!(ManifestKey::parse(&good).is_some());
    let bad = [
        String::new(),
        "/".repeat(4),
        good.to_uppercase(),
        good.to_lowercase(),
        format!("/{good}"),
        format!("{good}/"),
        format!("{good}.tmp"),
        format!("../{good}"),
        format!("lacquer/{good}"),
        good.replace("lacquer/", "/"),
        good.replace("lacquer/", "Lacquer/"),
        good.replace("lacquer/", "../"),
        good.replace("lacquer/", "lac%71uer/"),
        good.replace('/', "%2F"),
        good.replace('/', "//"),
        good.replace("/releases/", "/releases/../releases/"),
        good.replace("/releases/", "/assets/"),
        good.replace("/deliveries/", "/delivery/"),
        good.replace(".delivery.json", ".json"),
        good.replace(".delivery.json", ".delivery.json.delivery.json"),
        good.replace("01M8236JM", "01m8236jm"),
        good.replace(id, ".."),
        good.replace(id, ""),
        good.replacen('0', "O", 1),
        good.replace("/deliveries/", "\\deliveries\\"),
        format!("{good}\0"),
        format!("{good} "),
    ];
    for key in bad {
        assert_eq!(ManifestKey::parse(&key), None, "{key}");
    }
}

proptest! {
    #[test]
    fn a_manifests_key_is_read_as_it_is_written(
        label in "[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?", release: u128, delivery: u128,
    ) {
        let label: LabelId = label.parse().unwrap();
        let (release, delivery) = (ReleaseId::new(example::now(), release), DeliveryId::new(example::now(), delivery));
        let key = keys::manifest(&label, release, delivery);
        prop_assert_eq!(ManifestKey::parse(&key), Some(ManifestKey { label, release, delivery }));
    }

    /// Two keys of one manifest would be two deliveries.
    #[test]
    fn a_key_that_is_read_is_the_one_that_would_be_written(key in "([a-z0-9-]|/|releases|deliveries|[.]|%2F){0,20}") {
        let whole = format!("{key}/releases/01M8236JM00000000000000001/deliveries/01M8236JM00000000000000002.delivery.json");
        for key in [key, whole] {
            if let Some(ManifestKey { label, release, delivery }) = ManifestKey::parse(&key) {
                prop_assert_eq!(keys::manifest(&label, release, delivery), key);
            }
        }
    }
}

/// Where stores keep what they move aside, no label's objects may lie.
#[test]
fn no_label_has_the_name_under_which_files_are_moved_aside() {
    let refused = "set-aside".parse::<LabelId>().unwrap_err();
    assert_eq!(
        refused.to_string(),
        "\"set-aside\" cannot be a label's id: files that were moved aside lie under this name"
    );
    assert!("set-asides".parse::<LabelId>().is_ok());
}
