use jiff::civil::Date;
use release::FieldName;

use super::artists::{Artists, guests_in_title};
use super::{Said, language, rights};
use crate::import::folder;
use crate::import::tags::{FileTags, TagKey};

/// What a file's tags say.
pub(in crate::import) fn of_tags(tags: &FileTags) -> Said {
    let mut said = Said::default();
    titles_and_artists(tags, &mut said);
    credits(tags, &mut said);
    places(tags, &mut said);
    lines_and_codes(tags, &mut said);
    dates(tags, &mut said);
    said
}

fn titles_and_artists(tags: &FileTags, said: &mut Said) {
    let names = tags.all(TagKey::Artists);
    let mut artists = Artists::read(tags.all(TagKey::Artist), names);
    let mut title = tags.first(TagKey::Title).unwrap_or_default().to_owned();
    let version = tags.first(TagKey::Version).unwrap_or_default();
    if let Some(without) = without_version(&title, version) {
        title = without;
    }
    if let Some((without, guests)) = guests_in_title(&title, names) {
        title = without;
        artists.featured.extend(guests);
    }
    said.of_track(FieldName::Title, title);
    said.of_track(FieldName::Version, version);
    said.of_track(FieldName::Artist, list(&artists.main));
    said.of_track(FieldName::FeaturedArtist, list(&artists.featured));

    let artists = Artists::read(tags.all(TagKey::AlbumArtist), tags.all(TagKey::AlbumArtists));
    said.of_release(FieldName::Artist, list(&artists.main));
    said.of_release(FieldName::FeaturedArtist, list(&artists.featured));
    // "Some Album (Disc 2)": the disc is not the title's, or every disc would be a release of its own.
    let album = tags.first(TagKey::Album).unwrap_or_default();
    match folder::disc(album) {
        Some((disc, title)) if !title.is_empty() => {
            said.of_release(FieldName::Title, title);
            said.of_track(FieldName::Disc, disc.to_string());
        }
        _ => said.of_release(FieldName::Title, album),
    }
}

/// The title without its version, where it repeats it at its end.
fn without_version(title: &str, version: &str) -> Option<String> {
    if version.is_empty() {
        return None;
    }
    let inside = title.trim_end().strip_suffix([')', ']'])?.strip_suffix(version)?;
    let title = inside.strip_suffix(['(', '['])?.trim_end();
    (!title.is_empty()).then(|| title.to_owned())
}

fn credits(tags: &FileTags, said: &mut Said) {
    for (key, field) in [
        (TagKey::Composer, FieldName::Composer),
        (TagKey::Lyricist, FieldName::Lyricist),
        (TagKey::Producer, FieldName::Producer),
        (TagKey::Remixer, FieldName::Remixer),
    ] {
        // " / " is how several people stand in one value; artists are not divided so, for it may be part of a name.
        let names: Vec<String> = tags.all(key).iter().flat_map(|value| value.split(" / ")).map(str::to_owned).collect();
        said.of_track(field, list(&names));
    }
}

fn places(tags: &FileTags, said: &mut Said) {
    let (number, total) = place(tags.first(TagKey::Number));
    said.of_track(FieldName::Number, shown(number));
    said.track_total = total.or(place(tags.first(TagKey::TrackTotal)).0);
    said.of_track(FieldName::Disc, shown(place(tags.first(TagKey::Disc)).0));
}

/// `3`, `03`, `3/12`: a number from 1 and a total.
fn place(text: Option<&str>) -> (Option<u32>, Option<u32>) {
    let Some(text) = text else { return (None, None) };
    let (number, total) = text.split_once(['/', '-']).unwrap_or((text, ""));
    let read = |text: &str| text.trim().parse().ok().filter(|place| (1..10_000).contains(place));
    (read(number), read(total))
}

fn shown(place: Option<u32>) -> String {
    place.map(|place| place.to_string()).unwrap_or_default()
}

fn lines_and_codes(tags: &FileTags, said: &mut Said) {
    let first = |key| tags.first(key).unwrap_or_default();
    said.of_track(FieldName::Isrc, first(TagKey::Isrc));
    said.of_release(FieldName::Upc, first(TagKey::Upc));
    said.of_release(FieldName::CatalogueNumber, first(TagKey::CatalogueNumber));
    said.of_release(FieldName::Label, tags.first(TagKey::Label).unwrap_or(first(TagKey::Publisher)));
    said.of_release(FieldName::Genre, first(TagKey::Genre).split(';').next().unwrap_or_default().trim());

    let rights = rights::read(first(TagKey::Copyright));
    let p_line = tags.first(TagKey::PLine).or(rights.p_line).unwrap_or_default();
    said.of_release(FieldName::CLine, rights.c_line.unwrap_or_default());
    said.of_release(FieldName::PLine, p_line);
    said.of_track(FieldName::PLine, p_line);

    let language = language::bcp_47(first(TagKey::Language)).unwrap_or_default();
    said.of_release(FieldName::Language, language.clone());
    said.of_track(FieldName::Language, language);

    said.of_track(
        FieldName::Advisory,
        match first(TagKey::Advisory) {
            "0" => "none",
            "1" | "4" => "explicit",
            "2" => "clean",
            _ => "",
        },
    );
}

fn dates(tags: &FileTags, said: &mut Said) {
    let released = [TagKey::ReleaseDate, TagKey::Date].map(|key| tags.first(key));
    match released.iter().flatten().find_map(|text| day(text)) {
        Some(date) => said.of_release(FieldName::ReleaseDate, date.to_string()),
        None => said.not_a_date = released.into_iter().flatten().next().map(str::to_owned),
    }
    if let Some(date) = tags.first(TagKey::OriginalDate).and_then(day) {
        said.of_release(FieldName::OriginalReleaseDate, date.to_string());
    }
}

