use std::path::Path;
use std::sync::Arc;

use release::{Artwork, Manifest, Master, ReleaseId, Sha256, Track, TrackId, profile};

use super::kept::{Kept, Shape};
use super::{ListenError, PictureSource, PlaySource, read};
use crate::blocking::blocking;
use crate::desk::SharedDesk;
use crate::draft::{Draft, SourceFile};
use crate::player::{Item, Sound};
use crate::view::View;
use crate::workspace::{Library, LibraryError, Picture, ReleaseView, RenditionView, TrackView};

/// Where the files behind a view are.
pub(in crate::session) struct Files {
    pub(super) view: View,
    /// What was delivered, and what was made of it.
    pub(super) library: Library,
    pub(super) desk: SharedDesk,
    pub(super) kept: Arc<Kept>,
}

/// A recording that was found.
struct Found {
    title: String,
    sound: Sound,
    /// What its master is, where that is known.
    master: Option<Master>,
}

const IMPORT_AGAIN: &str = "Put it back where it was, or import the release's folder anew.";
const DELIVER_AGAIN: &str = "Deliver the release again.";

impl Files {
    /// What the player is to play. The first piece has to be there.
    pub(super) async fn items(&self, sources: &[PlaySource], start_at: usize) -> Result<Vec<Item>, ListenError> {
        let mut items = Vec::with_capacity(sources.len());
        for source in sources {
            let Found { title, sound, .. } = self.find(source).await?;
            items.push(Item { id: source.to_string(), title, sound });
        }
        let first = start_at.min(sources.len().saturating_sub(1));
        if let Some((source, Item { title, sound: Sound::File(path), .. })) = sources.get(first).zip(items.get(first)) {
            let found = path.clone();
            if !blocking(move || found.is_file()).await {
                return Err(gone(source, title, path));
            }
        }
        Ok(items)
    }

    /// The shape of a recording; of a rendition, its master's. Where the master is not on this machine, it is read from
    /// the smallest rendition of its length, which looks the same.
    pub(super) async fn waveform(&self, source: &PlaySource) -> Result<Shape, ListenError> {
        let (release, track) = match source {
            PlaySource::DraftMaster { .. } => {
                let found = self.find(source).await?;
                return self.shape_of(found).await;
            }
            PlaySource::ReleaseMaster { release, track } | PlaySource::Rendition { release, track, .. } => {
                (*release, *track)
            }
        };
        if let Library::Here { .. } = self.library {
            return self.shape_of(self.find(&PlaySource::ReleaseMaster { release, track }).await?).await;
        }
        let view = self.track(release, track)?;
        let imported = self.view.draft(release).and_then(|view| {
            let track = view.draft.release.tracks.iter().find(|one| one.id == track)?;
            Some((track.display_title(), view.draft.files.get(&track.id)?, track.master.clone()?))
        });
        if let Some((title, file, master)) = imported {
            let sound = Sound::File(file.path.clone());
            return self.shape_of(Found { title, sound, master: Some(master) }).await;
        }
        let title = view.title.clone();
        let rendition = smallest(view).ok_or(ListenError::NoFile { title: title.clone() })?;
        let sound = self.library.rendition(release, rendition).ok_or(ListenError::NoFile { title: title.clone() })?;
        let name = format!("waveform of rendition {}", rendition.recipe);
        let desk = self.desk.clone();
        let kept = Arc::clone(&self.kept);
        let make = || async {
            let _decoder = self.kept.decoders.acquire().await;
            let read = {
                let name = name.clone();
                move || read::shape_of_content(&desk, &name, &title, &sound, &kept.stop)
            };
            blocking(read).await
        };
        self.kept.shapes.get(Sha256::of(name.as_bytes()), make).await
    }

    async fn shape_of(&self, found: Found) -> Result<Shape, ListenError> {
        let Found { title, sound, master } = found;
        let (Some(master), Sound::File(path)) = (master, sound) else { return Err(ListenError::NoFile { title }) };
        let sha256 = master.asset.sha256;
        // The file that was imported is the one whose measurements are kept.
        let imported = self.view.drafts.iter().find_map(|view| file_of(&view.draft, &master));
        let (desk, kept) = (self.desk.clone(), Arc::clone(&self.kept));
        let make = || async {
            let _decoder = self.kept.decoders.acquire().await;
            blocking(move || read::shape(&desk, imported.as_ref(), &path, &kept.stop)).await
        };
        self.kept.shapes.get(sha256, make).await
    }

    /// A small picture of artwork.
    pub(super) async fn picture(&self, source: PictureSource, size: u32) -> Result<Arc<Vec<u8>>, ListenError> {
        let (key, picture) = match source {
            PictureSource::Draft(release) => {
                let draft = self.draft(release)?;
                let no_artwork = || ListenError::NoArtwork(draft.release.display_title());
                let Artwork { asset, .. } = draft.release.artwork.clone().ok_or_else(no_artwork)?;
                let picture = match &draft.artwork {
                    Some(file) => Picture::File(file.path.clone()),
                    // It was delivered from another computer.
                    None => self.library.artwork(release, &asset).await.map_err(|error| unread(release, error))?,
                };
                (asset.sha256, Some(picture))
            }
            PictureSource::Release(release) => {
                let view = self.release(release)?;
                match self.library {
                    Library::Here { .. } => {
                        let release = &self.manifest(release).await?.release;
                        let title = release.display_title();
                        let Artwork { asset, .. } =
                            release.artwork.clone().ok_or_else(|| ListenError::NoArtwork(title.clone()))?;
                        (asset.sha256, self.library.file(&asset).map(Picture::File))
                    }
                    // Not everybody who may see it may read the manifest. A delivery has one picture.
                    Library::Cloud(_) => (Sha256::of(view.delivery.to_string().as_bytes()), None),
                }
            }
        };
        let release = match source {
            PictureSource::Draft(release) | PictureSource::Release(release) => release,
        };
        let make = || async {
            let picture = match (picture, &self.library) {
                (Some(picture), _) => picture,
                (None, Library::Cloud(cloud)) => Picture::Bytes(
                    cloud.artwork(release).await.map_err(|error| unread(release, LibraryError::Api(error)))?,
                ),
                (None, Library::Here { .. }) => return Err(ListenError::NoArtwork(release.to_string())),
            };
            let _decoder = self.kept.decoders.acquire().await;
            blocking(move || read::picture(release, &picture, size)).await.map(Arc::new)
        };
        self.kept.pictures.get((key, size), make).await
    }

