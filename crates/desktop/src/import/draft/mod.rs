//! What files say, put together as a draft.

mod credits;
mod places;
mod tally;
mod twins;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use release::{Field, FieldName, Release, ReleaseId, Track, TrackId};

use self::tally::Tally;
pub(super) use self::twins::lossy_twins;
use super::said::{self, Said};
use super::tags::FileTags;
use super::{Note, Origin};

/// A sound file, as far as the draft's fields depend on it.
#[derive(Debug, Clone)]
pub(super) struct Source {
    /// Where it is.
    pub(super) path: PathBuf,
    /// The folder that was given and holds it; none for a file that was given itself.
    pub(super) root: Option<PathBuf>,
    /// What its tags say.
    pub(super) tags: FileTags,
}

/// A release and where its values come from.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Draft {
    pub(super) release: Release,
    pub(super) origins: BTreeMap<Field, Origin>,
    /// For each track of the release, which source it is.
    pub(super) sources: Vec<usize>,
    pub(super) notes: Vec<Note>,
}

/// A source and what it says, by trust.
struct Entry<'a> {
    path: &'a Path,
    /// From the most trusted to the least.
    said: [(Origin, Said); 2],
}

impl Entry<'_> {
    /// The most trusted word on a field of the track.
    fn track(&self, field: FieldName) -> Option<(Origin, &str)> {
        self.said.iter().find_map(|(origin, said)| Some((*origin, said.track.get(&field)?.as_str())))
    }

    fn place(&self, field: FieldName) -> Option<(u32, Origin)> {
        self.said.iter().find_map(|(origin, said)| Some((said.place(field)?, *origin)))
    }
}

/// The release's fields that files can say something of, in the order of the screen.
const OF_RELEASE: [FieldName; 11] = [
    FieldName::Title,
    FieldName::Artist,
    FieldName::FeaturedArtist,
    FieldName::Label,
    FieldName::Upc,
    FieldName::CatalogueNumber,
    FieldName::Genre,
    FieldName::Language,
    FieldName::PLine,
    FieldName::CLine,
    FieldName::ReleaseDate,
];

/// The track's fields that files can say something of, but for its place and its artists.
const OF_TRACK: [FieldName; 10] = [
    FieldName::Title,
    FieldName::Version,
    FieldName::Composer,
    FieldName::Lyricist,
    FieldName::Producer,
    FieldName::Remixer,
    FieldName::Language,
    FieldName::PLine,
    FieldName::Isrc,
    FieldName::Advisory,
];

/// Puts together what the sources say. There is a track for every source.
pub(super) fn put_together(sources: &[Source], id: ReleaseId, mut track_id: impl FnMut() -> TrackId) -> Draft {
    let entries = entries(sources);
    let places = places::places(&entries);

    let mut draft =
        Draft { release: Release::new(id), origins: BTreeMap::new(), sources: Vec::new(), notes: Vec::new() };
    for place in &places {
        let track = Track::new(track_id(), place.disc.0, place.number.0);
        draft.origins.insert(Field::of_track(track.id, FieldName::Disc), place.disc.1);
        draft.origins.insert(Field::of_track(track.id, FieldName::Number), place.number.1);
        draft.release.tracks.push(track);
        draft.sources.push(place.source);
    }
    // From here on in the order of the tracks, which decides where as many files say one thing as another.
    let entries: Vec<&Entry<'_>> = places.iter().map(|place| &entries[place.source]).collect();
    draft.fill_release(&entries);
    credits::fill(&mut draft, &entries);
    draft.fill_tracks(&entries);
    draft.note_dates(&entries);
    draft.note_places(&entries, sources);
    draft
}

fn entries(sources: &[Source]) -> Vec<Entry<'_>> {
    let names = places::names(sources);
    let entry = |(source, name): (&'_ Source, _)| {
        let by_name = said::of_name(name).or(said::of_folders(&folders(source)));
        [(Origin::Tags, said::of_tags(&source.tags)), (Origin::Name, by_name)]
    };
    let said = sources.iter().zip(&names).map(entry);
    sources.iter().zip(said).map(|(source, said)| Entry { path: &source.path, said }).collect()
}

