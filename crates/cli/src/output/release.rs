//! A release in a workspace, as people and programs read it.

use std::path::PathBuf;

use desktop::{Mail, Reason, ReleaseView, RenditionView, State, TrackView, View};
use jiff::Timestamp;
use release::{DeliveryId, ReleaseId};
use serde::Serialize;

use super::imported::heading;
use super::rendition::{self, RenditionJson};
use super::{Terminal, words};

/// A release in `--json`.
#[derive(Debug, Serialize)]
pub(crate) struct ReleaseJson<'a> {
    release: ReleaseId,
    delivery: DeliveryId,
    title: &'a str,
    artist: &'a str,
    state: State,
    since: Timestamp,
    waits_for: Option<String>,
    due: Option<Timestamp>,
    reasons: Vec<ReasonJson<'a>>,
    timeline: Vec<MomentJson<'a>>,
    tracks: Vec<TrackJson<'a>>,
    mails: Vec<MailJson>,
}

/// What keeps something from going on, in `--json`.
#[derive(Debug, Serialize)]
pub(crate) struct ReasonJson<'a> {
    pub(crate) message: &'a str,
    pub(crate) help: &'a str,
}

#[derive(Debug, Serialize)]
struct MomentJson<'a> {
    at: Timestamp,
    delivery: DeliveryId,
    state: State,
    what: &'a str,
}

#[derive(Debug, Serialize)]
struct TrackJson<'a> {
    disc: u32,
    number: u32,
    title: &'a str,
    seconds: f64,
    ready: bool,
    renditions: Vec<RenditionJson<'a>>,
}

#[derive(Debug, Serialize)]
struct MailJson {
    artist: String,
    to: String,
    subject: String,
    path: String,
}

impl<'a> ReleaseJson<'a> {
    pub(crate) fn new(view: &'a View, release: &'a ReleaseView) -> Self {
        Self {
            release: release.key.release,
            delivery: release.delivery,
            title: &release.title,
            artist: &release.artist,
            state: release.state,
            since: release.since,
            waits_for: waits_for(release),
            due: release.due,
            reasons: release.reasons.iter().map(reason_json).collect(),
            timeline: release
                .timeline
                .iter()
                .map(|moment| MomentJson {
                    at: moment.at,
                    delivery: moment.delivery,
                    state: moment.state,
                    what: &moment.what,
                })
                .collect(),
            tracks: release.tracks.iter().map(|track| track_json(view, track)).collect(),
            mails: view.mails_of(release.key.release).map(mail_json).collect(),
        }
    }
}

/// What the release waits for; none where it waits for nothing.
pub(crate) fn waits_for(release: &ReleaseView) -> Option<String> {
    match release.state {
        State::Live | State::Withdrawn => None,
        _ => Some(release.waits_for.to_string()),
    }
}

/// A line: state, title, artist, id.
pub(crate) fn say_line(terminal: &Terminal, release: &ReleaseView) {
    let title = heading(&release.title, &release.artist);
    terminal.say(format_args!("{:<12} {}  {title}", release.state.words(), release.key.release));
    remark_wait(terminal, release);
}

/// What it waits for, and why it does not go on.
fn remark_wait(terminal: &Terminal, release: &ReleaseView) {
    for reason in &release.reasons {
        terminal.say(format_args!("{:<12} {reason}", ""));
    }
    if release.reasons.is_empty()
        && let Some(what) = waits_for(release)
    {
        terminal.say(format_args!("{:<12} waits for {what}", ""));
    }
}

/// The renditions of every track with sizes, loudness and paths, and where e-mail lies.
pub(crate) fn say_contents(terminal: &Terminal, view: &View, release: &ReleaseView) {
    let several_discs = release.tracks.iter().any(|track| track.disc > 1);
    for track in &release.tracks {
        let number = if several_discs { format!("{}-{}", track.disc, track.number) } else { track.number.to_string() };
        terminal.say(format_args!("{number:>4}  {}, {}", track.title, words::length(seconds(track))));
        for rendition in &track.renditions {
            say_rendition(terminal, view, rendition);
        }
        if let Some(failure) = &track.failure {
            terminal.say(format_args!("      {failure}"));
        }
    }
    for mail in view.mails_of(release.key.release) {
        match (&mail.to, &mail.path) {
            (Some(to), Some(path)) => {
                terminal.say(format_args!("E-mail about {} for {to}: {}", mail.artist, path.display()));
            }
            _ => terminal.say(format_args!("E-mail to those who follow {}: {}", mail.artist, mail.subject)),
        }
    }
}

fn say_rendition(terminal: &Terminal, view: &View, rendition: &RenditionView) {
    match &rendition.facts {
        Some(facts) => rendition::say(terminal, &rendition.profile, place(view, rendition), &facts.sound, "      "),
        None => terminal.say(format_args!("      {:<10} not made yet", rendition.profile)),
    }
}

/// The rendition's file; its key where the workspace's renditions are no files of this machine.
fn place(view: &View, rendition: &RenditionView) -> String {
    view.rendition_path(rendition).map_or_else(|| rendition.key.clone(), shown)
}

fn track_json<'a>(view: &View, track: &'a TrackView) -> TrackJson<'a> {
    let made = track.renditions.iter().filter_map(|rendition| {
        let path = view.rendition_path(rendition).map(shown);
        Some(RenditionJson::new(&rendition.profile, path, &rendition.facts.as_ref()?.sound))
    });
    TrackJson {
        disc: track.disc,
        number: track.number,
        title: &track.title,
        seconds: seconds(track),
        ready: track.is_ready,
        renditions: made.collect(),
    }
}

fn mail_json(mail: &Mail) -> MailJson {
    MailJson {
        artist: mail.artist.clone(),
        to: mail.to.as_ref().map(ToString::to_string).unwrap_or_default(),
        subject: mail.subject.clone(),
        path: mail.path.clone().map(shown).unwrap_or_default(),
    }
}

fn reason_json(reason: &Reason) -> ReasonJson<'_> {
    ReasonJson { message: &reason.message, help: &reason.help }
}

fn seconds(track: &TrackView) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a recording is shorter than 2^53 ms")]
    let milliseconds = track.milliseconds as f64;
    milliseconds / 1000.0
}

fn shown(path: PathBuf) -> String {
    path.display().to_string()
}
