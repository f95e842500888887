//! The album that is committed: that the program composes it, and that it is fit to be delivered and heard.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use audio::{Control, analyse};

const NAMES: [&str; 5] = ["01 Copper Morning.flac", "02 Undertow.flac", "03 Lamp Out.wav", "LICENSE.txt", "cover.jpg"];

fn album() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/demo-album")
}

#[test]
fn the_program_composes_the_committed_album_to_the_byte() {
    let folder = tempfile::tempdir().unwrap();
    let written = demo_album::write(folder.path()).unwrap();
    assert_eq!(written.len(), NAMES.len());
    for name in NAMES {
        // Not assert_eq: nobody wants to read twelve megabytes.
        let same = fs::read(folder.path().join(name)).unwrap() == fs::read(album().join(name)).unwrap();
        assert!(same, "{name} differs; `make demo-album` composes it anew");
    }
}

#[test]
fn the_album_is_five_files_under_24_mb() {
    let entries: Vec<_> = fs::read_dir(album()).unwrap().map(|entry| entry.unwrap()).collect();
    let names: BTreeSet<String> = entries.iter().map(|entry| entry.file_name().into_string().unwrap()).collect();
    assert_eq!(names, NAMES.map(str::to_owned).into());
    let bytes: u64 = entries.iter().map(|entry| entry.metadata().unwrap().len()).sum();
    assert!(bytes < 24_000_000, "{bytes} bytes");
}

#[test]
fn every_master_is_whole_of_24_bits_and_at_a_pleasant_level() {
    for (name, rate) in NAMES.into_iter().zip([48_000, 48_000, 96_000]) {
        let analysis = analyse(File::open(album().join(name)).unwrap(), &Control::none()).unwrap();
        let facts = &analysis.facts;
        assert_eq!((facts.format.sample_rate, facts.format.bit_depth, facts.format.channels), (rate, Some(24), 2));
        assert!(facts.seconds() >= 20.0 && !facts.is_truncated() && facts.undecodable_packets == 0, "{name}");
        let integrated = analysis.loudness.integrated_lufs.unwrap();
        let peak = analysis.loudness.true_peak_dbtp.unwrap();
        assert!((-16.5..=-14.0).contains(&integrated), "{name} has {integrated} LUFS");
        assert!((-6.0..=-1.2).contains(&peak), "{name} has {peak} dBTP");
    }
}

#[test]
fn the_picture_is_of_the_size_that_stores_ask_for() {
    let picture = image::open(album().join("cover.jpg")).unwrap();
    assert_eq!((picture.width(), picture.height(), picture.color()), (3_000, 3_000, image::ColorType::Rgb8));
}