impl Draft {
    fn fill_release(&mut self, entries: &[&Entry<'_>]) {
        for field in OF_RELEASE.into_iter().chain([FieldName::OriginalReleaseDate]) {
            let Some((origin, tally)) = release_tally(entries, field) else { continue };
            self.set(Field::of_release(field), &tally.used, origin);
            // Tracks may well differ in these, and keep their own.
            let may_differ = matches!(field, FieldName::Language | FieldName::PLine);
            if !tally.others.is_empty() && !may_differ {
                self.notes.push(tally.into_note(field));
            }
        }
    }

    fn fill_tracks(&mut self, entries: &[&Entry<'_>]) {
        for (index, entry) in entries.iter().enumerate() {
            let id = self.release.tracks[index].id;
            for field in OF_TRACK {
                let Some((origin, text)) = entry.track(field) else { continue };
                self.set(Field::of_track(id, field), text, origin);
            }
            // What is the release's as well is not said twice, so that it need not be changed twice.
            if self.release.tracks[index].language == self.release.language {
                self.clear(Field::of_track(id, FieldName::Language));
            }
            if self.release.tracks[index].p_line == self.release.p_line {
                self.clear(Field::of_track(id, FieldName::PLine));
            }
        }
    }

    fn note_dates(&mut self, entries: &[&Entry<'_>]) {
        let texts = entries.iter().filter_map(|entry| entry.said[0].1.not_a_date.as_deref());
        if self.release.release_date.is_missing()
            && let Some(tally) = Tally::of(texts)
        {
            self.notes.push(Note::DateWithoutDay { field: FieldName::ReleaseDate, text: tally.used });
        }
    }

    fn note_places(&mut self, entries: &[&Entry<'_>], sources: &[Source]) {
        let mut discs: BTreeMap<u32, (u32, u32)> = BTreeMap::new();
        for (track, entry) in self.release.tracks.iter().zip(entries) {
            let (found, promised) = discs.entry(track.disc).or_default();
            *found += 1;
            *promised = (*promised).max(entry.said[0].1.track_total.unwrap_or(0));
        }
        for (disc, (found, promised)) in discs {
            if promised > found {
                self.notes.push(Note::TracksMissing { disc, promised, found });
            }
        }
        let mut told: Vec<&Path> = Vec::new();
        for (track, source) in self.release.tracks.iter().zip(&self.sources) {
            let source = &sources[*source];
            let Some((folder, named)) = disc_folder(source) else { continue };
            if named != track.disc && !told.contains(&folder) {
                told.push(folder);
                self.notes.push(Note::OtherDisc { folder: folder.to_path_buf(), named, tagged: track.disc });
            }
        }
        for source in sources.iter().filter(|source| source.path.file_name().is_some_and(|n| n.to_str().is_none())) {
            self.notes.push(Note::NameNotUnicode { path: source.path.clone() });
        }
    }

    fn set(&mut self, field: Field, text: &str, origin: Origin) {
        // A text that a field of the model cannot hold, such as a word for a number, is as if it were not there.
        if self.release.set(field, text).is_ok() && !self.release.text(field).is_empty() {
            self.origins.insert(field, origin);
        }
    }

    fn clear(&mut self, field: Field) {
        if self.release.set(field, "").is_ok() {
            self.origins.remove(&field);
        }
    }
}

/// What most of the most trusted sources say of a field of the release.
fn release_tally(entries: &[&Entry<'_>], field: FieldName) -> Option<(Origin, Tally)> {
    (0..2).find_map(|trust| {
        let texts = entries.iter().filter_map(|entry| entry.said[trust].1.release.get(&field));
        // "1 90295 81072 6" and "190295810726" are one UPC, "℗ 2024 Owner" and "2024 Owner" one line.
        let texts: Vec<String> = texts.map(|text| in_its_form(field, text)).collect();
        Some((entries.first()?.said[trust].0, Tally::of(texts.iter().map(String::as_str))?))
    })
}

/// A text as its field shows it.
fn in_its_form(field: FieldName, text: &str) -> String {
    let mut release = Release::new(ReleaseId::new(Timestamp::UNIX_EPOCH, 0));
    let field = Field::of_release(field);
    match release.set(field, text) {
        Ok(()) => release.text(field),
        Err(_) => text.to_owned(),
    }
}

/// The names of the folders around a source, from the innermost to the one that was given, and the one around that.
fn folders(source: &Source) -> said::Folders {
    let name = |folder: &Path| folder.file_name().map(|name| name.to_string_lossy().into_owned());
    let Some(root) = &source.root else { return said::Folders::default() };
    let inside = source.path.ancestors().skip(1).take_while(|folder| folder.starts_with(root) && folder != root);
    said::Folders { inside: inside.filter_map(name).collect(), given: name(root), around: root.parent().and_then(name) }
}

fn disc_folder(source: &Source) -> Option<(&Path, u32)> {
    let root = source.root.as_ref()?;
    let mut inside = source.path.ancestors().skip(1).take_while(|folder| folder.starts_with(root));
    inside.find_map(|folder| {
        let (disc, _) = super::folder::disc(&folder.file_name()?.to_string_lossy())?;
        Some((folder, disc))
    })
}

#[cfg(test)]
mod tests;
