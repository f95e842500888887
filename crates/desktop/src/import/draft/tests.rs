use std::collections::BTreeSet;

use jiff::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::import::tags::TagKey;

const GIVEN: &str = "/Some Album (2024)";

/// Files below [`GIVEN`] and what their tags say.
fn sources(files: &[(&str, &[(TagKey, &str)])]) -> Vec<Source> {
    let source = |(path, tags): &(&str, &[(TagKey, &str)])| Source {
        path: Path::new(GIVEN).join(path),
        root: Some(PathBuf::from(GIVEN)),
        tags: FileTags::of(tags),
    };
    files.iter().map(source).collect()
}

fn draft(files: &[(&str, &[(TagKey, &str)])]) -> Draft {
    let mut ids = 0;
    put_together(&sources(files), ReleaseId::new(Timestamp::UNIX_EPOCH, 0), || {
        ids += 1;
        TrackId::new(Timestamp::UNIX_EPOCH, ids)
    })
}

/// The tracks as `disc-number title`, with a letter for where disc and number come from.
fn tracks(draft: &Draft) -> Vec<String> {
    let letter = |track: &Track, field| match draft.origins.get(&Field::of_track(track.id, field)) {
        Some(Origin::Tags) => 't',
        Some(Origin::Name) => 'n',
        Some(Origin::Sheet | Origin::Hand) => '?',
        None => '-',
    };
    let shown = |track: &Track| {
        let (disc, number) = (letter(track, FieldName::Disc), letter(track, FieldName::Number));
        format!("{}{disc}-{}{number} {}", track.disc, track.number, track.title)
    };
    draft.release.tracks.iter().map(shown).collect()
}

fn text(draft: &Draft, field: FieldName) -> (String, Option<Origin>) {
    let field = Field::of_release(field);
    (draft.release.text(field), draft.origins.get(&field).copied())
}

fn track_text(draft: &Draft, track: usize, field: FieldName) -> (String, Option<Origin>) {
    let field = Field::of_track(draft.release.tracks[track].id, field);
    (draft.release.text(field), draft.origins.get(&field).copied())
}

fn said(notes: &[Note]) -> Vec<String> {
    notes.iter().map(ToString::to_string).collect()
}

#[test]
fn names_alone_make_an_album() {
    let draft = draft(&[("10 Ten.wav", &[]), ("02 - Two.wav", &[]), ("1 One.wav", &[])]);
    assert_eq!(tracks(&draft), ["1n-1n One", "1n-2n Two", "1n-10n Ten"]);
    assert_eq!(text(&draft, FieldName::Title), ("Some Album".to_owned(), Some(Origin::Name)));
    assert_eq!(draft.sources, [2, 1, 0]);
}

#[test]
fn tags_are_trusted_more_than_names_field_by_field() {
    let draft = draft(&[
        (
            "Wrong Album/07 Wrong.wav",
            &[(TagKey::Title, "Right"), (TagKey::Number, "1"), (TagKey::Album, "Right Album")],
        ),
        ("Wrong Album/02 Good.wav", &[(TagKey::Artist, "Ann Ash")]),
    ]);
    assert_eq!(tracks(&draft), ["1n-1t Right", "1n-2n Good"]);
    assert_eq!(text(&draft, FieldName::Title), ("Right Album".to_owned(), Some(Origin::Tags)));
    assert_eq!(track_text(&draft, 0, FieldName::Title).1, Some(Origin::Tags));
    assert_eq!(track_text(&draft, 1, FieldName::Title).1, Some(Origin::Name));
}

#[test]
fn discs_come_from_tags_then_names_then_folders() {
    let draft = draft(&[
        ("CD2/01 C.wav", &[]),
        ("CD1/02 B.wav", &[]),
        ("CD1/01 A.wav", &[(TagKey::Disc, "1/2")]),
        ("CD2/3-02 D.wav", &[]),
    ]);
    assert_eq!(tracks(&draft), ["1t-1n A", "1n-2n B", "2n-1n C", "3n-2n D"]);
}

