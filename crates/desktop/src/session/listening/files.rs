use std::path::{Path, PathBuf};
use std::sync::Arc;

use audio::Waveform;
use release::{Artwork, LabelId, Manifest, Master, ReleaseId, Track, TrackId, keys};

use super::kept::Kept;
use super::{ListenError, PictureSource, PlaySource, read};
use crate::blocking::blocking;
use crate::desk::SharedDesk;
use crate::draft::{Draft, SourceFile};
use crate::player::{Item, Sound};
use crate::view::View;
use crate::workspace::ReleaseView;

/// Where the files behind a view are.
pub(super) struct Files {
    pub(super) view: View,
    pub(super) label: LabelId,
    /// The store of what was delivered, where that is a folder on this machine.
    pub(super) masters: Option<PathBuf>,
    pub(super) desk: SharedDesk,
    pub(super) kept: Arc<Kept>,
}

const IMPORT_AGAIN: &str = "Put it back where it was, or import the release's folder anew.";
const DELIVER_AGAIN: &str = "Deliver the release again.";

impl Files {
    /// What the player is to play. The first piece has to be there.
    pub(super) async fn items(&self, sources: &[PlaySource], start_at: usize) -> Result<Vec<Item>, ListenError> {
        let mut items = Vec::with_capacity(sources.len());
        for source in sources {
            let (title, path, _) = self.find(source).await?;
            items.push(Item { id: source.to_string(), title, sound: Sound::File(path) });
        }
        let first = start_at.min(sources.len().saturating_sub(1));
        if let (Some(source), Some(Item { title, sound: Sound::File(path), .. })) =
            (sources.get(first), items.get(first))
        {
            let found = path.clone();
            if !blocking(move || found.is_file()).await {
                return Err(gone(source, title, path));
            }
        }
        Ok(items)
    }

    /// The shape of a recording; of a rendition, its master's.
    pub(super) async fn waveform(&self, source: &PlaySource) -> Result<Arc<Waveform>, ListenError> {
        let master = match source {
            PlaySource::Rendition { release, track, .. } => {
                PlaySource::ReleaseMaster { release: *release, track: *track }
            }
            other => other.clone(),
        };
        let (title, path, master) = self.find(&master).await?;
        let Some(master) = master else { return Err(ListenError::NoFile { title }) };
        let sha256 = master.asset.sha256;
        // The file that was imported is the one whose measurements are kept.
        let imported = self.view.drafts.iter().find_map(|view| file_of(&view.draft, &master));
        let (desk, kept) = (self.desk.clone(), Arc::clone(&self.kept));
        let make = || async {
            let _decoder = self.kept.decoders.acquire().await;
            blocking(move || read::waveform(&desk, imported.as_ref(), &path, &kept.stop)).await.map(Arc::new)
        };
        self.kept.waveforms.get(sha256, make).await
    }

    /// A small picture of artwork.
    pub(super) async fn picture(&self, source: PictureSource, size: u32) -> Result<Arc<Vec<u8>>, ListenError> {
        let (artwork, path) = match source {
            PictureSource::Draft(release) => {
                let draft = self.draft(release)?;
                let no_artwork = || ListenError::NoArtwork(draft.release.display_title());
                let artwork = draft.release.artwork.clone().ok_or_else(no_artwork)?;
                (artwork, draft.artwork.as_ref().ok_or_else(no_artwork)?.path.clone())
            }
            PictureSource::Release(release) => {
                let release = &self.manifest(release).await?.release;
                let title = release.display_title();
                let artwork = release.artwork.clone().ok_or_else(|| ListenError::NoArtwork(title.clone()))?;
                let path = self.stored(&keys::asset(&self.label, &artwork.asset), &title)?;
                (artwork, path)
            }
        };
        let Artwork { asset, .. } = artwork;
        let make = || async {
            let _decoder = self.kept.decoders.acquire().await;
            blocking(move || read::picture(&path, size)).await.map(Arc::new)
        };
        self.kept.pictures.get((asset.sha256, size), make).await
    }

