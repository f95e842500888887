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

/// The names of the folders around a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Folders {
    /// Those inside of what was given, from the innermost on.
    pub(super) inside: Vec<String>,
    /// What was given.
    pub(super) given: Option<String>,
    /// What holds that.
    pub(super) around: Option<String>,
}

/// What folders say: the innermost that is named after a disc is the track's, and the one that was given is named after
/// the release. Where that is named after a disc alone, the one around it is.
pub(super) fn of_folders(folders: &Folders) -> Said {
    let mut said = Said::default();
    let given = folders.given.as_deref();
    let disc = folders.inside.iter().map(String::as_str).chain(given).find_map(folder::disc);
    if let Some((disc, _)) = disc {
        said.of_track(FieldName::Disc, disc.to_string());
    }
    let album = given.and_then(|given| folder::album(given).or_else(|| folder::album(folders.around.as_deref()?)));
    if let Some((artist, title)) = album {
        said.of_release(FieldName::Title, title);
        said.of_release(FieldName::Artist, artist.unwrap_or_default());
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
    fn folders_say_the_disc_and_the_release() {
        let folders = |inside: &[&str], given: &str, around: &str| {
            let inside = inside.iter().map(|name| (*name).to_owned()).collect();
            let said = of_folders(&Folders { inside, given: Some(given.to_owned()), around: Some(around.to_owned()) });
            format!("{:?} {:?}", shown(&said.track), shown(&said.release))
        };
        assert_eq!(
            folders(&["24 bit", "CD2"], "Some Artist - Some Album", "Music"),
            r#"[("disc", "2")] [("title", "Some Album"), ("artist", "Some Artist")]"#
        );
        assert_eq!(folders(&[], "Some Album (Disc 1)", "x"), r#"[("disc", "1")] [("title", "Some Album")]"#);
        assert_eq!(folders(&[], "CD3", "Some Album"), r#"[("disc", "3")] [("title", "Some Album")]"#);
        assert_eq!(of_folders(&Folders::default()), Said::default());
    }
}