#[test]
fn folders_that_count_anew_are_discs() {
    let anew = draft(&[("Side A/01 A.wav", &[]), ("Side A/02 B.wav", &[]), ("Side B/01 C.wav", &[])]);
    assert_eq!(tracks(&anew), ["1n-1n A", "1n-2n B", "2n-1n C"]);
    let on = draft(&[("Side A/01 A.wav", &[]), ("Side B/02 B.wav", &[])]);
    assert_eq!(tracks(&on), ["1n-1n A", "1n-2n B"]);
}

#[test]
fn missing_numbers_are_filled_in_by_the_order_of_names() {
    let draft =
        draft(&[("Ten 10.wav", &[]), ("Ten 9.wav", &[]), ("02 Sure.wav", &[]), ("Zulu.wav", &[(TagKey::Number, "1")])]);
    assert_eq!(tracks(&draft), ["1n-1t Zulu", "1n-2n Sure", "1n-3n Ten 9", "1n-4n Ten 10"]);
}

#[test]
fn two_files_at_the_same_place_are_both_kept() {
    let draft = draft(&[("01 B.wav", &[]), ("01 A.wav", &[]), ("02 C.wav", &[])]);
    assert_eq!(tracks(&draft), ["1n-1n A", "1n-1n B", "1n-2n C"]);
    let problems = release::check(&draft.release, &release::check::Context { today: jiff::civil::date(2026, 1, 1) });
    let named = problems.iter().find(|problem| problem.field.name == FieldName::Number);
    assert!(named.is_some_and(|problem| problem.message.contains('1')), "{problems:?}");
}

#[test]
fn a_title_that_begins_with_a_number_stays_whole() {
    let among = draft(&[("99 Luftballons.wav", &[]), ("Kleiner Mann.wav", &[])]);
    assert_eq!(tracks(&among), ["1n-1n 99 Luftballons", "1n-2n Kleiner Mann"]);
    let tagged = draft(&[("7 Seconds.wav", &[(TagKey::Title, "7 Seconds")]), ("8 Days.wav", &[])]);
    assert_eq!(tracks(&tagged), ["1n-1n 7 Seconds", "1n-8n Days"]);
    let numbered = draft(&[("11 K.wav", &[]), ("12 L.wav", &[])]);
    assert_eq!(tracks(&numbered), ["1n-11n K", "1n-12n L"]);
}

#[test]
fn delivery_names_say_upc_disc_and_number() {
    let draft = draft(&[("190295810726_02_001.wav", &[]), ("190295810726_01_002.wav", &[])]);
    assert_eq!(tracks(&draft), ["1n-2n ", "2n-1n "]);
    assert_eq!(text(&draft, FieldName::Upc), ("190295810726".to_owned(), Some(Origin::Name)));
}

#[test]
fn most_files_decide_on_the_release_and_contradictions_are_told() {
    let draft = draft(&[
        ("1.wav", &[(TagKey::Album, "Some Album"), (TagKey::Label, "One")]),
        ("2.wav", &[(TagKey::Album, "Some Albun"), (TagKey::Label, "One")]),
        ("3.wav", &[(TagKey::Album, "Some Album")]),
    ]);
    assert_eq!(text(&draft, FieldName::Title).0, "Some Album");
    assert_eq!(
        said(&draft.notes),
        ["The files do not agree on the title: 2 say \"Some Album\", 1 says \"Some Albun\"."]
    );
}

#[test]
fn a_release_has_the_artist_that_its_tracks_have() {
    let artist = |name| [(TagKey::Artist, name)];
    let (ann, bo) = (artist("Ann Ash"), artist("Bo Birk"));
    let all = draft(&[("1.wav", &ann), ("2.wav", &ann)]);
    assert_eq!(text(&all, FieldName::Artist), ("Ann Ash".to_owned(), Some(Origin::Tags)));
    assert_eq!(track_text(&all, 0, FieldName::Artist), (String::new(), None));
    let most = draft(&[("1.wav", &ann), ("2.wav", &bo), ("3.wav", &ann)]);
    assert_eq!(text(&most, FieldName::Artist).0, "Ann Ash");
    assert_eq!(track_text(&most, 1, FieldName::Artist), ("Bo Birk".to_owned(), Some(Origin::Tags)));
    let none = draft(&[("1.wav", &ann), ("2.wav", &bo)]);
    assert_eq!(text(&none, FieldName::Artist), (String::new(), None));
    assert_eq!(track_text(&none, 0, FieldName::Artist).0, "Ann Ash");
}

