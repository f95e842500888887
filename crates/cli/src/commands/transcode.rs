use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use audio::{AudioError, Control, Order, Picture, Rendered, Rendition};
use desktop::import::{ArtworkPlace, ImportError, Imported, describe};
use release::{AudioFacts, Loudness, Profile, Tag, Tags};
use serde::Serialize;

use crate::arguments::Transcode;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::rendition::{self, RenditionJson};
use crate::output::{Ended, Terminal, words};
use crate::work::{Teller, watched};

/// `transcode --json`.
#[derive(Debug, Serialize)]
struct Made<'a> {
    file: String,
    facts: &'a AudioFacts,
    seconds: f64,
    loudness: Loudness,
    renditions: Vec<RenditionJson<'a>>,
}

pub(super) async fn run(arguments: Transcode, terminal: &mut Terminal) -> Result<Ended, Failure> {
    let profiles =
        if arguments.formats.is_empty() { release::profile::ALL.to_vec() } else { without_repeats(&arguments.formats) };
    let file = arguments.file;
    let paths = profiles.iter().map(|profile| place(&arguments.out, &file, profile)).collect::<Vec<_>>();
    let out = arguments.out;
    let preview_start = Duration::from_secs_f64(arguments.preview_start);
    let rendered = watched(terminal, {
        let (file, profiles, paths) = (file.clone(), profiles.clone(), paths.clone());
        move |cancelled, teller| {
            fs::create_dir_all(&out).map_err(|error| {
                Failure::new(
                    "out",
                    format!("The folder {} cannot be made: {}.", out.display(), desktop::said_by_system(&error)),
                )
            })?;
            render(&file, &profiles, &paths, preview_start, cancelled, teller)
        }
    })
    .await?;
    let made: Vec<(&Profile, &PathBuf, &Rendition)> = profiles
        .iter()
        .zip(&paths)
        .zip(&rendered.renditions)
        .map(|((profile, path), made)| (*profile, path, made))
        .collect();
    say(terminal, &file, &rendered, &made);
    let result = Made {
        file: file.display().to_string(),
        facts: &rendered.facts,
        seconds: rendered.facts.seconds(),
        loudness: rendered.loudness,
        renditions: made
            .iter()
            .map(|(profile, path, made)| RenditionJson::new(profile.name, Some(path.display().to_string()), made))
            .collect(),
    };
    // What was made of half a master is not what was asked for, though it is there to be heard.
    let exit = if rendered.facts.is_truncated() { Exit::Failed } else { Exit::Done };
    Ok(Ended::with(exit, &result))
}

fn render(
    file: &Path,
    profiles: &[&'static Profile],
    paths: &[PathBuf],
    preview_start: Duration,
    cancelled: Arc<AtomicBool>,
    teller: Teller,
) -> Result<Rendered, Failure> {
    let described = describe(file).map_err(|error| refused_import(&error))?;
    let tags = tags(&described);
    let picture = picture(&described);
    let orders: Vec<Order<'_>> = profiles
        .iter()
        .zip(paths)
        .map(|(profile, path)| Order {
            profile,
            tags: &tags,
            picture: picture.as_ref().map(OwnPicture::lent),
            preview_start,
            path: path.clone(),
        })
        .collect();
    let name = format!("Making {}", words::count(orders.len(), "rendition"));
    let control = Control::new(cancelled, move |fraction| teller.tell(&name, fraction));
    let source = File::open(file).map_err(|error| refused(file, &AudioError::Read(error)))?;
    audio::render(source, &orders, &control).map_err(|error| refused(file, &error))
}

/// The master's own tags. How many tracks there are cannot be said of one.
fn tags(described: &Imported) -> Tags {
    let release = &described.release;
    let mut tags = release.tracks.first().map(|track| Tags::of(release, track)).unwrap_or_default();
    tags.set(Tag::TrackTotal, String::new());
    tags.set(Tag::DiscTotal, String::new());
    tags
}

struct OwnPicture {
    bytes: Vec<u8>,
    artwork: release::Artwork,
}

impl OwnPicture {
    fn lent(&self) -> Picture<'_> {
        let release::Artwork { format, width, height, .. } = self.artwork;
        Picture { bytes: &self.bytes, format, width, height }
    }
}

/// The picture in the master's tags.
fn picture(described: &Imported) -> Option<OwnPicture> {
    let file = described.artwork.as_ref()?;
    match &file.place {
        ArtworkPlace::Embedded { bytes, .. } => {
            Some(OwnPicture { bytes: bytes.clone(), artwork: file.artwork.clone() })
        }
        ArtworkPlace::File { .. } => None,
    }
}

/// `01 Night Bus.mp3-320.mp3`: two formats may share an extension, and none may replace the master.
fn place(out: &Path, file: &Path, profile: &Profile) -> PathBuf {
    let mut name = file.file_stem().unwrap_or_default().to_owned();
    name.push(format!(".{}.{}", profile.name, profile.extension));
    out.join(name)
}

fn without_repeats(profiles: &[&'static Profile]) -> Vec<&'static Profile> {
    release::profile::ALL.into_iter().filter(|profile| profiles.contains(profile)).collect()
}

fn refused(file: &Path, error: &AudioError) -> Failure {
    match error {
        AudioError::Cancelled => Failure::interrupted("What was made so far was removed."),
        error => Failure::new("transcode", format!("{}: {error}", file.display()))
            .with_help(error.help().unwrap_or_default()),
    }
}

fn refused_import(error: &ImportError) -> Failure {
    match error {
        ImportError::Cancelled => Failure::interrupted("Nothing was made."),
        error => Failure::new("import", error),
    }
}

fn say(terminal: &Terminal, file: &Path, rendered: &Rendered, made: &[(&Profile, &PathBuf, &Rendition)]) {
    let facts = &rendered.facts;
    terminal.say(file.display());
    terminal.say(format_args!(
        "  {}  {}, {}",
        words::length(facts.seconds()),
        words::format(&facts.format),
        words::loudness(&rendered.loudness)
    ));
    for (profile, path, made) in made {
        rendition::say(terminal, profile.name, path.display(), made, "  ");
    }
    if facts.is_truncated() {
        let declared = facts.declared_frames.unwrap_or_default();
        terminal.remark(format_args!(
            "{} is cut short: it declares {declared} samples and holds {}. Copy or export it again.",
            file.display(),
            facts.frames
        ));
    }
}
