//! Where each file stands: its disc and its number.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use release::FieldName;

use super::{Entry, Source};
use crate::import::name::{self, TrackName};
use crate::import::tags::TagKey;
use crate::import::{Origin, order};

/// The place of a track and where it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// Which source stands here.
    pub(super) source: usize,
    pub(super) disc: (u32, Origin),
    pub(super) number: (u32, Origin),
}

/// Reads the files' names; where one could begin with a number or be a title with one, the others decide.
pub(super) fn names(sources: &[Source]) -> Vec<TrackName> {
    let stems: Vec<String> = sources.iter().map(|source| stem(&source.path)).collect();
    let read: Vec<TrackName> = stems.iter().map(|stem| name::read(stem)).collect();
    let mut folders: HashMap<&Path, (usize, usize)> = HashMap::new();
    for (source, name) in sources.iter().zip(&read) {
        let (files, numbered) = folders.entry(folder(source)).or_default();
        *files += 1;
        *numbered += usize::from(name.number.is_some());
    }
    let is_title = |index: usize, name: &TrackName| {
        let source: &Source = &sources[index];
        let (files, numbered) = folders[folder(source)];
        let all_are_numbered = files > 1 && numbered == files;
        let is_among_them = name.number.is_some_and(|number| number as usize <= files);
        // Tags that give the whole name as the title settle it, whatever the name looks like.
        let is_tagged = source.tags.first(TagKey::Title).is_some_and(|t| t.eq_ignore_ascii_case(stems[index].trim()));
        is_tagged || (name.unsure && !all_are_numbered && !is_among_them)
    };
    let names = read.iter().enumerate().map(|(index, name)| {
        if name.number.is_some() && name.upc.is_none() && is_title(index, name) {
            TrackName::without_number(&stems[index])
        } else {
            name.clone()
        }
    });
    names.collect()
}

/// Every source's place, in the order of the release.
///
/// Discs and numbers that nobody says are filled in by the order of names. Two files may say that they stand at the
/// same place: both do, and the release's check names them.
pub(super) fn places(entries: &[Entry<'_>]) -> Vec<Place> {
    let mut by_name: Vec<usize> = (0..entries.len()).collect();
    by_name.sort_by(|a, b| order::paths(entries[*a].path, entries[*b].path));

    let discs = discs(entries, &by_name);
    let mut taken: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    for (entry, disc) in entries.iter().zip(&discs) {
        taken.entry(disc.0).or_default().extend(entry.place(FieldName::Number).map(|(number, _)| number));
    }
    let mut next: BTreeMap<u32, u32> = BTreeMap::new();
    let mut places: Vec<Place> = by_name
        .iter()
        .map(|&source| {
            let disc = discs[source];
            let number = entries[source].place(FieldName::Number).unwrap_or_else(|| {
                let next = next.entry(disc.0).or_insert(1);
                while taken.get(&disc.0).is_some_and(|taken| taken.contains(next)) {
                    *next += 1;
                }
                *next += 1;
                (*next - 1, Origin::Name)
            });
            Place { source, disc, number }
        })
        .collect();
    // Stable: files at the same place stay in the order of their names.
    places.sort_by_key(|place| (place.disc.0, place.number.0));
    places
}

/// Every source's disc, in the order of the sources.
fn discs(entries: &[Entry<'_>], by_name: &[usize]) -> Vec<(u32, Origin)> {
    let said: Vec<Option<(u32, Origin)>> = entries.iter().map(|entry| entry.place(FieldName::Disc)).collect();
    if said.iter().all(Option::is_none)
        && let Some(discs) = discs_by_folder(entries, by_name)
    {
        return discs;
    }
    said.into_iter().map(|disc| disc.unwrap_or((1, Origin::Name))).collect()
}

/// Folders that each begin to count anew are discs, in the order of their names.
fn discs_by_folder(entries: &[Entry<'_>], by_name: &[usize]) -> Option<Vec<(u32, Origin)>> {
    let mut folders: Vec<(&Path, Vec<u32>)> = Vec::new();
    for &source in by_name {
        let folder = entries[source].path.parent().unwrap_or(Path::new(""));
        let number = entries[source].place(FieldName::Number).map(|(number, _)| number);
        match folders.iter_mut().find(|(known, _)| *known == folder) {
            Some((_, numbers)) => numbers.extend(number),
            None => folders.push((folder, number.into_iter().collect())),
        }
    }
    let is_counted_once = folders.iter().all(|(_, numbers)| {
        let distinct: BTreeSet<_> = numbers.iter().collect();
        distinct.len() == numbers.len()
    });
    let distinct: BTreeSet<u32> = folders.iter().flat_map(|(_, numbers)| numbers).copied().collect();
    let is_counted_anew = distinct.len() < folders.iter().map(|(_, numbers)| numbers.len()).sum();
    if !is_counted_once || !is_counted_anew {
        return None;
    }
    let disc = |entry: &Entry<'_>| {
        let place = folders.iter().position(|(folder, _)| Some(*folder) == entry.path.parent());
        (place.and_then(|place| u32::try_from(place + 1).ok()).unwrap_or(1), Origin::Name)
    };
    Some(entries.iter().map(disc).collect())
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn folder(source: &Source) -> &Path {
    source.path.parent().unwrap_or(Path::new(""))
}