#[test]
fn a_line_of_artists_is_divided_where_a_track_names_them_one_by_one() {
    let draft = draft(&[(
        "1.wav",
        &[(TagKey::AlbumArtist, "Ann Ash & Bo Birk"), (TagKey::Artist, "Ann Ash"), (TagKey::Artist, "Bo Birk")],
    )]);
    assert_eq!(text(&draft, FieldName::Artist).0, "Ann Ash; Bo Birk");
    assert_eq!(draft.release.display_artist(), "Ann Ash & Bo Birk");
    assert_eq!(track_text(&draft, 0, FieldName::Artist).0, "");
}

#[test]
fn a_track_says_only_what_differs_from_the_release() {
    let line = |text| [(TagKey::PLine, text), (TagKey::Language, "en")];
    let (one, other) = (line("℗ 2024 One"), line("2023 Other"));
    let draft = draft(&[("1.wav", &one), ("2.wav", &other), ("3.wav", &one)]);
    assert_eq!(text(&draft, FieldName::PLine).0, "2024 One");
    assert_eq!(track_text(&draft, 0, FieldName::PLine), (String::new(), None));
    assert_eq!(track_text(&draft, 1, FieldName::PLine), ("2023 Other".to_owned(), Some(Origin::Tags)));
    assert_eq!(track_text(&draft, 1, FieldName::Language), (String::new(), None));
    assert_eq!(said(&draft.notes), [""; 0]);
}

#[test]
fn what_a_person_should_look_at_is_told() {
    let draft = draft(&[
        ("CD2/1.wav", &[(TagKey::Disc, "1"), (TagKey::Number, "1/3"), (TagKey::Date, "2024")]),
        ("CD2/2.wav", &[(TagKey::Disc, "1"), (TagKey::Number, "2/3"), (TagKey::Date, "2024")]),
    ]);
    assert_eq!(
        said(&draft.notes),
        [
            "The release date in the tags is \"2024\", which names no day, and was not used.",
            "The tags promise 3 tracks on disc 1, and 2 were found.",
            "The folder /Some Album (2024)/CD2 is named after disc 2, and tags in it say disc 1.",
        ]
    );
}

#[cfg(unix)]
#[test]
fn a_name_that_is_not_unicode_is_used_as_far_as_it_goes() {
    use std::os::unix::ffi::OsStringExt as _;
    let name = std::ffi::OsString::from_vec(b"01 Caf\xe9.wav".to_vec());
    let source = Source { path: Path::new(GIVEN).join(name), root: None, tags: FileTags::default() };
    let id = ReleaseId::new(Timestamp::UNIX_EPOCH, 0);
    let draft = put_together(&[source], id, || TrackId::new(Timestamp::UNIX_EPOCH, 0));
    assert_eq!(tracks(&draft), ["1n-1n Caf\u{fffd}"]);
    assert_eq!(said(&draft.notes), ["The name of /Some Album (2024)/01 Caf\u{fffd}.wav is not Unicode."]);
}

#[test]
fn a_lossy_file_beside_its_master_is_known() {
    let files: [(&str, &[(TagKey, &str)]); 5] = [
        ("FLAC/01 One.flac", &[]),
        ("FLAC/02 Two.flac", &[(TagKey::Title, "Two")]),
        ("MP3/01 one.mp3", &[]),
        ("MP3/x.mp3", &[(TagKey::Title, "Two"), (TagKey::Number, "2")]),
        ("MP3/03 Three.mp3", &[]),
    ];
    let sources = sources(&files);
    assert_eq!(lossy_twins(&sources, &[true, true, false, false, false]), [(2, 0), (3, 1)]);
    assert_eq!(lossy_twins(&sources, &[false; 5]), []);
    assert_eq!(lossy_twins(&sources, &[true; 5]), []);
}

