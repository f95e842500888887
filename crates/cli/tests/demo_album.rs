//! The demo album goes all the way, and other programs agree with what comes out.

mod support;

use std::path::{Path, PathBuf};

use support::{Bench, extension, ffprobe, pcm_md5, stream, succeeded, tag, tool};

fn demo_album() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/demo-album")
}

fn masters() -> Vec<PathBuf> {
    let mut masters: Vec<PathBuf> = std::fs::read_dir(demo_album())
        .expect("the demo album is in the repository")
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| matches!(extension(path), "flac" | "wav"))
        .collect();
    masters.sort();
    masters
}

/// The master that a rendition was made of: the one of the same title.
fn master_of<'a>(rendition: &Path, masters: &'a [PathBuf]) -> &'a Path {
    let title = tag(&ffprobe(rendition), "title").expect("a rendition has a title");
    masters
        .iter()
        .find(|master| tag(&ffprobe(master), "title").as_deref() == Some(&title))
        .unwrap_or_else(|| panic!("no master is called {title}"))
}

fn number(value: &serde_json::Value) -> f64 {
    match value {
        serde_json::Value::String(text) => text.parse().expect("a number"),
        other => other.as_f64().expect("a number"),
    }
}

#[test]
fn every_rendition_is_what_ffprobe_expects() {
    let bench = Bench::new();
    let masters = masters();
    assert_eq!(masters.len(), 3, "the demo album has three tracks");
    let artist = tag(&ffprobe(&masters[0]), "artist").expect("an artist");
    bench.subscribe(&artist, "artist@example.com");

    let said = succeeded(bench.deliver(&demo_album(), &[]).output().expect("the command line starts"));
    assert!(said.contains("live"), "deliver does not say that the album is live:\n{said}");

    let renditions = bench.renditions();
    assert_eq!(renditions.len(), masters.len() * 4, "four renditions a track: {renditions:?}");
    let mut previews = 0;
    for rendition in &renditions {
        assert!(said.contains(&*rendition.to_string_lossy()), "deliver does not name {}", rendition.display());
        let master = master_of(rendition, &masters);
        let (probe, source) = (ffprobe(rendition), ffprobe(master));
        let (sound, source_sound) = (stream(&probe, "audio").expect("sound"), stream(&source, "audio").expect("sound"));
        let (seconds, source_seconds) = (number(&probe["format"]["duration"]), number(&source["format"]["duration"]));
        for name in ["title", "artist", "album", "date", "genre"] {
            assert_eq!(tag(&probe, name), tag(&source, name), "{name} of {}", rendition.display());
        }
        match extension(rendition) {
            "flac" => {
                assert_eq!(sound["codec_name"], "flac");
                assert_eq!(sound["sample_rate"], source_sound["sample_rate"]);
                assert_eq!(number(&sound["bits_per_raw_sample"]), 24.0);
                assert!((seconds - source_seconds).abs() < 0.001, "{seconds} for {source_seconds}");
                assert_eq!(pcm_md5(rendition), pcm_md5(master), "the samples of {}", rendition.display());
                assert!(tag(&probe, "isrc").is_some() && tag(&probe, "barcode").is_some());
                tool("flac", &["--test", "--silent", "--warnings-as-errors"], rendition, &[]);
            }
            "wav" => {
                assert_eq!(sound["codec_name"], "pcm_s16le");
                assert_eq!(sound["sample_rate"], "44100");
                assert!((seconds - source_seconds).abs() < 0.001, "{seconds} for {source_seconds}");
                assert!(stream(&probe, "video").is_none(), "a WAV carries no picture");
            }
            "mp3" => {
                assert_eq!(sound["codec_name"], "mp3");
                assert_eq!(sound["sample_rate"], "44100");
                match number(&sound["bit_rate"]).round() {
                    320_000.0 => assert!((seconds - source_seconds).abs() < 0.06, "{seconds} for {source_seconds}"),
                    128_000.0 => {
                        previews += 1;
                        let expected = source_seconds.min(30.0);
                        assert!((seconds - expected).abs() < 0.06, "{seconds} for {expected}");
                    }
                    other => panic!("{} has {other} bits a second", rendition.display()),
                }
                assert!(tag(&probe, "TSRC").is_some());
            }
            other => panic!("{other}"),
        }
        if extension(rendition) != "wav" {
            let picture = stream(&probe, "video").expect("a picture");
            assert_eq!((number(&picture["width"]), number(&picture["height"])), (3000.0, 3000.0));
        }
        let mediainfo = tool("mediainfo", &["--Output=JSON"], rendition, &[]);
        assert!(mediainfo.contains("\"Audio\""), "mediainfo finds no sound in {}", rendition.display());
    }
    assert_eq!(previews, masters.len(), "a preview a track");

    let mails = bench.mails();
    assert_eq!(mails.len(), 1, "one message to the one address: {mails:?}");
    assert!(said.contains(&*mails[0].to_string_lossy()), "deliver does not say where the message lies");
    bench.assert_nothing_done_twice("one delivery");
}

#[test]
fn an_album_delivered_again_unchanged_does_nothing() {
    let bench = Bench::new();
    bench.subscribe("Anyone", "anyone@example.com");
    succeeded(bench.deliver(&demo_album(), &[]).output().expect("the command line starts"));
    let (acts, files) = (bench.acts().len(), bench.files(""));
    let said = succeeded(bench.deliver(&demo_album(), &[]).output().expect("the command line starts"));
    assert!(said.contains("live"), "{said}");
    assert_eq!(bench.acts().len(), acts, "the ledger grew");
    let objects = |files: &[PathBuf]| {
        let mut objects = files.to_vec();
        objects.retain(|path| ["masters", "renditions", "outbox"].iter().any(|f| path.iter().any(|part| part == *f)));
        objects
    };
    assert_eq!(objects(&bench.files("")), objects(&files));
}

#[test]
fn a_corrected_title_sends_no_master_again_and_tags_anew() {
    let bench = Bench::new();
    succeeded(bench.deliver(&demo_album(), &[]).output().expect("the command line starts"));
    let before = bench.renditions();
    let masters = bench.files("masters").len();
    let sent = |bench: &Bench| {
        bench
            .acts()
            .iter()
            .filter(|(act, item, _)| act == "part" || (act == "object" && item.contains("/assets/")))
            .count()
    };
    let parts = sent(&bench);

    succeeded(bench.deliver(&demo_album(), &["--set", "1.title=Mended"]).output().expect("the command line starts"));

    assert_eq!(sent(&bench), parts, "a master was sent again");
    assert_eq!(bench.files("masters").len(), masters + 1, "only the new manifest is new among the masters");
    let new: Vec<PathBuf> = bench.renditions().into_iter().filter(|path| !before.contains(path)).collect();
    assert_eq!(new.len(), 4, "the four renditions of the mended track: {new:?}");
    for rendition in new {
        assert_eq!(tag(&ffprobe(&rendition), "title").as_deref(), Some("Mended"), "{}", rendition.display());
    }
    bench.assert_nothing_done_twice("a corrected title");
}
