//! Sending files: what goes over the wire, what is kept when it stops, and what is made of bad luck.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod faulty;
mod journal;
mod luck;
mod publish;
mod send;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use faulty::Faulty;
use tokio_util::sync::CancellationToken;
use upload::digest::MIB;
use upload::{
    DirStore, FileDigest, FileToSend, ObjectReader as _, OnProgress, Options, Progress, SendError, Sender, Sent,
};

/// A file of four parts and a bit, a store that does as it is told, and a folder for journals.
struct Desk {
    folder: tempfile::TempDir,
    store: Arc<Faulty>,
    file: FileToSend,
    content: Vec<u8>,
    told: Arc<Mutex<Vec<Progress>>>,
    sender: Arc<Sender>,
}

const PARTS: u32 = 5;

fn options() -> Options {
    Options { parallel_parts: 3, smallest_part: MIB, ..Options::default() }
}

impl Desk {
    fn new() -> Self {
        Self::with_file((4 * MIB + 1000) as usize)
    }

    fn with_file(bytes: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(Faulty::new(DirStore::open(folder.path().join("store")).unwrap()));
        let content: Vec<u8> = (0..bytes).map(|n| (n.wrapping_mul(n) >> 7) as u8).collect();
        let path = folder.path().join("master.wav");
        std::fs::write(&path, &content).unwrap();
        let file = FileToSend { path, key: "label/assets/a.wav".into(), digest: FileDigest::of(&content) };
        let sender = Arc::new(Sender::new(store.clone(), folder.path().join("journals"), options()));
        Self { folder, store, file, content, told: Arc::default(), sender }
    }

    fn journals(&self) -> PathBuf {
        self.folder.path().join("journals")
    }

    /// A sender that shares nothing with the first but the journals, as in another process.
    fn other_sender(&self) -> Sender {
        Sender::new(self.store.clone(), self.journals(), options())
    }

    fn on_progress(&self) -> OnProgress {
        let told = Arc::clone(&self.told);
        Arc::new(move |progress| told.lock().unwrap().push(progress))
    }

    async fn send(&self) -> Result<Sent, SendError> {
        self.told.lock().unwrap().clear();
        self.sender.send(&self.file, &self.on_progress(), &CancellationToken::new()).await
    }

    /// Sends until the store was asked `calls` times for `operation`, then cancels.
    async fn send_and_cancel_at(&self, operation: &'static str, calls: usize) -> SendError {
        let cancel = CancellationToken::new();
        let token = cancel.clone();
        self.store.before(operation, calls, move || {
            token.cancel();
            Some(faulty::Fault::Hang)
        });
        let error = self.sender.send(&self.file, &self.on_progress(), &cancel).await.unwrap_err();
        self.store.be_well();
        error
    }

    fn journal_files(&self) -> Vec<PathBuf> {
        let Ok(entries) = std::fs::read_dir(self.journals()) else { return Vec::new() };
        entries.map(|entry| entry.unwrap().path()).collect()
    }

    /// What lies in the store's hidden folder of uploads.
    fn uploads(&self) -> usize {
        std::fs::read_dir(self.folder.path().join("store/.store/uploads")).unwrap().count()
    }

    /// Writes the file anew, with other bytes of the same length and a later time.
    fn change_file(&self) {
        let other: Vec<u8> = self.content.iter().map(|byte| !byte).collect();
        rewrite(&self.file.path, &other);
    }

    async fn assert_delivered(&self) {
        let there = self.store.inner.read(&self.file.key, 0..u64::MAX).await.unwrap();
        assert!(there == self.content, "the object is the file");
        assert_eq!(self.journal_files(), Vec::<PathBuf>::new());
        assert_eq!(self.uploads(), 0);
        let told = self.told.lock().unwrap();
        let total = self.content.len() as u64;
        assert_eq!(told.last().map(|last| (last.arrived, last.total)), Some((total, total)));
        assert!(told.is_sorted_by_key(|progress| progress.arrived), "progress never goes back: {told:?}");
        assert!(told.is_sorted_by_key(|progress| progress.passed), "nor does what is on its way: {told:?}");
        assert!(told.iter().all(|progress| {
            progress.resumed <= progress.arrived && progress.arrived <= progress.passed && progress.passed <= total
        }));
    }
}

/// Writes a file with a time of change that surely differs, whatever the clock's resolution.
fn rewrite(path: &Path, bytes: &[u8]) {
    let before = std::fs::metadata(path).unwrap().modified().unwrap();
    std::fs::write(path, bytes).unwrap();
    let file = std::fs::File::options().write(true).open(path).unwrap();
    file.set_modified(before + std::time::Duration::from_secs(1)).unwrap();
}
