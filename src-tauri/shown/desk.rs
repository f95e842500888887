use desktop::{DraftView, ImportView, View};
use release::Severity;
use serde::{Deserialize, Serialize};
use specta::Type;
use specta_typescript::Number;

/// The desk: what is being made ready.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Desk {
    /// The latest first.
    pub(crate) drafts: Vec<DraftRow>,
    pub(crate) imports: Vec<Import>,
}

/// A draft in the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DraftRow {
    /// Its release's id.
    pub(crate) id: String,
    /// Grows with every change; the draft is asked for again when it did.
    #[specta(type = Number)]
    pub(crate) revision: u64,
    /// The title with its version; perhaps empty.
    pub(crate) title: String,
    pub(crate) artist: String,
    pub(crate) tracks: u32,
    pub(crate) errors: u32,
    pub(crate) warnings: u32,
    /// The picture's address, with its revision: `picture://localhost/draft/ID/REVISION`; `?size=N` is appended by the page.
    pub(crate) artwork: Option<String>,
    /// What became of it.
    pub(crate) handed: Handed,
}

/// Whether what a draft says was handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Handed {
    /// Never.
    New,
    /// As it is now, and it waits in the queue.
    Queued,
    /// As it is now, and the cloud has it.
    Sent,
    /// Something was changed since.
    Changed,
}

/// An import that is running.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Import {
    pub(crate) id: u32,
    /// What is imported: names of folders and files.
    pub(crate) names: Vec<String>,
    /// Sound files that were found so far, and those that are done.
    pub(crate) files: u32,
    pub(crate) files_done: u32,
    /// Their length; 0 until they are found.
    #[specta(type = Number)]
    pub(crate) bytes: u64,
    #[specta(type = Number)]
    pub(crate) bytes_done: u64,
}

/// What paths are that are held over the window, found without reading a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Survey {
    /// Names of what is held, at most three.
    pub(crate) names: Vec<String>,
    pub(crate) folders: u32,
    /// By their extensions.
    pub(crate) sound_files: u32,
    pub(crate) pictures: u32,
    pub(crate) other_files: u32,
    /// What cannot be looked at.
    pub(crate) unreadable: u32,
}

impl Desk {
    /// The desk of a view, with the rows of its drafts in their order.
    pub(super) fn of(view: &View, rows: impl DoubleEndedIterator<Item = DraftRow>) -> Self {
        Self { drafts: rows.rev().collect(), imports: view.imports.iter().map(Import::of).collect() }
    }
}

impl DraftRow {
    pub(super) fn of(view: &DraftView, handed: Handed, revision: u64) -> Self {
        let release = &view.draft.release;
        Self {
            id: release.id.to_string(),
            revision,
            title: release.display_title(),
            artist: release.display_artist(),
            tracks: count(release.tracks.len()),
            errors: count(view.errors().count()),
            warnings: count(view.of_severity(Severity::Warning).count()),
            artwork: super::picture::of_draft(release),
            handed,
        }
    }
}

impl Import {
    fn of(view: &ImportView) -> Self {
        let name = |path: &std::path::PathBuf| path.file_name().unwrap_or(path.as_os_str()).display().to_string();
        Self {
            id: u32::try_from(view.id).unwrap_or(u32::MAX),
            names: view.paths.iter().map(name).collect(),
            files: count(view.files),
            files_done: count(view.files_done),
            bytes: view.bytes,
            bytes_done: view.bytes_done,
        }
    }
}

/// A number of things; nobody has more of them than this can say.
pub(super) fn count(things: usize) -> u32 {
    u32::try_from(things).unwrap_or(u32::MAX)
}
