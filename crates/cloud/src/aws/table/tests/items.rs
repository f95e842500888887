//! Items by themselves: what is written is read, and what is damaged is named.

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use proptest::collection::vec;
use proptest::prelude::*;

use super::super::catalogue::{record_item, stored};
use super::super::item::{Item, number, text};
use super::super::outbox::{entry_item, read_entry};
use crate::catalogue::sample::{accepted, accepting, event, failed, key, play, ready, refused, start};
use crate::catalogue::{Change, Fact, Record};

/// What may have happened to a release.
fn history() -> impl Strategy<Value = (Option<Record>, Vec<Change>)> {
    let fact = prop_oneof![
        Just(event(1, Fact::Arrived)),
        (1_u32..5).prop_map(|tracks| accepting(1, 1, accepted(1, tracks))),
        (1_u32..5).prop_map(|track| ready(1, track)),
        ((1_u32..5), ".*").prop_map(|(track, why)| failed(1, 1, track, &why)),
        ".*".prop_map(|why| refused(1, 1, &why)),
        Just(accepting(2, 1, accepted(2, 1))),
        Just(ready(2, 1)),
    ];
    vec(fact, 1..12).prop_map(|events| play(None, &events))
}

/// What may happen to an item.
#[derive(Debug, Clone)]
enum Damage {
    Remove(prop::sample::Index),
    Other(prop::sample::Index, AttributeValue),
    Flip(prop::sample::Index, u8),
    Cut(prop::sample::Index),
}

fn damage() -> impl Strategy<Value = Damage> {
    let value = prop_oneof![
        Just(AttributeValue::Null(true)),
        any::<u64>().prop_map(number),
        "[ -~]{0,40}".prop_map(text),
        vec(any::<u8>(), 0..64).prop_map(|bytes| AttributeValue::B(Blob::new(bytes))),
    ];
    prop_oneof![
        any::<prop::sample::Index>().prop_map(Damage::Remove),
        (any::<prop::sample::Index>(), value).prop_map(|(at, value)| Damage::Other(at, value)),
        (any::<prop::sample::Index>(), 1_u8..).prop_map(|(at, bits)| Damage::Flip(at, bits)),
        any::<prop::sample::Index>().prop_map(Damage::Cut),
    ]
}

impl Damage {
    fn apply(&self, item: &mut Item, packed: &str) {
        let mut names: Vec<String> = item.keys().cloned().collect();
        names.sort();
        match self {
            Self::Remove(at) => {
                item.remove(at.get(&names));
            }
            Self::Other(at, value) => {
                item.insert(at.get(&names).clone(), value.clone());
            }
            Self::Flip(at, bits) => {
                let mut bytes = item[packed].as_b().unwrap().as_ref().to_vec();
                let place = at.index(bytes.len());
                bytes[place] ^= bits;
                item.insert(packed.to_owned(), AttributeValue::B(Blob::new(bytes)));
            }
            Self::Cut(at) => {
                let bytes = item[packed].as_b().unwrap().as_ref();
                let cut = Blob::new(&bytes[..at.index(bytes.len())]);
                item.insert(packed.to_owned(), AttributeValue::B(cut));
            }
        }
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read((record, changes) in history(), version in 1_u64..) {
        let record = record.unwrap();
        let read = stored(&record_item(&record, version, start()).unwrap()).unwrap();
        prop_assert_eq!((read.version, read.record), (version, record));
        for entry in changes.iter().flat_map(|change| &change.outbox) {
            let read = read_entry(&entry_item(entry, start()).unwrap()).unwrap();
            prop_assert_eq!(read.as_ref(), Some(entry));
        }
    }

    #[test]
    fn what_is_damaged_is_named_or_read((record, changes) in history(), damage in damage()) {
        let mut item = record_item(&record.unwrap(), 1, start()).unwrap();
        damage.apply(&mut item, "record");
        if let Err(error) = stored(&item) {
            let pk = item.get("pk").and_then(|pk| pk.as_s().ok()).map_or("?", String::as_str);
            prop_assert!(error.to_string().starts_with(&format!("the item {pk}/")), "{}", error);
        }
        for entry in changes.iter().flat_map(|change| &change.outbox) {
            let mut item = entry_item(entry, start()).unwrap();
            damage.apply(&mut item, "entry");
            // Read as another entry it must never be.
            if let Ok(Some(read)) = read_entry(&item) {
                prop_assert_eq!(read.id.as_str(), entry.id.as_str());
            }
        }
    }
}

/// What lies in a table of an earlier version of the program.
#[test]
fn a_record_of_format_1_is_read() {
    let packed = include_str!("record-1.base64");
    let mut item = Item::from([("pk".to_owned(), text("R#x")), ("sk".to_owned(), text("R"))]);
    use base64::Engine as _;
    let bytes =
        base64::engine::general_purpose::STANDARD.decode(packed.split_whitespace().collect::<String>()).unwrap();
    item.insert("format".to_owned(), number(1));
    item.insert("version".to_owned(), number(3));
    item.insert("record".to_owned(), AttributeValue::B(Blob::new(bytes)));
    let stored = stored(&item).unwrap();
    assert_eq!((stored.version, stored.record.key, stored.record.current.tracks().len()), (3, key(), 2));
}

#[test]
fn an_item_that_unpacks_without_end_is_refused() {
    use std::io::Write as _;
    let mut bomb = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..70 {
        bomb.write_all(&vec![b' '; 1_000_000]).unwrap();
    }
    let mut item = record_item(&play(None, &[event(1, Fact::Arrived)]).0.unwrap(), 1, start()).unwrap();
    item.insert("record".to_owned(), AttributeValue::B(Blob::new(bomb.finish().unwrap())));
    let error = stored(&item).unwrap_err().to_string();
    assert!(error.ends_with("its content unpacks to more than 64 MB"), "{error}");
}

#[test]
fn what_is_wrong_with_an_item_is_said() {
    let item = record_item(&play(None, &[event(1, Fact::Arrived)]).0.unwrap(), 1, start()).unwrap();
    let mut newer = item.clone();
    newer.insert("format".to_owned(), number(9));
    let mut without = item.clone();
    without.remove("record");
    insta::assert_snapshot!(stored(&newer).unwrap_err(), @"the item R#night-office#01M81J18G00000000000000001/R of the table cannot be read: its format 9 is not known here; format 1 is");
    insta::assert_snapshot!(stored(&without).unwrap_err(), @"the item R#night-office#01M81J18G00000000000000001/R of the table cannot be read: its attribute record is missing, or of another type");
}