    /// The manifest of a release's current delivery.
    pub(super) async fn manifest(&self, release: ReleaseId) -> Result<Arc<Manifest>, ListenError> {
        let view = self.release(release)?;
        let key = keys::manifest(&self.label, release, view.delivery);
        let path = self.stored(&key, &view.title)?;
        let make = || async { blocking(move || read::manifest(release, &path)).await.map(Arc::new) };
        self.kept.manifests.get(view.delivery, make).await
    }

    /// A recording's title, its file, and what its master is, where that is known.
    async fn find(&self, source: &PlaySource) -> Result<(String, PathBuf, Option<Master>), ListenError> {
        match source {
            PlaySource::DraftMaster { draft, track } => {
                let draft = self.draft(*draft)?;
                let track = track_of(&draft.release, *track)?;
                let title = track.display_title();
                match draft.files.get(&track.id) {
                    Some(file) => Ok((title, file.path.clone(), track.master.clone())),
                    None => Err(ListenError::NoFile { title }),
                }
            }
            PlaySource::ReleaseMaster { release, track } => {
                let manifest = self.manifest(*release).await?;
                let track = track_of(&manifest.release, *track)?;
                let title = track.display_title();
                let Some(master) = &track.master else { return Err(ListenError::NoFile { title }) };
                let path = self.stored(&keys::asset(&self.label, &master.asset), &title)?;
                Ok((title, path, Some(master.clone())))
            }
            PlaySource::Rendition { release, track, profile } => {
                let release = self.release(*release)?;
                let Some(track) = release.tracks.iter().find(|one| one.id == *track) else {
                    return Err(ListenError::NoSuchTrack { title: release.title.clone(), track: *track });
                };
                let (title, profile) = (track.title.clone(), profile.clone());
                let rendition = track.renditions.iter().find(|rendition| rendition.profile == profile);
                let Some(rendition) = rendition else { return Err(ListenError::NoSuchRendition { title, profile }) };
                if rendition.facts.is_none() {
                    return Err(ListenError::NotMade { title, profile });
                }
                let path = self.view.rendition_path(rendition);
                path.map(|path| (title.clone(), path, None)).ok_or(ListenError::Elsewhere(title))
            }
        }
    }

    fn draft(&self, release: ReleaseId) -> Result<&Draft, ListenError> {
        self.view.draft(release).map(|view| view.draft.as_ref()).ok_or(ListenError::NoSuchDraft(release))
    }

    fn release(&self, release: ReleaseId) -> Result<&ReleaseView, ListenError> {
        self.view.release(release).map(AsRef::as_ref).ok_or(ListenError::NoSuchRelease(release))
    }

    fn stored(&self, key: &str, title: &str) -> Result<PathBuf, ListenError> {
        let masters = self.masters.as_deref().map(|masters: &Path| masters.join(key));
        masters.ok_or_else(|| ListenError::Elsewhere(title.to_owned()))
    }
}

fn track_of(release: &release::Release, id: TrackId) -> Result<&Track, ListenError> {
    let found = release.tracks.iter().find(|track| track.id == id);
    found.ok_or_else(|| ListenError::NoSuchTrack { title: release.display_title(), track: id })
}

/// The file of a draft that holds a master's bytes.
fn file_of(draft: &Draft, master: &Master) -> Option<SourceFile> {
    draft.files.values().find(|file| file.digest.sha256 == master.asset.sha256.0).cloned()
}

fn gone(source: &PlaySource, title: &str, path: &Path) -> ListenError {
    let help = match source {
        PlaySource::DraftMaster { .. } => IMPORT_AGAIN,
        PlaySource::ReleaseMaster { .. } | PlaySource::Rendition { .. } => DELIVER_AGAIN,
    };
    ListenError::Gone { title: title.to_owned(), path: path.to_owned(), help }
}
