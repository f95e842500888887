//! Putting texts into fields, as a window and a command line do.

use jiff::Timestamp;
use proptest::prelude::*;
use release::{
    Advisory, Contributor, EditError, Entry, Field, FieldName, Release, ReleaseId, ReleaseKind, Role, Territories,
    Track, TrackId,
};

fn track_id() -> TrackId {
    TrackId::new(Timestamp::UNIX_EPOCH, 2)
}

fn release() -> Release {
    let mut release = Release::new(ReleaseId::new(Timestamp::UNIX_EPOCH, 1));
    release.tracks.push(Track::new(track_id(), 1, 1));
    release
}

fn every_field() -> impl Iterator<Item = Field> {
    FieldName::ALL.iter().flat_map(|name| [Field::of_release(*name), Field::of_track(track_id(), *name)])
}

fn is_there(field: Field) -> bool {
    if field.track.is_some() { field.name.is_of_track() } else { field.name.is_of_release() }
}

/// What a person enters, and what the field shows then.
const GOOD: &[(FieldName, &str, &str)] = &[
    (FieldName::Title, "  Night Lamp ", "Night Lamp"),
    (FieldName::Title, "ليلة طويلة", "ليلة طويلة"),
    (FieldName::Version, "Deluxe", "Deluxe"),
    (FieldName::Artist, "Ann Ash;Bo Birk ; ", "Ann Ash; Bo Birk"),
    (FieldName::Artist, "Earth, Wind & Fire", "Earth, Wind & Fire"),
    (FieldName::FeaturedArtist, "Cy Cole", "Cy Cole"),
    (FieldName::Composer, "Ann Ash", "Ann Ash"),
    (FieldName::Lyricist, "Ann Ash", "Ann Ash"),
    (FieldName::Producer, "Bo Birk; Cy Cole", "Bo Birk; Cy Cole"),
    (FieldName::Remixer, "", ""),
    (FieldName::Label, "Lacquer Recordings", "Lacquer Recordings"),
    (FieldName::Upc, "1902 9581 0726", "190295810726"),
    (FieldName::Upc, "190295810727", "190295810727"),
    (FieldName::CatalogueNumber, "LQR 1", "LQR 1"),
    (FieldName::Genre, "Ambient", "Ambient"),
    (FieldName::Language, "zxx", "zxx"),
    (FieldName::PLine, "(P) 1994 Owner", "1994 Owner"),
    (FieldName::PLine, "Owner", "Owner"),
    (FieldName::CLine, "© 1994 Owner", "1994 Owner"),
    (FieldName::ReleaseDate, "2026-12-04", "2026-12-04"),
    (FieldName::ReleaseDate, "next Friday", "next Friday"),
    (FieldName::TimeZone, "Europe/Berlin", "Europe/Berlin"),
    (FieldName::TimeZone, "", "UTC"),
    (FieldName::OriginalReleaseDate, "", ""),
    (FieldName::Territories, "", "worldwide"),
    (FieldName::Territories, "Only: at, de de", "only:AT,DE"),
    (FieldName::Territories, "except:US,XK", "except:US,XK"),
    (FieldName::Kind, "EP", "ep"),
    (FieldName::Kind, "", ""),
    (FieldName::Disc, "2", "2"),
    (FieldName::Number, "07", "7"),
    (FieldName::Isrc, "us-rc1-76-07839", "USRC17607839"),
    (FieldName::Isrc, "US RC1 76 0783", "US RC1 76 0783"),
    (FieldName::Advisory, "Explicit", "explicit"),
    (FieldName::Advisory, "", ""),
    (FieldName::PreviewStart, "83.5", "1:23.5"),
    (FieldName::PreviewStart, "", "0:00"),
];

#[test]
fn a_field_shows_what_was_put_into_it_in_its_usual_form() {
    for (name, entered, shown) in GOOD {
        let places = [Field::of_release(*name), Field::of_track(track_id(), *name)];
        for field in places.into_iter().filter(|field| is_there(*field)) {
            let mut release = release();
            assert_eq!(release.set(field, entered), Ok(()), "{field:?} {entered:?}");
            assert_eq!(release.text(field), *shown, "{field:?} {entered:?}");
        }
    }
    for name in FieldName::ALL.iter().filter(|name| name.is_text()) {
        assert!(GOOD.iter().any(|(good, ..)| good == name), "{name} is not in the table");
    }
}

