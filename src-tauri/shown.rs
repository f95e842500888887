//! A view as the pages read it; `ui/src/view.ts` has the same names.

use desktop::{DeliveryState, DeliveryView, Mail, Notice, ReleaseView, RenditionView, TrackView, View};
use release::ReleaseId;
use serde::Serialize;

/// What the window shows.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Shown {
    label: String,
    home: String,
    releases: Vec<ShownRelease>,
    notices: Vec<ShownNotice>,
}

#[derive(Debug, Clone, Serialize)]
struct ShownRelease {
    id: String,
    title: String,
    artist: String,
    state: &'static str,
    since: Option<String>,
    remarks: Vec<String>,
    sending: Option<f64>,
    tracks: Vec<ShownTrack>,
    mails: Vec<ShownMail>,
}

#[derive(Debug, Clone, Serialize)]
struct ShownTrack {
    id: String,
    disc: u32,
    number: u32,
    title: String,
    seconds: f64,
    transcoding: Option<f64>,
    renditions: Vec<ShownRendition>,
}

/// A number of bytes is a JavaScript number: exact up to 8 PiB.
#[derive(Debug, Clone, Serialize)]
struct ShownRendition {
    profile: String,
    path: String,
    bytes: u64,
    sample_rate: u32,
    bit_depth: Option<u8>,
    loudness: Option<f64>,
    true_peak: Option<f64>,
}

#[derive(Debug, Clone, Serialize)]
struct ShownMail {
    to: String,
    artist: String,
    path: String,
}

#[derive(Debug, Clone, Serialize)]
struct ShownNotice {
    message: String,
    help: String,
}

impl Shown {
    /// Releases on their way out first, then what the cloud knows, the latest change first.
    pub(crate) fn of(view: &View) -> Self {
        let on_their_way = view.queue.iter().rev().filter(|queued| is_news(view, queued));
        let releases = on_their_way.map(|queued| queued_release(view, queued)).chain(
            view.releases
                .iter()
                .filter(|release| !is_on_its_way(view, release))
                .map(|release| known_release(view, release)),
        );
        Self {
            label: view.workspace.label_name.clone(),
            home: view.home.display().to_string(),
            releases: releases.collect(),
            notices: view.notices.iter().map(notice).collect(),
        }
    }
}

/// Whether a delivery of the queue is what there is to show of its release.
fn is_news(view: &View, queued: &DeliveryView) -> bool {
    let delivery = &queued.delivery;
    !delivery.state.is_over()
        && view.last_delivery(delivery.release).is_some_and(|last| last.delivery.id == delivery.id)
}

fn is_on_its_way(view: &View, release: &ReleaseView) -> bool {
    view.last_delivery(release.key.release).is_some_and(|last| is_news(view, last))
}

fn queued_release(view: &View, queued: &DeliveryView) -> ShownRelease {
    let delivery = &queued.delivery;
    let (state, remark) = match delivery.state {
        DeliveryState::Failed => ("failed", delivery.trouble.as_ref().map(|t| format!("{} {}", t.message, t.help))),
        DeliveryState::Paused => ("queued", Some("It is held back.".to_owned())),
        _ if queued.sending.is_some() => ("sending", None),
        _ => ("queued", None),
    };
    let artist = view.draft(delivery.release).map(|draft| draft.draft.release.display_artist());
    ShownRelease {
        id: delivery.release.to_string(),
        title: delivery.title.clone(),
        artist: artist.unwrap_or_default(),
        state,
        since: None,
        remarks: remark.into_iter().collect(),
        sending: queued.sending.as_ref().map(desktop::Sending::fraction),
        tracks: Vec::new(),
        mails: mails(view, delivery.release),
    }
}

fn known_release(view: &View, release: &ReleaseView) -> ShownRelease {
    let id = release.key.release;
    let mut remarks: Vec<String> = release.reasons.iter().map(ToString::to_string).collect();
    if remarks.is_empty() && matches!(release.state, desktop::State::InReview | desktop::State::Ready) {
        remarks.push(format!("It waits for {}.", release.waits_for));
    }
    ShownRelease {
        id: id.to_string(),
        title: release.title.clone(),
        artist: release.artist.clone(),
        state: release.state.as_str(),
        since: Some(release.since.to_string()),
        remarks,
        sending: None,
        tracks: release.tracks.iter().map(|shown| track(view, id, shown)).collect(),
        mails: mails(view, id),
    }
}

fn track(view: &View, release: ReleaseId, track: &TrackView) -> ShownTrack {
    let transcode = view.transcodes.iter().find(|one| one.key.release == release && one.track == track.id);
    #[expect(clippy::cast_precision_loss, reason = "a recording is shorter than 2^53 ms")]
    let milliseconds = track.milliseconds as f64;
    ShownTrack {
        id: track.id.to_string(),
        disc: track.disc,
        number: track.number,
        title: track.title.clone(),
        seconds: milliseconds / 1000.0,
        transcoding: transcode.map(|one| one.fraction),
        renditions: track.renditions.iter().filter_map(|one| rendition(view, one)).collect(),
    }
}

/// A rendition that is made.
fn rendition(view: &View, rendition: &RenditionView) -> Option<ShownRendition> {
    let sound = &rendition.facts.as_ref()?.sound;
    let path = view.rendition_path(rendition).map(|path| path.display().to_string());
    Some(ShownRendition {
        profile: rendition.profile.clone(),
        path: path.unwrap_or_else(|| rendition.key.clone()),
        bytes: sound.bytes,
        sample_rate: sound.sample_rate,
        bit_depth: sound.bit_depth,
        loudness: sound.loudness.integrated_lufs,
        true_peak: sound.loudness.true_peak_dbtp,
    })
}

fn mails(view: &View, release: ReleaseId) -> Vec<ShownMail> {
    let shown = |mail: &Mail| ShownMail {
        to: mail.letter.to.to_string(),
        artist: mail.letter.artist.clone(),
        path: mail.path.display().to_string(),
    };
    view.mails_of(release).map(shown).collect()
}

fn notice(notice: &Notice) -> ShownNotice {
    ShownNotice { message: notice.message.clone(), help: notice.help.clone() }
}