/// The day of a date, with or without a time behind it. A year or a month alone is not one.
fn day(text: &str) -> Option<Date> {
    text.trim().get(..10)?.replace(['/', '.'], "-").parse().ok()
}

fn list(names: &[String]) -> String {
    let mut listed: Vec<&str> = Vec::new();
    for name in names.iter().map(|name| name.trim()).filter(|name| !name.is_empty()) {
        if !listed.contains(&name) {
            listed.push(name);
        }
    }
    listed.join("; ")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn said(tags: &[(TagKey, &str)]) -> Said {
        of_tags(&FileTags::of(tags))
    }

    fn shown(fields: &BTreeMap<FieldName, String>) -> Vec<(&'static str, &str)> {
        fields.iter().map(|(field, text)| (field.as_str(), text.as_str())).collect()
    }

    #[test]
    fn tags_say_what_a_person_would_enter() {
        let said = said(&[
            (TagKey::Title, "Some Song (feat. Cy Cole)"),
            (TagKey::Artist, "Ann Ash & Bo Birk"),
            (TagKey::Artists, "Ann Ash"),
            (TagKey::Artists, "Bo Birk"),
            (TagKey::Album, "Some Album"),
            (TagKey::AlbumArtist, "Ann Ash"),
            (TagKey::Number, "03/12"),
            (TagKey::Disc, "2/2"),
            (TagKey::Date, "2024-05-03T00:00:00"),
            (TagKey::OriginalDate, "1994"),
            (TagKey::Isrc, "GBAAA9900001"),
            (TagKey::Upc, "190295810726"),
            (TagKey::Publisher, "Some Label"),
            (TagKey::Genre, "Folk; Rock"),
            (TagKey::Composer, "Dee Dunn / Eve Elm"),
            (TagKey::Copyright, "© 2024 Some Label ℗ 2023 Some Studio"),
            (TagKey::Language, "eng"),
            (TagKey::Advisory, "4"),
        ]);
        assert_eq!(
            shown(&said.track),
            [
                ("title", "Some Song"),
                ("artist", "Ann Ash; Bo Birk"),
                ("featured_artist", "Cy Cole"),
                ("composer", "Dee Dunn; Eve Elm"),
                ("language", "en"),
                ("p_line", "℗ 2023 Some Studio"),
                ("disc", "2"),
                ("number", "3"),
                ("isrc", "GBAAA9900001"),
                ("advisory", "explicit"),
            ]
        );
        assert_eq!(
            shown(&said.release),
            [
                ("title", "Some Album"),
                ("artist", "Ann Ash"),
                ("label", "Some Label"),
                ("upc", "190295810726"),
                ("genre", "Folk"),
                ("language", "en"),
                ("p_line", "℗ 2023 Some Studio"),
                ("c_line", "© 2024 Some Label"),
                ("release_date", "2024-05-03"),
            ]
        );
        assert_eq!((said.track_total, said.not_a_date), (Some(12), None));
    }

    #[test]
    fn a_date_without_a_day_is_no_release_date() {
        let year = said(&[(TagKey::Date, "2024")]);
        assert_eq!((year.release.len(), year.not_a_date.as_deref()), (0, Some("2024")));
        // A fuller one counts, whichever tag holds it.
        let both = said(&[(TagKey::ReleaseDate, "2024"), (TagKey::Date, "2024/05/03")]);
        assert_eq!(shown(&both.release), [("release_date", "2024-05-03")]);
        assert_eq!(both.not_a_date, None);
    }

    #[test]
    fn a_version_is_taken_out_of_the_title_only_where_the_tags_name_it() {
        let title = |tags: &[(TagKey, &str)]| said(tags).track.remove(&FieldName::Title);
        assert_eq!(title(&[(TagKey::Title, "Song (Live)")]).as_deref(), Some("Song (Live)"));
        assert_eq!(title(&[(TagKey::Title, "Song (Live)"), (TagKey::Version, "Live")]).as_deref(), Some("Song"));
        assert_eq!(title(&[(TagKey::Title, "Song"), (TagKey::Version, "Live")]).as_deref(), Some("Song"));
        assert_eq!(title(&[(TagKey::Title, "(Live)"), (TagKey::Version, "Live")]).as_deref(), Some("(Live)"));
    }

    #[test]
    fn a_disc_in_the_album_s_title_is_the_track_s() {
        let both = said(&[(TagKey::Album, "Some Album (Disc 2)")]);
        assert_eq!((shown(&both.release), shown(&both.track)), (vec![("title", "Some Album")], vec![("disc", "2")]));
        let tagged = said(&[(TagKey::Album, "Some Album [CD 2]"), (TagKey::Disc, "3")]);
        assert_eq!(shown(&tagged.track), [("disc", "3")]);
        assert_eq!(shown(&said(&[(TagKey::Album, "Disc 2")]).release), [("title", "Disc 2")]);
    }

    #[test]
    fn places_that_are_none_say_nothing() {
        for text in ["", "A1", "0", "-1", "99999999999", "/", "0/12"] {
            assert_eq!(said(&[(TagKey::Number, text)]).track, BTreeMap::new(), "{text:?}");
        }
        assert_eq!(said(&[(TagKey::Number, "3 of 4")]).track, BTreeMap::new());
        assert_eq!(said(&[(TagKey::Advisory, "7")]).track, BTreeMap::new());
    }
}
