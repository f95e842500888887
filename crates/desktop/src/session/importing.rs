use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use release::{Artwork, Upc};

use super::SessionError;
use super::command::Reply;
use super::controller::{Controller, Report, answer};
use crate::desk::SharedDesk;
use crate::draft::{Draft, SourceFile, Step};
use crate::home::{Home, HomeError};
use crate::import::{self, ArtworkFile, ArtworkPlace, FileIdentity, ImportControl, Known, Progress};
use crate::ledger;
use crate::private;
use crate::view::ImportView;

/// An import that is running.
pub(super) struct Import {
    progress: Arc<Mutex<ImportView>>,
    cancelled: Arc<AtomicBool>,
}

/// What an import ends with.
pub(super) struct ImportReport {
    import: u64,
    found: Result<Draft, SessionError>,
    reply: Reply<release::ReleaseId>,
}

/// A picture and the file that holds it.
pub(super) struct Picture {
    pub(super) artwork: Artwork,
    pub(super) file: SourceFile,
}

impl Import {
    pub(super) fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    pub(super) fn view(&self) -> ImportView {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Controller {
    pub(super) fn import(&mut self, paths: Vec<PathBuf>, reply: Reply<release::ReleaseId>) {
        self.last_import += 1;
        let id = self.last_import;
        let view = ImportView { id, paths: paths.clone(), files: 0, files_done: 0, bytes: 0, bytes_done: 0 };
        let import = Import { progress: Arc::new(Mutex::new(view)), cancelled: Arc::default() };
        let control = self.control(&import);
        let (home, reports) = (self.home.clone(), self.reports.clone());
        self.tasks.spawn_blocking(move || {
            let found = guarded(|| read(&home, &paths, &control));
            // An error means that the session has ended.
            let _ = reports.send(Report::Import(Box::new(ImportReport { import: id, found, reply })));
        });
        self.imports.push(import);
        self.show_imports();
    }

    pub(super) fn cancel_import(&self, id: u64) {
        if let Some(import) = self.imports.iter().find(|import| import.view().id == id) {
            import.cancel();
        }
    }

    pub(super) async fn imported(&mut self, report: ImportReport) {
        self.imports.retain(|import| import.view().id != report.import);
        let done = match report.found {
            Ok(found) => self.keep(found).await,
            Err(error) => Err(error),
        };
        self.show_imports();
        answer(report.reply, done);
    }

    async fn keep(&mut self, found: Draft) -> Result<release::ReleaseId, SessionError> {
        let next = match self.known_as(&found).await? {
            Some(old) => old.read_again(found),
            None => found,
        };
        let id = next.release.id;
        match self.view.draft(id) {
            Some(_) => self.change(next, &Step::ReadAgain, None).await?,
            None => self.put(Arc::new(next)).await?,
        }
        Ok(id)
    }

    /// The release that these sources were before: the one that was made of the same folders and files, else the one
    /// of the same bar code; drafts before deliveries whose draft is gone.
    async fn known_as(&self, found: &Draft) -> Result<Option<Draft>, SessionError> {
        let upc: Option<&Upc> = found.release.upc.valid();
        let drafts = || self.view.drafts.iter().map(|view| &view.draft);
        let draft = drafts()
            .find(|draft| draft.sources == found.sources)
            .or_else(|| drafts().find(|draft| upc.is_some() && draft.release.upc.valid() == upc));
        if let Some(draft) = draft {
            return Ok(Some(Draft::clone(draft)));
        }
        let deliveries = || self.view.queue.iter().rev().map(|view| &view.delivery);
        let delivery = deliveries()
            .find(|delivery| delivery.sources == found.sources)
            .or_else(|| deliveries().find(|delivery| upc.is_some() && delivery.upc.as_ref() == upc));
        let Some(id) = delivery.map(|delivery| delivery.id) else { return Ok(None) };
        let manifest = self.desk.run(move |desk| desk.manifest(id)).await?;
        Ok(manifest.map(|manifest| Draft::of_delivered(manifest.release)))
    }

    fn control(&self, import: &Import) -> ImportControl {
        let (desk, notes) = (self.desk.clone(), self.desk.clone());
        let (seen, nudge) = (Arc::clone(&import.progress), Arc::clone(&self.progress));
        ImportControl::new()
            .cancelled_by(Arc::clone(&import.cancelled))
            .with_known(move |path, identity| desk.lock().measured(path, identity))
            .on_measured(move |path, identity, found| note(&notes, path, identity, found))
            .on_progress(move |progress| {
                let mut view = seen.lock().unwrap_or_else(PoisonError::into_inner);
                match progress {
                    Progress::Found { files, bytes } => (view.files, view.bytes) = (files, bytes),
                    Progress::Read { files, bytes, of } => {
                        (view.files_done, view.bytes_done, view.bytes) = (files, bytes, of);
                    }
                }
                nudge.notify_one();
            })
    }

    fn show_imports(&mut self) {
        self.view.imports = Arc::new(self.imports.iter().map(Import::view).collect());
        self.publish();
    }
}

/// Does work on files of unknown origin. A decoder that panics over one ends the work, and not the program.
pub(super) fn guarded<T>(work: impl FnOnce() -> Result<T, SessionError>) -> Result<T, SessionError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(SessionError::Panicked))
}

