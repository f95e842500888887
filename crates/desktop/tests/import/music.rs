use std::path::PathBuf;
use std::process::Command;

use crate::album::{Album, fields, tracks};

/// A piece of Debian's wesnoth-1.16-music.
fn piece(name: &str) -> PathBuf {
    let listed = Command::new("dpkg").args(["-L", "wesnoth-1.16-music"]).output();
    let listed = listed.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let usual = format!("/usr/share/games/wesnoth/1.16/data/core/music/{name}");
    let path = PathBuf::from(listed.lines().find(|line| line.ends_with(name)).unwrap_or(&usual));
    assert!(path.is_file(), "{} is missing: install wesnoth-1.16-music", path.display());
    path
}

#[test]
fn real_music_in_24_bits_becomes_an_album() {
    let album = Album::new();
    for (name, music, title) in [
        ("01.wav", "elf-land.ogg", "Elf Land"),
        ("02.wav", "battle.ogg", "Battle"),
        ("03.wav", "frantic.ogg", "Frantic"),
    ] {
        let (title, artist) = (format!("title={title}"), "artist=Ann Ash");
        let output = ["-map_metadata", "-1", "-t", "6", "-c:a", "pcm_s24le", "-metadata", &title, "-metadata", artist];
        album.convert(&piece(music), name, &output);
    }
    let imported = album.import();
    assert_eq!(tracks(&imported), ["1-1 Elf Land", "1-2 Battle", "1-3 Frantic"]);
    assert!(fields(&imported).contains(&"release artist: Ann Ash (tags)".to_owned()));
    for track in &imported.release.tracks {
        let master = track.master.as_ref().unwrap();
        assert_eq!((master.facts.format.bit_depth, master.facts.is_truncated()), (Some(24), false));
        assert!((master.facts.seconds() - 6.0).abs() < 0.001);
        let loudness = master.loudness.integrated_lufs.unwrap();
        assert!((-40.0..-5.0).contains(&loudness), "{loudness}");
        let file = &imported.files[&track.id];
        assert_eq!(file.digest, upload::digest::FileDigest::of_file(&file.path).unwrap());
        assert!(file.analysis.waveform.bins.iter().any(|bin| bin.max > 0.01));
    }
}
