use release::{AudioFacts, Codec, Container, Master, Release};

use crate::{Vector, fine, read, wrong};

fn master(release: &mut Release) -> &mut Master {
    release.tracks[1].master.as_mut().unwrap()
}

fn facts(release: &mut Release) -> &mut AudioFacts {
    &mut master(release).facts
}

fn form(release: &mut Release, container: Container, codec: Codec) {
    (facts(release).format.container, facts(release).format.codec) = (container, codec);
}

fn every_rate(release: &mut Release, rate: u32) {
    release.tracks.iter_mut().for_each(|track| track.master.as_mut().unwrap().facts.format.sample_rate = rate);
}

const VECTORS: &[Vector] = &[
    fine("PCM in WAV", |r| form(r, Container::Wav, Codec::Pcm)),
    fine("PCM in RF64", |r| form(r, Container::Rf64, Codec::Pcm)),
    fine("PCM in AIFF", |r| form(r, Container::Aiff, Codec::Pcm)),
    fine("PCM in CAF", |r| form(r, Container::Caf, Codec::Pcm)),
    fine("ALAC in MP4", |r| form(r, Container::Mp4, Codec::Alac)),
    fine("ALAC in CAF", |r| form(r, Container::Caf, Codec::Alac)),
    wrong("no master", |r| r.tracks[1].master = None, &["error 2.master master-missing"]),
    wrong("an MP3", |r| form(r, Container::Mp3, Codec::Mp3), &["error 2.master master-lossy"]),
    wrong("AAC in MP4", |r| form(r, Container::Mp4, Codec::Aac), &["error 2.master master-lossy"]),
    wrong("Vorbis", |r| form(r, Container::Ogg, Codec::Vorbis), &["error 2.master master-lossy"]),
    wrong("A-law in WAV", |r| form(r, Container::Wav, Codec::OtherLossy), &["error 2.master master-lossy"]),
    wrong(
        "an MP3 that is cut off, mono and at 22.05 kHz",
        |r| {
            form(r, Container::Mp3, Codec::Mp3);
            facts(r).format.channels = 1;
            facts(r).format.bit_depth = None;
            facts(r).format.sample_rate = 22_050;
            facts(r).frames = 11_000_000;
        },
        &["error 2.master master-lossy", "error 2.master master-truncated"],
    ),
    wrong("FLAC in Ogg", |r| form(r, Container::Ogg, Codec::Flac), &["error 2.master master-container"]),
    wrong("PCM in MP4", |r| form(r, Container::Mp4, Codec::Pcm), &["error 2.master master-container"]),
    fine("longer than declared", |r| facts(r).frames += 1),
    fine("no declared length", |r| facts(r).declared_frames = None),
    wrong("a frame short", |r| facts(r).frames -= 1, &["error 2.master master-truncated"]),
    wrong("cut off in the middle", |r| facts(r).frames = 5_000_000, &["error 2.master master-truncated"]),
    wrong(
        "no frames",
        |r| (facts(r).frames, facts(r).declared_frames) = (0, Some(0)),
        &["error 2.master master-empty"],
    ),
    wrong("no frames of many", |r| facts(r).frames = 0, &["error 2.master master-empty"]),
    wrong("a damaged packet", |r| facts(r).undecodable_packets = 1, &["error 2.master master-damaged"]),
    wrong(
        "damaged packets",
        |r| {
            facts(r).undecodable_packets = 1_234;
            facts(r).frames -= 4_096;
        },
        &["error 2.master master-truncated", "error 2.master master-damaged"],
    ),
    fine("44.1 kHz", |r| every_rate(r, 44_100)),
    fine("48 kHz", |r| every_rate(r, 48_000)),
    fine("88.2 kHz", |r| every_rate(r, 88_200)),
    fine("176.4 kHz", |r| every_rate(r, 176_400)),
    fine("192 kHz", |r| every_rate(r, 192_000)),
    wrong(
        "32 kHz",
        |r| every_rate(r, 32_000),
        &["error 1.master master-rate", "error 2.master master-rate", "error 3.master master-rate"],
    ),
    wrong(
        "50 kHz",
        |r| facts(r).format.sample_rate = 50_000,
        &["warning tracks rates-mixed", "error 2.master master-rate"],
    ),
    wrong("mixed rates", |r| facts(r).format.sample_rate = 44_100, &["warning tracks rates-mixed"]),
    fine("16 bit", |r| facts(r).format.bit_depth = Some(16)),
    wrong("8 bit", |r| facts(r).format.bit_depth = Some(8), &["error 2.master master-depth"]),
    wrong("20 bit", |r| facts(r).format.bit_depth = Some(20), &["error 2.master master-depth"]),
    wrong("32 bit", |r| facts(r).format.bit_depth = Some(32), &["error 2.master master-depth"]),
    wrong(
        "32-bit float",
        |r| {
            form(r, Container::Wav, Codec::PcmFloat);
            facts(r).format.bit_depth = Some(32);
        },
        &["warning 2.master master-float"],
    ),
    wrong(
        "64-bit float",
        |r| {
            form(r, Container::Wav, Codec::PcmFloat);
            facts(r).format.bit_depth = Some(64);
        },
        &["error 2.master master-depth"],
    ),
    wrong("six channels", |r| facts(r).format.channels = 6, &["error 2.master master-channels"]),
    wrong("no channel", |r| facts(r).format.channels = 0, &["error 2.master master-channels"]),
    wrong("mono among stereo", |r| facts(r).format.channels = 1, &["hint 2.master master-mono"]),
    fine("mono throughout", |r| {
        r.tracks.iter_mut().for_each(|track| track.master.as_mut().unwrap().facts.format.channels = 1);
    }),
    fine("a true peak of −1 dBTP", |r| master(r).loudness.true_peak_dbtp = Some(-0.996)),
    fine("silence", |r| master(r).loudness.true_peak_dbtp = None),
    wrong(
        "a true peak under 0",
        |r| master(r).loudness.true_peak_dbtp = Some(-0.99),
        &["warning 2.master master-true-peak"],
    ),
    wrong(
        "a true peak over 0",
        |r| master(r).loudness.true_peak_dbtp = Some(1.334),
        &["warning 2.master master-true-peak"],
    ),
    fine("a preview of the last moment", |r| r.tracks[1].preview_start_ms = 119_999),
    wrong(
        "a preview after the end",
        |r| r.tracks[1].preview_start_ms = 120_000,
        &["error 2.preview_start preview-after-end"],
    ),
];

#[test]
fn audio() {
    insta::assert_snapshot!(read(VECTORS));
}