#[test]
fn values_reach_the_model() {
    let mut release = release();
    let of_track = |name| Field::of_track(track_id(), name);
    release.set(Field::of_release(FieldName::Artist), "Ann Ash; Bo Birk").unwrap();
    release.set(Field::of_release(FieldName::PLine), "℗ 2026 Lacquer").unwrap();
    release.set(Field::of_release(FieldName::Territories), "only:DE").unwrap();
    release.set(Field::of_release(FieldName::Kind), "album").unwrap();
    release.set(of_track(FieldName::Advisory), "clean").unwrap();
    release.set(of_track(FieldName::PreviewStart), "0:02.25").unwrap();
    assert_eq!(release.main_artists().collect::<Vec<_>>(), ["Ann Ash", "Bo Birk"]);
    assert_eq!(release.p_line.valid().map(|line| (line.year, line.owner.as_str())), Some((2026, "Lacquer")));
    assert_eq!(release.territories, Territories::Only(["DE".parse().unwrap()].into()));
    assert_eq!(release.kind(), ReleaseKind::Album);
    assert_eq!(release.tracks[0].advisory, Some(Advisory::Clean));
    assert_eq!(release.tracks[0].preview_start_ms, 2_250);
}

#[test]
fn names_of_one_role_leave_the_others_where_they_are() {
    let mut release = release();
    release.contributors = vec![Contributor::new("Mia", Role::Mixer), Contributor::new("Ann", Role::MainArtist)];
    release.set(Field::of_release(FieldName::FeaturedArtist), "Cy").unwrap();
    release.set(Field::of_release(FieldName::Artist), "Bo; Al").unwrap();
    let credits: Vec<(&str, Role)> = release.contributors.iter().map(|c| (c.name.as_str(), c.role)).collect();
    let expected =
        [("Bo", Role::MainArtist), ("Al", Role::MainArtist), ("Cy", Role::FeaturedArtist), ("Mia", Role::Mixer)];
    assert_eq!(credits, expected);
}

#[test]
fn what_a_field_cannot_hold_is_refused_and_changes_nothing() {
    let refused = [
        (FieldName::Advisory, "foo"),
        (FieldName::Kind, "mixtape"),
        (FieldName::Territories, "DE,AT"),
        (FieldName::Territories, "only:"),
        (FieldName::Territories, "only:DE,QQ"),
        (FieldName::Territories, "not:DE"),
        (FieldName::Disc, "0"),
        (FieldName::Number, "A1"),
        (FieldName::Number, ""),
        (FieldName::PreviewStart, "1:75"),
        (FieldName::Artwork, "cover.jpg"),
        (FieldName::Tracks, "1"),
        (FieldName::Master, "one.wav"),
    ];
    let mut said = Vec::new();
    for (name, text) in refused {
        let field = if name.is_of_release() { Field::of_release(name) } else { Field::of_track(track_id(), name) };
        let mut release = release();
        said.push(format!("{name}={text:?}: {}", release.set(field, text).unwrap_err()));
        assert_eq!(release, self::release());
    }
    let missing = TrackId::new(Timestamp::UNIX_EPOCH, 3);
    for field in [
        Field::of_release(FieldName::Isrc),
        Field::of_track(track_id(), FieldName::Upc),
        Field::of_track(missing, FieldName::Title),
    ] {
        said.push(format!("{}: {}", field.name, release().set(field, "x").unwrap_err()));
    }
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn fields_of_files_and_of_others_take_no_text() {
    for field in every_field().filter(|field| !is_there(*field) || !field.name.is_text()) {
        let mut release = release();
        assert!(release.set(field, "1").is_err(), "{field:?}");
        assert_eq!(release.text(field), "", "{field:?}");
    }
    assert!(matches!(release().set(Field::of_release(FieldName::Tracks), ""), Err(EditError::NotText(_))));
}

#[test]
fn clearing_is_possible_wherever_a_field_may_be_empty() {
    let mut release = release();
    for (name, entered, _) in GOOD {
        for field in [Field::of_release(*name), Field::of_track(track_id(), *name)] {
            let _ = release.set(field, entered);
        }
    }
    for field in every_field() {
        let _ = release.set(field, " ");
    }
    let mut expected = self::release();
    (expected.tracks[0].disc, expected.tracks[0].number) = (2, 7);
    assert_eq!(release, expected);
    assert_eq!(release.tracks[0].isrc, Entry::Missing);
}

proptest! {
    /// So a window may send back what it shows, at any time, without a change.
    #[test]
    fn what_a_field_shows_leaves_it_as_it_is_when_put_back(text in "\\PC{0,40}") {
        for field in every_field() {
            let mut release = release();
            let _ = release.set(field, &text);
            let before = release.clone();
            if release.set(field, &before.text(field)).is_ok() {
                prop_assert_eq!(&release, &before, "{:?}", field);
            }
        }
    }
}
