//! Small masters.

use std::f64::consts::TAU;
use std::path::Path;

use audio::encode::{FlacFile, Mp3File, Spec, WavFile};
use release::{Tag, Tags};

const RATE: u32 = 44_100;

/// A second and a half of two tones, 24 bit.
fn samples() -> Vec<i32> {
    let tone = |frame: u32, hertz: f64| {
        let phase = TAU * hertz * f64::from(frame) / f64::from(RATE);
        #[expect(clippy::cast_possible_truncation, reason = "within 24 bits")]
        let sample = (phase.sin() * 1_900_000.3) as i32;
        sample
    };
    (0..RATE * 3 / 2).flat_map(|frame| [tone(frame, 220.0), tone(frame, 331.7)]).collect()
}

const SPEC: Spec = Spec { sample_rate: RATE, channels: 2, bits: 24 };

pub(crate) fn tags(of: &[(Tag, &str)]) -> Tags {
    let mut tags = Tags::default();
    for (tag, value) in of {
        tags.set(*tag, (*value).to_owned());
    }
    tags
}

pub(crate) fn flac(path: &Path, tags: &Tags) {
    let mut file = FlacFile::create(path, SPEC, 2, tags, None).unwrap();
    file.write(&samples()).unwrap();
    file.finish().unwrap();
}

pub(crate) fn wav(path: &Path) {
    let mut file = WavFile::create(path, SPEC, &Tags::default()).unwrap();
    file.write(&samples()).unwrap();
    file.finish().unwrap();
}

pub(crate) fn mp3(path: &Path, tags: &Tags) {
    let floats: Vec<f32> = samples().iter().map(|sample| *sample as f32 / 8_388_608.0).collect();
    let mut file = Mp3File::create(path, RATE, 2, 128, tags, None).unwrap();
    file.write(&floats).unwrap();
    file.finish().unwrap();
}
