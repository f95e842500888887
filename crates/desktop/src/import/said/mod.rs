//! What one source says: a file's tags, its name, its folders. Each field as the text that a person would enter.

mod artists;
mod language;
mod rights;
mod tags;

use std::collections::BTreeMap;

use release::FieldName;

use super::folder;
use super::name::TrackName;

pub(super) use tags::of_tags;

/// What one source says of a track and of the release that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Said {
    /// Of the track. Several names are separated by [`release::LIST_SEPARATOR`].
    pub(super) track: BTreeMap<FieldName, String>,
    /// Of the release.
    pub(super) release: BTreeMap<FieldName, String>,
    /// How many tracks its disc has.
    pub(super) track_total: Option<u32>,
    /// What stands where the release's date should, and is none.
    pub(super) not_a_date: Option<String>,
}

impl Said {
    fn of_track(&mut self, field: FieldName, text: impl Into<String>) {
        put(&mut self.track, field, text.into());
    }

    fn of_release(&mut self, field: FieldName, text: impl Into<String>) {
        put(&mut self.release, field, text.into());
    }

    /// Takes what another source of the same trust says where this one says nothing.
    pub(super) fn or(mut self, other: Self) -> Self {
        for (field, text) in other.track {
            self.track.entry(field).or_insert(text);
        }
        for (field, text) in other.release {
            self.release.entry(field).or_insert(text);
        }
        self.track_total = self.track_total.or(other.track_total);
        self.not_a_date = self.not_a_date.or(other.not_a_date);
        self
    }

    /// A track's number or disc.
    pub(super) fn place(&self, field: FieldName) -> Option<u32> {
        self.track.get(&field)?.parse().ok()
    }
}

fn put(fields: &mut BTreeMap<FieldName, String>, field: FieldName, text: String) {
    if !text.is_empty() {
        fields.insert(field, text);
    }
}

/// What a file's name says.
pub(super) fn of_name(name: &TrackName) -> Said {
    let mut said = Said::default();
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let place = |place: Option<u32>| place.map(|place| place.to_string()).unwrap_or_default();
    said.of_track(FieldName::Title, text(&name.title));
    said.of_track(FieldName::Artist, text(&name.artist));
    said.of_track(FieldName::Number, place(name.number));
    said.of_track(FieldName::Disc, place(name.disc));
    said.of_release(FieldName::Upc, text(&name.upc));
    said.of_release(FieldName::Title, text(&name.album));
    said
}

/// What the names of the folders around a file say: from the innermost to the one that was dropped.
pub(super) fn of_folders<'a>(names: impl IntoIterator<Item = &'a str>) -> Said {
    let mut said = Said::default();
    for name in names {
        if let Some((disc, _)) = folder::disc(name)
            && !said.track.contains_key(&FieldName::Disc)
        {
            said.of_track(FieldName::Disc, disc.to_string());
        }
        if let Some((artist, title)) = folder::album(name) {
            said.of_release(FieldName::Title, title);
            said.of_release(FieldName::Artist, artist.unwrap_or_default());
            break;
        }
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(fields: &BTreeMap<FieldName, String>) -> Vec<(&'static str, &str)> {
        fields.iter().map(|(field, text)| (field.as_str(), text.as_str())).collect()
    }

    #[test]
    fn the_innermost_folder_that_is_no_disc_is_the_album() {
        let said = of_folders(["CD2", "Some Artist - Some Album", "Music"]);
        assert_eq!(shown(&said.track), [("disc", "2")]);
        assert_eq!(shown(&said.release), [("title", "Some Album"), ("artist", "Some Artist")]);
        let said = of_folders(["Some Album (Disc 1)"]);
        assert_eq!((shown(&said.track), shown(&said.release)), (vec![("disc", "1")], vec![("title", "Some Album")]));
        assert_eq!(of_folders([]), Said::default());
    }
}
