use std::collections::HashMap;

use release::FieldName;

use super::{Entry, Source, entries};

/// The lossy files whose track is there in a lossless file as well: the place of each, and of the lossless one.
///
/// Two files hold the same track where both say its title and its number, and say the same, and the same disc if any.
pub(in crate::import) fn lossy_twins(sources: &[Source], is_lossless: &[bool]) -> Vec<(usize, usize)> {
    let keys: Vec<Option<Key>> = entries(sources).iter().map(key).collect();
    let mut masters: HashMap<&Key, usize> = HashMap::new();
    for (place, key) in keys.iter().enumerate().filter(|(place, _)| is_lossless[*place]) {
        if let Some(key) = key {
            masters.entry(key).or_insert(place);
        }
    }
    let lossy = keys.iter().enumerate().filter(|(place, _)| !is_lossless[*place]);
    lossy.filter_map(|(place, key)| Some((place, *masters.get(key.as_ref()?)?))).collect()
}

/// Title, number and disc.
type Key = (String, u32, Option<u32>);

fn key(entry: &Entry<'_>) -> Option<Key> {
    let (_, title) = entry.track(FieldName::Title)?;
    let (number, _) = entry.place(FieldName::Number)?;
    Some((title.to_lowercase(), number, entry.place(FieldName::Disc).map(|(disc, _)| disc)))
}
