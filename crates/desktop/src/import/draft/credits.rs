//! The release's artists and the tracks'.

use release::{Field, FieldName, LIST_SEPARATOR};

use super::{Draft, Entry};
use crate::import::Origin;

/// Fills in artists: the release's from the tracks' where no file names them, the tracks' where they differ.
pub(super) fn fill(draft: &mut Draft, entries: &[&Entry<'_>]) {
    let of_release = Field::of_release(FieldName::Artist);
    let named = draft.origins.get(&of_release).copied();
    // A folder's name is trusted less than what the tags of all tracks agree on.
    if named.is_none_or(|origin| origin == Origin::Name)
        && let Some((artist, origin)) = artist_of_most(entries)
        && named.is_none_or(|named| origin > named)
    {
        draft.set(of_release, &artist, origin);
    }
    divide_line(draft, entries);
    let line = shown(&draft.release.text(of_release));
    for (index, entry) in entries.iter().enumerate() {
        let id = draft.release.tracks[index].id;
        // A track without artists of its own has the release's, and follows it when it is changed.
        if let Some((origin, artist)) = entry.track(FieldName::Artist)
            && shown(artist) != line
        {
            draft.set(Field::of_track(id, FieldName::Artist), artist, origin);
        }
        if let Some((origin, featured)) = entry.track(FieldName::FeaturedArtist) {
            draft.set(Field::of_track(id, FieldName::FeaturedArtist), featured, origin);
        }
    }
}

/// The artist of more than half of the tracks.
fn artist_of_most(entries: &[&Entry<'_>]) -> Option<(String, Origin)> {
    let artists: Vec<(Origin, &str)> = entries.iter().filter_map(|entry| entry.track(FieldName::Artist)).collect();
    let tally = super::Tally::of(artists.iter().map(|(_, artist)| *artist))?;
    let origin = artists.iter().filter(|(_, artist)| *artist == tally.used).map(|(origin, _)| *origin).min()?;
    (tally.files * 2 > entries.len()).then_some((tally.used, origin))
}

/// Where the release's artists stand in one line, and a track names the same ones one by one, they are several.
fn divide_line(draft: &mut Draft, entries: &[&Entry<'_>]) {
    let field = Field::of_release(FieldName::Artist);
    let line = draft.release.text(field);
    let divided = entries.iter().filter_map(|entry| entry.track(FieldName::Artist)).find(|(_, artist)| {
        !line.contains(LIST_SEPARATOR) && artist.contains(LIST_SEPARATOR) && shown(artist) == shown(&line)
    });
    if let Some((_, artist)) = divided
        && let Some(origin) = draft.origins.get(&field).copied()
    {
        draft.set(field, artist, origin);
    }
}

/// A list of names as the line under a title shows it: `A`, `A & B`, `A, B & C`.
fn shown(list: &str) -> String {
    let names: Vec<&str> = list.split(LIST_SEPARATOR).map(str::trim).collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} & {last}", first.join(", ")),
    }
}