    /// The manifest of a release's current delivery.
    pub(in crate::session) async fn manifest(&self, release: ReleaseId) -> Result<Arc<Manifest>, ListenError> {
        let view = self.release(release)?;
        let make = || async { self.library.manifest(view).await.map(Arc::new).map_err(|error| unread(release, error)) };
        self.kept.manifests.get(view.delivery, make).await
    }

    async fn find(&self, source: &PlaySource) -> Result<Found, ListenError> {
        match source {
            PlaySource::DraftMaster { draft: id, track } => {
                let draft = self.draft(*id)?;
                let track = track_of(&draft.release, *track)?;
                let (title, master) = (track.display_title(), track.master.clone());
                match (draft.files.get(&track.id), &master) {
                    (Some(file), _) => Ok(Found { title, sound: Sound::File(file.path.clone()), master }),
                    // It was delivered, perhaps from another computer.
                    (None, Some(_)) => self.delivered(*id, track.id, title, master).await,
                    (None, None) => Err(ListenError::NoFile { title }),
                }
            }
            PlaySource::ReleaseMaster { release, track } => {
                if let Library::Cloud(_) = self.library {
                    let title = self.track(*release, *track)?.title.clone();
                    return self.delivered(*release, *track, title, None).await;
                }
                let manifest = self.manifest(*release).await?;
                let track = track_of(&manifest.release, *track)?;
                self.delivered(*release, track.id, track.display_title(), track.master.clone()).await
            }
            PlaySource::Rendition { release, track, profile } => {
                let track = self.track(*release, *track)?;
                let (title, profile) = (track.title.clone(), profile.clone());
                let rendition = track.renditions.iter().find(|rendition| rendition.profile == profile);
                let Some(rendition) = rendition else { return Err(ListenError::NoSuchRendition { title, profile }) };
                match self.library.rendition(*release, rendition) {
                    Some(sound) => Ok(Found { title, sound, master: None }),
                    None => Err(ListenError::NotMade { title, profile }),
                }
            }
        }
    }

    /// A master that was delivered: its file, or the rendition that holds exactly its samples, since a cloud hands out no
    /// masters.
    async fn delivered(
        &self,
        release: ReleaseId,
        track: TrackId,
        title: String,
        master: Option<Master>,
    ) -> Result<Found, ListenError> {
        if let (Library::Here { .. }, Some(master)) = (&self.library, &master) {
            let file = self.library.file(&master.asset);
            let file = file.ok_or_else(|| ListenError::Elsewhere(title.clone()))?;
            return Ok(Found { title, sound: Sound::File(file), master: Some(master.clone()) });
        }
        let view = self.track(release, track)?;
        let rendition = view.renditions.iter().find(|one| one.profile == EXACT);
        let sound = rendition.and_then(|one| self.library.rendition(release, one));
        match sound {
            Some(sound) => Ok(Found { title, sound, master }),
            None => Err(ListenError::Elsewhere(title)),
        }
    }

    fn track(&self, release: ReleaseId, track: TrackId) -> Result<&TrackView, ListenError> {
        let view = self.release(release)?;
        let found = view.tracks.iter().find(|one| one.id == track);
        found.ok_or_else(|| ListenError::NoSuchTrack { title: view.title.clone(), track })
    }

    fn draft(&self, release: ReleaseId) -> Result<&Draft, ListenError> {
        self.view.draft(release).map(|view| view.draft.as_ref()).ok_or(ListenError::NoSuchDraft(release))
    }

    fn release(&self, release: ReleaseId) -> Result<&ReleaseView, ListenError> {
        self.view.release(release).map(AsRef::as_ref).ok_or(ListenError::NoSuchRelease(release))
    }
}

/// The profile whose renditions hold exactly the master's samples.
const EXACT: &str = "flac";

/// Of the renditions that are as long as the master, the one that is read soonest.
fn smallest(track: &TrackView) -> Option<&RenditionView> {
    let whole = |one: &&RenditionView| profile::by_name(&one.profile).is_some_and(|profile| profile.excerpt.is_none());
    let made = track.renditions.iter().filter(whole).filter_map(|one| Some((one.facts.as_ref()?.sound.bytes, one)));
    made.min_by_key(|(bytes, _)| *bytes).map(|(_, one)| one)
}

/// What was delivered could not be read.
fn unread(release: ReleaseId, error: LibraryError) -> ListenError {
    match error {
        LibraryError::Api(error) => ListenError::Cloud(Box::new(error)),
        LibraryError::Disk(error) => ListenError::NoManifest { release, reason: error.to_string() },
        LibraryError::Manifest(reason) => ListenError::NoManifest { release, reason },
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