/// Reads sources.
fn read(home: &Home, paths: &[PathBuf], control: &ImportControl) -> Result<Draft, SessionError> {
    let imported = import::import(paths, control)?;
    let picture = imported.artwork.as_ref().map(|artwork| keep_picture(home, artwork)).transpose()?;
    Ok(Draft::of_import(sources(paths), imported, picture).as_stored())
}

/// Notes what was found in a file, so that the next import need not read it while it stays the same.
fn note(desk: &SharedDesk, path: &Path, identity: &FileIdentity, found: &Known) {
    match desk.lock().save_measured(path, identity, found) {
        Ok(()) => ledger::end(path, identity),
        // It costs time and nothing else.
        Err(error) => tracing::warn!(%error, "a file that was read may have to be read again"),
    }
}

/// The paths that name a draft's sources: absolute, without links, each once.
fn sources(paths: &[PathBuf]) -> Vec<PathBuf> {
    let mut sources: Vec<PathBuf> = paths
        .iter()
        .map(|path| path.canonicalize().or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.clone()))
        .collect();
    sources.sort();
    sources.dedup();
    sources
}

/// Reads the picture that a person chose.
pub(super) fn read_picture(path: &Path) -> Result<Picture, SessionError> {
    let found = import::read_artwork(path)?;
    let ArtworkPlace::File { path, identity } = found.place else {
        return Err(SessionError::Home(HomeError::NotAFolder(path.to_owned())));
    };
    Ok(Picture { artwork: found.artwork, file: SourceFile { path, identity, digest: found.digest } })
}

/// The file of a picture. One from a sound file's tags is put into the workspace, under its content's name.
fn keep_picture(home: &Home, found: &ArtworkFile) -> Result<SourceFile, SessionError> {
    let (path, identity) = match &found.place {
        ArtworkPlace::File { path, identity } => (path.clone(), *identity),
        ArtworkPlace::Embedded { bytes, .. } => {
            let asset = &found.artwork.asset;
            let path = home.pictures().join(format!("{}.{}", asset.sha256, asset.extension));
            let of = |source| HomeError::of(&path, source);
            if !fs::metadata(&path).is_ok_and(|there| there.len() == asset.bytes) {
                private::replace(&path, bytes).map_err(of)?;
            }
            let identity = FileIdentity::of(&fs::metadata(&path).map_err(of)?);
            (path, identity)
        }
    };
    Ok(SourceFile { path, identity, digest: found.digest.clone() })
}
