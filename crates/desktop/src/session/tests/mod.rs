//! The session over drafts that are on its desk already, by what it is about.

mod days;
mod delivering;
mod editing;
mod gate;
mod offline;
mod opening;
mod queue;
mod settings;
mod survives;
mod workspace;

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use release::{Advisory, Contributor, Entry, Field, FieldName, ReleaseId, Role, keys};
use tempfile::TempDir;
use upload::digest::FileDigest;

use super::*;
use crate::delivery::DeliveryState;
use crate::desk::Desk;
use crate::draft::{Draft, SourceFile, sample};
use crate::home::Home;
use crate::import::FileIdentity;
use crate::outcome::Outcome;
use crate::view::{Hold, WaitsFor};
use crate::workspace::WorkspaceFile;
pub(super) use gate::Gate;

/// A workspace and a folder of files; both go with it.
struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// Releases that may be queued are on the desk: so many, counted from 1.
    fn with_ready(count: u128) -> Self {
        let place = Self::new();
        let drafts: Vec<Draft> = (1..=count).map(|number| place.ready(number)).collect();
        place.with_drafts(&drafts)
    }

    fn home(&self) -> PathBuf {
        self.folder.path().join("workspace")
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Puts drafts on the desk, as earlier imports would have.
    fn with_drafts(self, drafts: &[Draft]) -> Self {
        let home = Home::prepare(&self.home()).unwrap();
        WorkspaceFile::open(&home, Timestamp::now()).unwrap();
        let (mut desk, _) = Desk::open(&home.desk(), Timestamp::now()).unwrap();
        for draft in drafts {
            desk.save_draft(draft).unwrap();
        }
        self
    }

    /// A release that may be queued, with its files on disk.
    fn ready(&self, number: u128) -> Draft {
        let mut draft = sample::draft(number, &format!("/album {number}"));
        for track in 1..=2 {
            let path = self.file(&format!("{number}-{track}.wav"));
            let bytes = format!("sound {track} of {number}").into_bytes();
            fs::write(&path, &bytes).unwrap();
            let id = number * 100 + u128::from(track);
            sample::add_track(&mut draft, id, track, path.to_str().unwrap(), &bytes, &format!("Track {track}"));
            let id = sample::track_id(id);
            draft.files.insert(id, file_at(&path));
        }
        for track in &mut draft.release.tracks {
            track.advisory = Some(Advisory::None);
        }
        let release = &mut draft.release;
        release.title = format!("Album {number}");
        release.label = "Low Tide".to_owned();
        release.language = "en".to_owned();
        release.genre = "Electronic".to_owned();
        release.contributors = vec![Contributor::new("Ann Ash", Role::MainArtist)];
        release.p_line = Entry::read("2026 Low Tide");
        release.c_line = Entry::read("2026 Low Tide");
        let path = self.file(&format!("{number}.png"));
        fs::write(&path, format!("picture of {number}")).unwrap();
        let file = file_at(&path);
        draft.set_artwork(sample::artwork(&file), file);
        draft
    }

    async fn open(&self) -> Session {
        Session::open(&self.home(), Options::default()).await.unwrap()
    }

    async fn open_behind(&self, gate: &Arc<Gate>) -> Session {
        let options = Options { gate: Some(Arc::clone(gate)), ..Options::default() };
        Session::open(&self.home(), options).await.unwrap()
    }

    /// The workspace as a process that is killed now would leave it.
    fn as_if_killed(&self) -> Self {
        let copy = Self::new();
        copy_folder(&self.home(), &copy.home());
        copy
    }

    /// The names of all objects in the store of masters, with their sizes.
    fn stored(&self) -> Vec<(String, u64)> {
        let mut found = Vec::new();
        walk(&self.home().join("masters").join("local"), &mut |path| {
            let key = path.strip_prefix(self.home().join("masters")).unwrap().to_str().unwrap().to_owned();
            found.push((key, path.metadata().unwrap().len()));
        });
        found.sort();
        found
    }
}

fn file_at(path: &Path) -> SourceFile {
    let identity = FileIdentity::of(&fs::metadata(path).unwrap());
    SourceFile { path: path.to_owned(), identity, digest: FileDigest::of_file(path).unwrap() }
}

fn walk(folder: &Path, each: &mut impl FnMut(&Path)) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() { walk(&path, each) } else { each(&path) }
    }
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else if entry.file_type().unwrap().is_file() {
            // Files of the cloud come and go while it works.
            let _ = fs::copy(entry.path(), target);
        }
    }
}

fn id(number: u128) -> ReleaseId {
    ReleaseId::new(Timestamp::UNIX_EPOCH, number)
}

fn title() -> Field {
    Field::of_release(FieldName::Title)
}

async fn state(session: &Session, delivery: DeliveryId, wanted: DeliveryState) {
    session.wait_for(|view| (view.delivery(delivery)?.delivery.state == wanted).then_some(())).await.unwrap();
}
