//! Views as the pages read them. A number of bytes is a JavaScript number, exact up to 8 PiB; an instant is ISO 8601;
//! a length is in milliseconds.

pub(crate) mod artists;
pub(crate) mod cloud;
pub(crate) mod desk;
pub(crate) mod draft;
mod index;
pub(crate) mod picture;
pub(crate) mod player;
pub(crate) mod queue;
pub(crate) mod release;
pub(crate) mod releases;
pub(crate) mod settings;
pub(crate) mod showing;
#[cfg(test)]
mod showing_tests;
pub(crate) mod trouble;
mod wave;

use serde::Serialize;
use specta::Type;
use specta_typescript::Number;

/// Everything that the window shows, but for what is inside a draft or a release: those are asked for when they are
/// open and their revision changed.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Shown {
    /// Counts pushes: what was pushed with this number or a smaller one is in here already.
    #[specta(type = Number)]
    pub(crate) number: u64,
    pub(crate) desk: desk::Desk,
    pub(crate) queue: queue::Queue,
    /// On their way out first, then what the cloud knows, the latest change first.
    pub(crate) releases: Vec<releases::ReleaseRow>,
    pub(crate) artists: artists::Artists,
    pub(crate) settings: settings::Settings,
    /// What a person should know of the workspace itself.
    pub(crate) notices: Vec<Notice>,
}

/// The parts of [`Shown`] that changed; what did not is null.
#[derive(Debug, Clone, PartialEq, Serialize, serde::Deserialize, Type, tauri_specta::Event)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Changed {
    /// Greater than that of every earlier push, and of every earlier [`Shown`].
    #[specta(type = Number)]
    pub(crate) number: u64,
    pub(crate) desk: Option<desk::Desk>,
    pub(crate) queue: Option<queue::Queue>,
    pub(crate) releases: Option<Vec<releases::ReleaseRow>>,
    pub(crate) artists: Option<artists::Artists>,
    pub(crate) settings: Option<settings::Settings>,
    pub(crate) notices: Option<Vec<Notice>>,
}

/// Something a person should know, and what to do about it.
#[derive(Debug, Clone, PartialEq, Serialize, serde::Deserialize, Type)]
pub(crate) struct Notice {
    /// A stable name, such as `cloud-waits`.
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) help: String,
}

impl Notice {
    fn of(notice: &desktop::Notice) -> Self {
        Self { code: notice.code.to_owned(), message: notice.message.clone(), help: notice.help.clone() }
    }
}

impl Changed {
    fn is_empty(&self) -> bool {
        let Self { number: _, desk, queue, releases, artists, settings, notices } = self;
        desk.is_none()
            && queue.is_none()
            && releases.is_none()
            && artists.is_none()
            && settings.is_none()
            && notices.is_none()
    }
}
