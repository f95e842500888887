use std::fs::File;
use std::process::Command;

use audio::{Control, analyse};

use crate::machine::{ffmpeg, folder, music};

/// Integrated loudness and true peak as ffmpeg's ebur128 filter finds them.
fn measured_by_ffmpeg(path: &std::path::Path) -> (f64, f64) {
    let output = Command::new("ffmpeg")
        .args(["-nostdin", "-nostats", "-i"])
        .arg(path)
        .args(["-map", "0:a", "-af", "ebur128=peak=true", "-f", "null", "-"])
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let summary = &told[told.rfind("Summary:").unwrap()..];
    let number = |name: &str| {
        let line = summary.lines().find(|line| line.trim().starts_with(name)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    };
    (number("I:"), number("Peak:"))
}

#[test]
fn real_music_is_as_loud_as_ffmpeg_says() {
    let folder = folder();
    for (piece, rate) in [("battle.ogg", 44_100), ("knolls.ogg", 48_000), ("elf-land.ogg", 96_000)] {
        let path = folder.path().join("master.wav");
        ffmpeg("-t 60", &music(piece), &format!("-map 0:a -ar {rate} -c:a pcm_s24le"), &path);
        let loudness = analyse(File::open(&path).unwrap(), &Control::none()).unwrap().loudness;
        let (lufs, true_peak) = measured_by_ffmpeg(&path);
        let (our_lufs, our_peak) = (loudness.integrated_lufs.unwrap(), loudness.true_peak_dbtp.unwrap());
        // ffmpeg shows a tenth.
        assert!((our_lufs - lufs).abs() <= 0.1, "{piece}: {our_lufs} and {lufs} LUFS");
        assert!((our_peak - true_peak).abs() <= 0.2, "{piece}: {our_peak} and {true_peak} dBTP");
        assert!(loudness.sample_peak_dbfs.unwrap() <= our_peak);
    }
}
