use proptest::collection::vec;
use proptest::prelude::*;
use release::{
    Advisory, Artwork, AudioFacts, AudioFormat, Codec, ColourModel, Container, Contributor, Entry, Field, FieldName,
    ImageFormat, Loudness, Release, Role, Severity,
};

use crate::{example, problems};

/// Texts of all kinds that people, files and enemies put into fields.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "\\PC{0,12}",
        "[A-Za-z0-9 .()\\[\\]/-]{0,30}",
        Just("feat. ft w/ Single EP Original Mix".to_owned()),
        Just("🔥\u{0}\u{202e}ليلة".to_owned()),
        "[0-9]{11,15}",
        "[A-Z]{2}[A-Z0-9]{3}[0-9]{7}",
        "[0-9]{4}-[0-9]{2}-[0-9]{2}",
    ]
}

fn facts() -> impl Strategy<Value = AudioFacts> {
    let container = prop_oneof![Just(Container::Wav), Just(Container::Flac), Just(Container::Ogg)];
    let codec = prop_oneof![Just(Codec::Pcm), Just(Codec::PcmFloat), Just(Codec::Flac), Just(Codec::Mp3)];
    let format = (container, codec, any::<u32>(), any::<Option<u8>>(), any::<u16>());
    (format, any::<u64>(), any::<Option<u64>>(), any::<u64>()).prop_map(
        |((container, codec, sample_rate, bit_depth, channels), frames, declared_frames, undecodable_packets)| {
            let format = AudioFormat { container, codec, sample_rate, bit_depth, channels };
            AudioFacts { format, frames, declared_frames, undecodable_packets }
        },
    )
}

fn artwork() -> impl Strategy<Value = Artwork> {
    (any::<u32>(), any::<u32>(), any::<u64>(), any::<bool>(), any::<Option<String>>()).prop_map(
        |(width, height, bytes, alpha, unreadable)| Artwork {
            asset: example::asset("cover", "jpg", bytes),
            format: ImageFormat::Png,
            colour: ColourModel::Rgb,
            width,
            height,
            alpha,
            unreadable,
        },
    )
}

/// A release with anything in any field.
fn any_release() -> impl Strategy<Value = Release> {
    let peak = prop::option::of((-100_000_i32..100_000).prop_map(|thousandths| f64::from(thousandths) / 1000.0));
    let sound = (facts(), peak, any::<u64>());
    let edits = vec((any::<prop::sample::Index>(), 0_usize..4, text()), 0..24);
    (edits, vec((any::<u32>(), any::<u32>()), 0..3), sound, any::<Option<()>>(), artwork()).prop_map(
        |(edits, places, (facts, peak, preview), has_artwork, artwork)| {
            let mut release = example::release();
            for (track, (disc, number)) in release.tracks.iter_mut().zip(places) {
                (track.disc, track.number, track.preview_start_ms) = (disc, number, preview);
                let master = track.master.as_mut().unwrap();
                master.facts = facts.clone();
                master.loudness = Loudness { true_peak_dbtp: peak, ..Loudness::default() };
            }
            for (name, place, text) in edits {
                let name = *name.get(FieldName::ALL);
                let field = match release.tracks.get(place) {
                    Some(track) => Field::of_track(track.id, name),
                    None => Field::of_release(name),
                };
                let _ = release.set(field, &text);
            }
            release.artwork = has_artwork.map(|()| artwork);
            release
        },
    )
}

/// A release as a careful label fills it in.
fn good_release() -> impl Strategy<Value = Release> {
    let title = "[A-Z][a-z]{2,11}( [A-Z][a-z]{2,9}){0,3}";
    let advisory = prop_oneof![Just(Advisory::Explicit), Just(Advisory::Clean), Just(Advisory::None)];
    let track = (title, advisory, 44_100_u64..40_000_000, prop_oneof![Just(16_u8), Just(24)]);
    let upc = (0_u64..100_000_000_000).prop_map(|body| {
        (0..10).map(|digit| format!("{body:011}{digit}")).find_map(|upc| Entry::read(&upc).valid().cloned()).unwrap()
    });
    (title, "[A-Z][a-z]{1,9}", upc, vec(track, 1..12), "[A-Z]{3}").prop_map(
        |(title, artist, upc, tracks, registrant): (_, _, release::Upc, _, _)| {
            let mut release = example::release();
            release.title = title;
            release.contributors = vec![Contributor::new(artist, Role::MainArtist)];
            release.upc = upc.into();
            release.tracks = (1..)
                .zip(tracks)
                .map(|(number, (title, advisory, frames, bits))| {
                    let mut track = example::track(number, &title, &format!("DE{registrant}26{number:05}"));
                    track.advisory = Some(advisory);
                    track.preview_start_ms = 0;
                    let master = track.master.as_mut().unwrap();
                    (master.facts.frames, master.facts.declared_frames) = (frames, Some(frames));
                    master.facts.format.bit_depth = Some(bits);
                    track
                })
                .collect();
            release
        },
    )
}

proptest! {
    #[test]
    fn anything_in_any_field_is_answered(release in any_release()) {
        for problem in problems(&release) {
            prop_assert!(!problem.message.is_empty() && !problem.help.is_empty());
            prop_assert!(!problem.message.chars().any(char::is_control), "{:?}", problem.message);
            prop_assert!(problem.code.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{}", problem.code);
        }
    }

    #[test]
    fn a_good_release_has_no_error(release in good_release()) {
        let errors: Vec<_> = problems(&release).into_iter().filter(|p| p.severity == Severity::Error).collect();
        prop_assert_eq!(errors, vec![]);
    }

    /// What is stored and read again is found to be the same.
    #[test]
    fn a_stored_release_has_the_same_problems(release in any_release()) {
        let stored: Release = serde_json::from_str(&serde_json::to_string(&release).unwrap()).unwrap();
        prop_assert_eq!(problems(&stored), problems(&release));
    }
}
