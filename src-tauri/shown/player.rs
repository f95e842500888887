use desktop::PlaySource;
use desktop::player::{self, PlayerView, Skipped};
use serde::{Deserialize, Serialize};
use specta::Type;
use specta_typescript::Number;

use super::desk::count;
use super::trouble::Trouble;

/// What is heard. Pushed as it changes, some twenty times a second while it plays.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type, tauri_specta::Event)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Player {
    pub(crate) state: PlayState,
    /// Why nothing is heard: no device, or nothing of the list can be played.
    pub(crate) trouble: Option<Trouble>,
    /// What keeps it from being heard while it plays: sound that is not on this computer has yet to come.
    pub(crate) wait: Option<Wait>,
    /// What is played; null when there is nothing.
    pub(crate) source: Option<Source>,
    pub(crate) title: String,
    /// Its place in the list, from 0, and how many there are.
    pub(crate) index: u32,
    pub(crate) pieces: u32,
    #[specta(type = Number)]
    pub(crate) position_ms: u64,
    #[specta(type = Option<Number>)]
    pub(crate) length_ms: Option<u64>,
    /// 0 to 1.
    #[specta(type = Number)]
    pub(crate) volume: f64,
    /// The chosen device's id; null for the system's choice.
    pub(crate) chosen_device: Option<String>,
    pub(crate) devices: Vec<Device>,
    /// What could not be played, in words.
    pub(crate) skipped: Vec<Trouble>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum PlayState {
    Stopped,
    Playing,
    Paused,
    NoDevice,
    Failed,
}

/// What is waited for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(crate) enum Wait {
    /// It is on its way.
    Loading,
    /// Something is in the way. It is tried again by itself.
    Trouble { message: String },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
pub(crate) struct Device {
    pub(crate) id: String,
    pub(crate) name: String,
}

/// Something that can be heard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(crate) enum Source {
    /// The file behind a draft's track.
    DraftMaster { draft: String, track: String },
    /// The master that was delivered.
    Master { release: String, track: String },
    /// What was made of it.
    Rendition { release: String, track: String, profile: String },
}

/// What the player is told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(crate) enum Listen {
    /// These, one after the other, from one of them on, and from a place in it.
    List {
        sources: Vec<Source>,
        start_at: u32,
        #[specta(type = Number)]
        position_ms: u64,
    },
    Play,
    Pause,
    PlayOrPause,
    Stop,
    Next,
    Previous,
    Seek {
        #[specta(type = Number)]
        position_ms: u64,
    },
    Volume {
        #[specta(type = Number)]
        volume: f64,
    },
    Device {
        id: Option<String>,
    },
    RefreshDevices,
}

/// How a recording looks.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Waveform {
    #[specta(type = Number)]
    pub(crate) milliseconds_per_bin: f64,
    /// From the start to the end, at most 2,048 bins of three numbers each: the lowest sample, the highest, and the root
    /// of the mean square, in steps of 1/32768 of full scale.
    pub(crate) bins: Vec<i32>,
    /// Stretches that reach full scale, as pairs of milliseconds: from, to.
    #[specta(type = Vec<Number>)]
    pub(crate) clips: Vec<u64>,
    /// Silence at the beginning and the end, in milliseconds.
    #[specta(type = Number)]
    pub(crate) silence_before_ms: u64,
    #[specta(type = Number)]
    pub(crate) silence_after_ms: u64,
}

impl Player {
    pub(crate) fn of(view: &PlayerView) -> Self {
        let skipped = |one: &Skipped| {
            let message = format!("\"{}\" cannot be played: {}", one.item.title, one.reason);
            Trouble::new(message, one.help.unwrap_or_default())
        };
        Self {
            state: match view.state {
                player::PlayState::Stopped => PlayState::Stopped,
                player::PlayState::Playing => PlayState::Playing,
                player::PlayState::Paused => PlayState::Paused,
                player::PlayState::NoDevice { .. } => PlayState::NoDevice,
                player::PlayState::Failed { .. } => PlayState::Failed,
            },
            trouble: match &view.state {
                player::PlayState::NoDevice { reason, help } => Some(Trouble::new(reason.clone(), *help)),
                player::PlayState::Failed { reason, help } => {
                    Some(Trouble::new(reason.clone(), help.unwrap_or_default()))
                }
                _ => None,
            },
            wait: view.wait.as_ref().map(|wait| match wait {
                player::Wait::Loading => Wait::Loading,
                player::Wait::Trouble(message) => Wait::Trouble { message: message.clone() },
            }),
            source: view.item.as_ref().and_then(|item| item.id.parse().ok()).map(Source::of),
            title: view.item.as_ref().map(|item| item.title.clone()).unwrap_or_default(),
            index: count(view.index),
            pieces: count(view.pieces),
            position_ms: view.position_ms,
            length_ms: view.length_ms,
            volume: view.volume.into(),
            chosen_device: view.chosen_device.clone(),
            devices: view
                .devices
                .iter()
                .map(|device| Device { id: device.id.clone(), name: device.name.clone() })
                .collect(),
            skipped: view.skipped.iter().map(skipped).collect(),
        }
    }
}

impl Source {
    fn of(source: PlaySource) -> Self {
        match source {
            PlaySource::DraftMaster { draft, track } => {
                Self::DraftMaster { draft: draft.to_string(), track: track.to_string() }
            }
            PlaySource::ReleaseMaster { release, track } => {
                Self::Master { release: release.to_string(), track: track.to_string() }
            }
            PlaySource::Rendition { release, track, profile } => {
                Self::Rendition { release: release.to_string(), track: track.to_string(), profile }
            }
        }
    }
}
