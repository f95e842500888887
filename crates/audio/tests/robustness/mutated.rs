use std::fs;
use std::io::Cursor;
use std::sync::LazyLock;

use audio::{AudioError, Control, analyse};
use proptest::prelude::*;

use crate::counted::{alone, peak_of};
use crate::machine::{ffmpeg, folder, music};

const MIB: usize = 1024 * 1024;

/// A third of a second of music in every format that is read.
static FILES: LazyLock<Vec<(&str, Vec<u8>)>> = LazyLock::new(|| {
    let folder = folder();
    [
        ("24.wav", "-c:a pcm_s24le"),
        ("float.wav", "-c:a pcm_f32le"),
        ("rf64.wav", "-c:a pcm_s16le -rf64 always"),
        ("16.aiff", "-c:a pcm_s16be"),
        ("float.aifc", "-c:a pcm_f32be -f aiff"),
        ("24.caf", "-c:a pcm_s24le"),
        ("alac.caf", "-c:a alac"),
        ("alac.m4a", "-c:a alac -movflags +faststart"),
        ("aac.m4a", "-c:a aac"),
        ("pcm.mov", "-c:a pcm_s16le"),
        ("16.flac", "-c:a flac -sample_fmt s16"),
        ("vbr.mp3", "-c:a libmp3lame -q:a 4"),
        ("bare.mp3", "-c:a libmp3lame -write_xing 0 -id3v2_version 0"),
        ("adts.aac", "-c:a aac"),
        ("vorbis.ogg", "-c:a libvorbis"),
        ("flac.ogg", "-c:a flac"),
    ]
    .into_iter()
    .map(|(name, arguments)| {
        let path = folder.path().join(name);
        ffmpeg("-ss 20 -t 0.33", &music("battle.ogg"), &format!("-map 0:a {arguments}"), &path);
        (name, fs::read(path).unwrap())
    })
    .collect()
});

#[derive(Debug, Clone)]
enum Harm {
    /// A byte near the start, where the headers are.
    Head(usize, u8),
    /// A byte anywhere.
    Anywhere(prop::sample::Index, u8),
    /// A stretch of bytes is taken out.
    Cut(prop::sample::Index, usize),
    /// The file ends here.
    End(prop::sample::Index),
}

fn harm() -> impl Strategy<Value = Harm> {
    prop_oneof![
        4 => (0_usize..200, any::<u8>()).prop_map(|(place, byte)| Harm::Head(place, byte)),
        3 => (any::<prop::sample::Index>(), any::<u8>()).prop_map(|(place, byte)| Harm::Anywhere(place, byte)),
        1 => (any::<prop::sample::Index>(), 1_usize..500).prop_map(|(place, length)| Harm::Cut(place, length)),
        1 => any::<prop::sample::Index>().prop_map(Harm::End),
    ]
}

impl Harm {
    fn apply(&self, bytes: &mut Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        match self {
            Self::Head(place, byte) => {
                let place = *place % bytes.len();
                bytes[place] = *byte;
            }
            Self::Anywhere(place, byte) => {
                let place = place.index(bytes.len());
                bytes[place] = *byte;
            }
            Self::Cut(place, length) => {
                let start = place.index(bytes.len());
                bytes.drain(start..(start + length).min(bytes.len()));
            }
            Self::End(place) => bytes.truncate(place.index(bytes.len())),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn a_damaged_file_is_no_panic_and_takes_little_memory(
        file in any::<prop::sample::Index>(),
        harms in prop::collection::vec(harm(), 1..8),
    ) {
        let _alone = alone();
        let (name, bytes) = file.get(&FILES);
        let mut bytes = bytes.clone();
        harms.iter().for_each(|harm| harm.apply(&mut bytes));
        let size = bytes.len() as u64;
        let mut result = None;
        let peak = peak_of(|| result = Some(analyse(Cursor::new(bytes), &Control::none())));
        prop_assert!(peak < 96 * MIB, "{name}: {peak} bytes");
        match result.unwrap() {
            // Nothing but silence that is not there could be longer than a bit a frame.
            Ok(analysis) => prop_assert!(analysis.facts.frames <= size * 512, "{name}: {:?}", analysis.facts),
            Err(error) => prop_assert!(!matches!(error, AudioError::Read(_)), "{name}: {error:?}"),
        }
    }
}
