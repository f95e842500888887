use std::sync::Arc;

use super::list::Item;
use super::output::Device;

/// All that a player shows at one instant.
#[derive(Debug, Clone, PartialEq)]
pub struct PlayerView {
    /// What it does.
    pub state: PlayState,
    /// What keeps it from being heard while it plays: sound that is not on this machine has yet to come.
    pub wait: Option<Wait>,
    /// The current piece.
    pub item: Option<Item>,
    /// Its place in the play list, counted from 0.
    pub index: usize,
    /// Pieces in the play list.
    pub pieces: usize,
    /// How far into the piece the device is, in milliseconds.
    pub position_ms: u64,
    /// The piece's length in milliseconds, once it was opened and where its file tells.
    pub length_ms: Option<u64>,
    /// How loud: a factor from 0 to 1.
    pub volume: f32,
    /// The name of the device that is open; it is let go when nothing is to be heard.
    pub device: Option<String>,
    /// The id of the device that was chosen; without one, it is the system's choice.
    pub chosen_device: Option<String>,
    /// The devices that there are; none on a machine without a sound card.
    pub devices: Arc<[Device]>,
    /// Pieces of this play list that could not be played.
    pub skipped: Arc<[Skipped]>,
}

/// What a player does.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum PlayState {
    /// Nothing.
    #[default]
    Stopped,
    /// It plays.
    Playing,
    /// It stays at its place.
    Paused,
    /// It would play, but there is no device, or the device was lost. Its place is kept.
    NoDevice {
        /// Why, for people.
        reason: String,
        /// What the person can do.
        help: &'static str,
    },
    /// Nothing of the play list can be played.
    Failed {
        /// Why, for people.
        reason: String,
        /// What the person can do.
        help: Option<&'static str>,
    },
}

/// What is waited for while sound is to be heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wait {
    /// It is on its way.
    Loading,
    /// Something is in the way. It is tried again by itself.
    Trouble(String),
}

/// A piece that could not be played, or not to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The piece.
    pub item: Item,
    /// Why, for people.
    pub reason: String,
    /// What the person can do.
    pub help: Option<&'static str>,
}

impl Default for PlayerView {
    fn default() -> Self {
        Self {
            state: PlayState::Stopped,
            wait: None,
            item: None,
            index: 0,
            pieces: 0,
            position_ms: 0,
            length_ms: None,
            volume: 1.0,
            device: None,
            chosen_device: None,
            devices: Arc::default(),
            skipped: Arc::default(),
        }
    }
}
