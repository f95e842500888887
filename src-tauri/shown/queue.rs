use desktop::{AssetSending, DeliveryView, WaitsFor};
use serde::{Deserialize, Serialize};
use specta::Type;
use specta_typescript::Number;

use super::index::Index;
use super::trouble::Trouble;

/// What is on its way out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Queue {
    /// Nothing is sent while this is set.
    pub(crate) is_paused: bool,
    /// In the order in which they are sent; then the last hundred that were sent or cancelled, the latest first.
    pub(crate) deliveries: Vec<Delivery>,
    /// Of all that is not over.
    #[specta(type = Number)]
    pub(crate) bytes: u64,
    #[specta(type = Number)]
    pub(crate) bytes_done: u64,
    #[specta(type = Option<Number>)]
    pub(crate) bytes_per_second: Option<f64>,
    /// Null until it is worth saying.
    #[specta(type = Option<Number>)]
    pub(crate) seconds_left: Option<f64>,
}

/// A delivery.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Delivery {
    pub(crate) id: String,
    pub(crate) release: String,
    pub(crate) title: String,
    pub(crate) artist: String,
    pub(crate) artwork: Option<String>,
    pub(crate) state: DeliveryState,
    /// What it waits for, in words; null where it does not wait.
    pub(crate) waits_for: Option<String>,
    /// Why it failed, or what keeps it from being sent at this moment (offline).
    pub(crate) trouble: Option<Trouble>,
    /// When it is tried again by itself.
    pub(crate) tries_again: Option<String>,
    #[specta(type = Number)]
    pub(crate) bytes: u64,
    #[specta(type = Number)]
    pub(crate) bytes_done: u64,
    #[specta(type = Option<Number>)]
    pub(crate) bytes_per_second: Option<f64>,
    #[specta(type = Option<Number>)]
    pub(crate) seconds_left: Option<f64>,
    /// Its files in the order in which they are sent; empty while none is being sent.
    pub(crate) assets: Vec<Asset>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum DeliveryState {
    Waiting,
    Sending,
    /// The store cannot be reached; it is tried again by itself.
    Offline,
    /// Nobody is signed in to the cloud in whose name it could be sent.
    SignedOut,
    Paused,
    Failed,
    Cancelled,
    Sent,
}

/// A file of a delivery.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Asset {
    /// The file's name.
    pub(crate) name: String,
    #[specta(type = Number)]
    pub(crate) bytes: u64,
    #[specta(type = Number)]
    pub(crate) bytes_done: u64,
    /// The store has confirmed it.
    pub(crate) is_done: bool,
    /// The store had it before this delivery.
    pub(crate) was_there: bool,
}

/// How many deliveries that are over are shown: the queue is pushed ten times a second while something is sent.
const OVER: usize = 100;

impl Queue {
    pub(super) fn of(index: &Index<'_>) -> Self {
        let view = index.view;
        let (over, open): (Vec<_>, Vec<_>) = view.queue.iter().partition(|one| one.delivery.state.is_over());
        let done = |one: &&DeliveryView| one.sending.as_ref().map_or(0, |sending| sending.bytes_done);
        let bytes = open.iter().map(|one| one.delivery.bytes).sum();
        let bytes_done = open.iter().map(done).sum();
        let speed = open.iter().filter_map(|one| one.sending.as_ref()?.bytes_per_second).reduce(|one, more| one + more);
        Self {
            is_paused: view.settings.queue_paused,
            bytes,
            bytes_done,
            bytes_per_second: speed,
            seconds_left: speed.filter(|speed| *speed > 0.0).map(|speed| left(bytes, bytes_done) / speed),
            deliveries: open
                .into_iter()
                .chain(over.into_iter().rev().take(OVER))
                .map(|one| Delivery::of(index, one))
                .collect(),
        }
    }
}

impl Delivery {
    fn of(index: &Index<'_>, one: &DeliveryView) -> Self {
        let delivery = &one.delivery;
        let draft = index.draft(delivery.release).map(|draft| &draft.draft.release);
        let release = index.release(delivery.release);
        let artist = draft.map(|draft| draft.display_artist()).or_else(|| release.map(|known| known.artist.clone()));
        let artwork =
            draft.and_then(super::picture::of_draft).or_else(|| release.map(|known| super::picture::of_release(known)));
        Self {
            id: delivery.id.to_string(),
            release: delivery.release.to_string(),
            title: delivery.title.clone(),
            artist: artist.unwrap_or_default(),
            artwork,
            state: DeliveryState::of(one),
            waits_for: one.waits_for.map(|what| what.words().to_owned()),
            trouble: delivery
                .trouble
                .clone()
                .map(Trouble::from)
                .or_else(|| one.held.as_ref().map(|held| Trouble::new(held.message.clone(), held.help.clone()))),
            tries_again: one.held.as_ref().map(|held| held.until.to_string()),
            bytes: delivery.bytes,
            bytes_done: match (&one.sending, delivery.state) {
                (_, desktop::DeliveryState::Sent) => delivery.bytes,
                (Some(sending), _) => sending.bytes_done,
                (None, _) => 0,
            },
            bytes_per_second: one.sending.as_ref().and_then(|sending| sending.bytes_per_second),
            seconds_left: one.sending.as_ref().and_then(|sending| sending.seconds_left),
            assets: one.sending.iter().flat_map(|sending| &sending.assets).map(Asset::of).collect(),
        }
    }
}

impl DeliveryState {
    pub(super) fn of(one: &DeliveryView) -> Self {
        match one.delivery.state {
            desktop::DeliveryState::Waiting if one.held.is_some() => Self::Offline,
            desktop::DeliveryState::Waiting if one.sending.is_some() => Self::Sending,
            desktop::DeliveryState::Waiting if one.waits_for == Some(WaitsFor::SignIn) => Self::SignedOut,
            desktop::DeliveryState::Waiting => Self::Waiting,
            desktop::DeliveryState::Paused => Self::Paused,
            desktop::DeliveryState::Failed => Self::Failed,
            desktop::DeliveryState::Cancelled => Self::Cancelled,
            desktop::DeliveryState::Sent => Self::Sent,
        }
    }
}

impl Asset {
    fn of(asset: &AssetSending) -> Self {
        Self {
            name: asset.path.file_name().unwrap_or(asset.path.as_os_str()).display().to_string(),
            bytes: asset.bytes,
            bytes_done: asset.bytes_done,
            is_done: asset.is_done,
            was_there: asset.was_there,
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "an estimate for people")]
fn left(bytes: u64, done: u64) -> f64 {
    bytes.saturating_sub(done) as f64
}
