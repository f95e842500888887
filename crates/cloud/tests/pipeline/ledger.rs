//! How often each rendition was begun and ended, as the functions' logs have it.

use std::collections::{BTreeMap, BTreeSet};

use fake_cloud::emulator::Function;
use serde_json::Value;

use crate::world::World;

/// A rendition of a label that was begun or ended, in the order of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Note {
    pub(crate) recipe: String,
    pub(crate) track: String,
    pub(crate) ended: bool,
}

/// What is noted of the renditions of a delivery of a label.
pub(crate) fn notes(world: &World, label: &str, delivery: &str) -> Vec<Note> {
    let entries = world.entries(Function::Transcode).into_iter().filter(|entry| entry["target"] == "ledger");
    let of_delivery = entries.filter(|entry| entry["span"]["label"] == label && entry["span"]["delivery"] == delivery);
    let mut notes: Vec<(String, Note)> = of_delivery
        .filter(|entry| entry["act"] == "rendition")
        .map(|entry| {
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            let note = Note {
                recipe: text(&entry["item"]),
                track: text(&entry["span"]["track"]),
                ended: entry["step"] == "end",
            };
            (text(&entry["timestamp"]), note)
        })
        .collect();
    // Functions beside each other write into the log as it comes.
    notes.sort_by(|(one, _), (other, _)| one.cmp(other));
    notes.into_iter().map(|(_, note)| note).collect()
}

/// How often each was begun. None was begun again once it was ended.
pub(crate) fn begun(notes: &[Note]) -> BTreeMap<(String, String), usize> {
    let mut begun: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut ended = BTreeSet::new();
    for note in notes {
        if note.ended {
            assert!(ended.insert(&note.recipe), "{} was ended twice: {notes:?}", note.recipe);
        } else {
            assert!(!ended.contains(&note.recipe), "{} was begun again after it ended: {notes:?}", note.recipe);
            *begun.entry((note.track.clone(), note.recipe.clone())).or_default() += 1;
        }
    }
    begun
}