#[test]
fn one_value_in_two_spellings_is_no_contradiction() {
    let draft = draft(&[
        ("1.wav", &[(TagKey::Upc, "1 90295 81072 6"), (TagKey::Copyright, "© 2024 Owner")]),
        ("2.wav", &[(TagKey::Upc, "190295810726"), (TagKey::Copyright, "2024 Owner")]),
    ]);
    assert_eq!(text(&draft, FieldName::Upc).0, "190295810726");
    assert_eq!(text(&draft, FieldName::CLine).0, "2024 Owner");
    assert_eq!(said(&draft.notes), [""; 0]);
}

#[test]
fn the_folder_that_was_given_names_the_release() {
    let title = |root: &str, path: &str| {
        let source = Source { path: PathBuf::from(path), root: Some(PathBuf::from(root)), tags: FileTags::default() };
        let id = ReleaseId::new(Timestamp::UNIX_EPOCH, 0);
        put_together(&[source], id, || TrackId::new(Timestamp::UNIX_EPOCH, 0)).release.title
    };
    assert_eq!(title("/music/Some Album", "/music/Some Album/Masters/CD1/1.wav"), "Some Album");
    assert_eq!(title("/music/Some Album/CD1", "/music/Some Album/CD1/1.wav"), "Some Album");
    assert_eq!(title("/music/Some Album (Disc 1)", "/music/Some Album (Disc 1)/1.wav"), "Some Album");
    assert_eq!(title("/", "/1.wav"), "");
}

fn any_tags() -> impl Strategy<Value = Vec<(TagKey, String)>> {
    let key = prop::sample::select(vec![
        TagKey::Title,
        TagKey::Artist,
        TagKey::Artists,
        TagKey::Album,
        TagKey::AlbumArtist,
        TagKey::Number,
        TagKey::Disc,
        TagKey::Date,
        TagKey::Isrc,
        TagKey::Upc,
        TagKey::Copyright,
        TagKey::PLine,
        TagKey::Language,
        TagKey::Advisory,
        TagKey::Composer,
        TagKey::Version,
    ]);
    let text = "(1|2|10|0|/|feat\\. |\\(|\\)|;|℗|©|2024-01-0|en|Ann|Disc |é|\\PC){0,6}";
    proptest::collection::vec((key, text), 0..8)
}

proptest! {
    // A case makes a whole album.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_files_say_every_one_is_a_track_at_its_place(
        files in proptest::collection::vec(("(CD1/|CD2/|a/)?(0?[0-9]{1,2}[ .-])?[a-c]{0,2} ?[0-9]?", any_tags()), 1..12),
    ) {
        let tags: Vec<Vec<(TagKey, &str)>> =
            files.iter().map(|(_, tags)| tags.iter().map(|(key, text)| (*key, text.as_str())).collect()).collect();
        let listed: Vec<(String, &[(TagKey, &str)])> =
            files.iter().zip(&tags).enumerate().map(|(n, ((path, _), tags))| (format!("{path}{n}.wav"), &tags[..])).collect();
        let files: Vec<(&str, &[(TagKey, &str)])> = listed.iter().map(|(path, tags)| (path.as_str(), *tags)).collect();
        let draft = draft(&files);

        let tracks = &draft.release.tracks;
        prop_assert_eq!(tracks.len(), files.len());
        prop_assert_eq!(draft.sources.iter().collect::<BTreeSet<_>>().len(), files.len());
        prop_assert!(tracks.iter().map(|t| (t.disc, t.number)).is_sorted());
        prop_assert!(tracks.iter().all(|t| t.disc > 0 && t.number > 0));
        for field in draft.origins.keys() {
            prop_assert!(!draft.release.text(*field).is_empty(), "{field:?}");
        }
        // Numbers that nobody said never meet another.
        let sources = sources(&files);
        let names = places::names(&sources);
        for (track, source) in tracks.iter().zip(&draft.sources) {
            let is_said = names[*source].number.is_some() || said::of_tags(&sources[*source].tags).place(FieldName::Number).is_some();
            let here = tracks.iter().filter(|other| (other.disc, other.number) == (track.disc, track.number)).count();
            prop_assert!(is_said || here == 1, "{} {}", track.disc, track.number);
        }
    }
}
