use std::sync::Arc;

use desktop::{DeliveryView, ReleaseView, State, Transcode, Waiting};
use serde::{Deserialize, Serialize};
use specta::Type;
use specta_typescript::Number;

use super::desk::count;
use super::index::{Index, staff_and_manager};

/// A release in the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReleaseRow {
    pub(crate) id: String,
    /// Changes with every change of what is inside; the release is asked for again when it did.
    #[specta(type = Number)]
    pub(crate) revision: u64,
    pub(crate) title: String,
    pub(crate) artist: String,
    pub(crate) artwork: Option<String>,
    pub(crate) state: ReleaseState,
    /// Since when.
    pub(crate) since: Option<String>,
    /// When it may go live; null for at once.
    pub(crate) due: Option<String>,
    pub(crate) tracks: u32,
    /// How far it is while it is sent or transcoded, 0 to 1.
    #[specta(type = Option<Number>)]
    pub(crate) progress: Option<f64>,
    /// What it waits for, in words; null where it does not wait.
    pub(crate) waits_for: Option<String>,
    /// It waits for this person: a decision, or mending.
    pub(crate) needs_you: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ReleaseState {
    Queued,
    Sending,
    Received,
    Transcoding,
    InReview,
    Ready,
    Live,
    Failed,
    Rejected,
    Withdrawn,
}

/// What there is to show of a release: its delivery while that is on its way out, and what the cloud knows.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) on_its_way: Option<&'a DeliveryView>,
    pub(super) release: Option<&'a Arc<ReleaseView>>,
}

impl<'a> Known<'a> {
    /// Of a delivery of the queue, where it is the last of its release and not over.
    pub(super) fn of_delivery(index: &Index<'a>, one: &'a DeliveryView) -> Option<Self> {
        let delivery = &one.delivery;
        let is_last = index.delivery(delivery.release).is_some_and(|last| last.delivery.id == delivery.id);
        (!delivery.state.is_over() && is_last)
            .then(|| Self { on_its_way: Some(one), release: index.release(delivery.release) })
    }

    /// Of a release, by its id.
    pub(super) fn of(index: &Index<'a>, release: release::ReleaseId) -> Option<Self> {
        let on_its_way = index.delivery(release).and_then(|one| Self::of_delivery(index, one));
        on_its_way.or_else(|| index.release(release).map(|known| Self { on_its_way: None, release: Some(known) }))
    }

    /// Of every release, in the order of the list.
    pub(super) fn all(index: &Index<'a>) -> Vec<(release::ReleaseId, Self)> {
        let view = index.view;
        let ways =
            view.queue.iter().rev().filter_map(|one| Some((one.delivery.release, Self::of_delivery(index, one)?)));
        let mut all: Vec<_> = ways.collect();
        all.extend(view.releases.iter().filter_map(|one| {
            let known = Self::of(index, one.key.release)?;
            known.on_its_way.is_none().then_some((one.key.release, known))
        }));
        all
    }
}

impl ReleaseRow {
    pub(super) fn of(index: &Index<'_>, known: Known<'_>, revision: u64) -> Self {
        match (known.on_its_way, known.release) {
            (Some(one), release) => Self::of_delivery(index, one, release, revision),
            (None, Some(release)) => Self::of_release(index, release, revision),
            (None, None) => unreachable!("a release is shown because one of both is known"),
        }
    }

    fn of_delivery(index: &Index<'_>, one: &DeliveryView, release: Option<&Arc<ReleaseView>>, revision: u64) -> Self {
        let delivery = &one.delivery;
        let draft = index.draft(delivery.release).map(|draft| &draft.draft.release);
        let is_failed = delivery.state == desktop::DeliveryState::Failed;
        let artist = draft.map(|draft| draft.display_artist()).or_else(|| release.map(|known| known.artist.clone()));
        Self {
            id: delivery.release.to_string(),
            revision,
            title: delivery.title.clone(),
            artist: artist.unwrap_or_default(),
            artwork: draft
                .and_then(super::picture::of_draft)
                .or_else(|| release.map(|known| super::picture::of_release(known))),
            state: match &one.sending {
                _ if is_failed => ReleaseState::Failed,
                Some(_) => ReleaseState::Sending,
                None => ReleaseState::Queued,
            },
            since: None,
            due: None,
            tracks: count(draft.map(|draft| draft.tracks.len()).unwrap_or_default()),
            progress: one.sending.as_ref().map(|sending| hundredths(sending.fraction())),
            waits_for: one.waits_for.map(|what| what.words().to_owned()),
            needs_you: is_failed,
        }
    }

    fn of_release(index: &Index<'_>, release: &ReleaseView, revision: u64) -> Self {
        let id = release.key.release;
        // Until its manifest was read, the cloud knows no more of it than that it is there.
        let title = || index.delivery(id).map(|one| one.delivery.title.clone()).unwrap_or_default();
        let artist = || index.draft(id).map(|draft| draft.draft.release.display_artist()).unwrap_or_default();
        let is_read = release.metadata.is_some();
        let (staff, manager) = staff_and_manager(index.view);
        Self {
            id: release.key.release.to_string(),
            revision,
            title: if is_read { release.title.clone() } else { title() },
            artist: if is_read { release.artist.clone() } else { artist() },
            artwork: is_read.then(|| super::picture::of_release(release)),
            state: ReleaseState::of(release.state),
            since: Some(release.since.to_string()),
            due: release.due.map(|due| due.to_string()),
            tracks: count(release.tracks.len()),
            progress: (release.state == State::Transcoding).then(|| transcoded(release, &index.view.transcodes)),
            waits_for: waits_for(release.waits_for),
            needs_you: match release.state {
                State::InReview => manager,
                State::Failed | State::Rejected => staff,
                _ => false,
            },
        }
    }
}

impl ReleaseState {
    pub(super) fn of(state: State) -> Self {
        match state {
            State::Received => Self::Received,
            State::Transcoding => Self::Transcoding,
            State::InReview => Self::InReview,
            State::Ready => Self::Ready,
            State::Live => Self::Live,
            State::Failed => Self::Failed,
            State::Rejected => Self::Rejected,
            State::Withdrawn => Self::Withdrawn,
        }
    }
}

/// What a release waits for, in words that stand behind "Waits for"; the date itself is in [`ReleaseRow::due`].
fn waits_for(waiting: Waiting) -> Option<String> {
    match waiting {
        Waiting::Nothing => None,
        Waiting::Date(_) => Some("its release date".to_owned()),
        waiting => Some(waiting.to_string()),
    }
}

/// How much of a release is transcoded.
fn transcoded(release: &ReleaseView, transcodes: &[Transcode]) -> f64 {
    let done = release.tracks.iter().filter(|track| track.is_ready).count();
    let under_way = transcodes.iter().filter(|job| job.key == release.key).map(|job| job.fraction).sum::<f64>();
    #[expect(clippy::cast_precision_loss, reason = "a fraction for people")]
    if release.tracks.is_empty() { 0.0 } else { hundredths((done as f64 + under_way) / release.tracks.len() as f64) }
}

/// A fraction to the hundredth: finer steps would have the whole list pushed again and again, and nobody sees them.
pub(super) fn hundredths(fraction: f64) -> f64 {
    (fraction.clamp(0.0, 1.0) * 100.0).floor() / 100.0
}
