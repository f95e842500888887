//! An album of music that no one here made goes all the way.

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

use support::{Bench, extension, ffprobe, pcm_md5, stream, succeeded, tag};

const MUSIC: &str = "/usr/share/games/wesnoth/1.16/data/core/music";
/// Short enough to be quick on two cores, long enough that the preview is a part of it.
const SECONDS: &str = "40";

fn real_album(folder: &Path) -> Vec<PathBuf> {
    std::fs::create_dir_all(folder).expect("a folder");
    let pieces = ["battle", "elvish-theme", "breaking_the_chains"];
    let mut masters = Vec::new();
    for (index, piece) in pieces.iter().enumerate() {
        let number = index + 1;
        let source = Path::new(MUSIC).join(format!("{piece}.ogg"));
        assert!(source.is_file(), "Debian's wesnoth-1.16-music is needed (make setup installs it)");
        let master = folder.join(format!("{number:02} {piece}.wav"));
        let tags = [
            ("title", format!("The {piece} theme").replace(['_', '-'], " ")),
            ("artist", "The Wesnoth Players".to_owned()),
            ("album", "Music of Wesnoth".to_owned()),
            ("track", number.to_string()),
            ("genre", "Soundtrack".to_owned()),
            ("copyright", "2008 The Battle for Wesnoth".to_owned()),
        ];
        let mut ffmpeg = Command::new("ffmpeg");
        ffmpeg.args(["-v", "error", "-t", SECONDS, "-i"]).arg(&source).args(["-map", "0:a:0", "-map_metadata", "-1"]);
        for (name, value) in &tags {
            ffmpeg.arg("-metadata").arg(format!("{name}={value}"));
        }
        succeeded(ffmpeg.args(["-c:a", "pcm_s24le"]).arg(&master).output().expect("ffmpeg (make setup installs it)"));
        masters.push(master);
    }
    succeeded(
        Command::new("ffmpeg")
            .args([
                "-v",
                "error",
                "-f",
                "lavfi",
                "-i",
                "testsrc2=size=3000x3000",
                "-frames:v",
                "1",
                "-pix_fmt",
                "rgb24",
            ])
            .arg(folder.join("cover.png"))
            .output()
            .expect("ffmpeg"),
    );
    masters
}

#[test]
fn real_music_goes_live() {
    let bench = Bench::new();
    let album = bench.path("Music of Wesnoth");
    let masters = real_album(&album);
    bench.subscribe("The Wesnoth Players", "players@example.com");

    let fields = [
        "--set",
        "label=Wesnoth Records",
        "--set",
        "p_line=2008 The Battle for Wesnoth",
        "--set",
        "advisory=none",
        "--set",
        "upc=190295810726",
        "--set",
        "1.isrc=DEA400800001",
    ];
    let said = succeeded(bench.deliver(&album, &fields).output().expect("the command line starts"));
    assert!(said.contains("live"), "{said}");

    let renditions = bench.renditions();
    assert_eq!(renditions.len(), 12, "{renditions:?}");
    for rendition in renditions.iter().filter(|path| extension(path) == "flac") {
        let probe = ffprobe(rendition);
        let title = tag(&probe, "title").expect("a title");
        let master = masters
            .iter()
            .find(|master| tag(&ffprobe(master), "title").as_deref() == Some(&title))
            .expect("the master of that title");
        assert_eq!(
            stream(&probe, "audio").expect("sound")["sample_rate"],
            stream(&ffprobe(master), "audio").expect("sound")["sample_rate"]
        );
        assert_eq!(pcm_md5(rendition), pcm_md5(master), "{title}");
    }
    assert_eq!(bench.mails().len(), 1);
    bench.assert_nothing_done_twice("real music");
}
