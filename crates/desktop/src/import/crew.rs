//! Reads files side by side.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use super::read::{Read, Stopped, read};
use super::scan::Sound;
use super::{ImportControl, ImportError, Progress, Reason};

/// Decoding and hashing keep two cores busy; a disk that spins is not made faster by more.
const THREADS: usize = 2;

/// Reads every file; the results are in the order of the files.
pub(super) fn read_all(sounds: &[Sound], control: &ImportControl) -> Result<Vec<Result<Read, Reason>>, ImportError> {
    let watch = Arc::new(Watch::new(sounds, control));
    let next = AtomicUsize::new(0);
    let results: Vec<Mutex<Option<Result<Read, Reason>>>> = sounds.iter().map(|_| Mutex::new(None)).collect();
    let work = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(sound) = sounds.get(index) else { return };
            let on_progress = {
                let watch = Arc::clone(&watch);
                move |fraction| watch.advance(index, fraction)
            };
            let result = match read(sound, control, on_progress) {
                Ok(read) => Ok(read),
                Err(Stopped::Unusable(reason)) => Err(reason),
                Err(Stopped::Cancelled) => return,
            };
            watch.done(index);
            *results[index].lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
        }
    };
    thread::scope(|scope| {
        for _ in 1..THREADS.min(sounds.len()) {
            scope.spawn(work);
        }
        work();
    });
    // A result that is missing was given up, and that happens on request only.
    let results = results.into_iter().map(|result| result.into_inner().unwrap_or_else(PoisonError::into_inner));
    results.collect::<Option<_>>().ok_or(ImportError::Cancelled)
}

/// Adds up what all threads have done.
struct Watch {
    control: ImportControl,
    /// The files' lengths.
    lengths: Vec<u64>,
    state: Mutex<State>,
}

struct State {
    files: usize,
    /// How much of each file is done.
    done: Vec<u64>,
}

impl Watch {
    fn new(sounds: &[Sound], control: &ImportControl) -> Self {
        let lengths: Vec<u64> = sounds.iter().map(|sound| sound.identity.bytes).collect();
        let state = Mutex::new(State { files: 0, done: vec![0; lengths.len()] });
        Self { control: control.clone(), lengths, state }
    }

    fn advance(&self, index: usize, fraction: f64) {
        #[expect(clippy::cast_precision_loss, reason = "progress need not be exact to the byte")]
        let length = self.lengths[index] as f64;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between nothing and the length")]
        let bytes = (fraction.clamp(0.0, 1.0) * length) as u64;
        self.tell(index, bytes, 0);
    }

    fn done(&self, index: usize) {
        self.tell(index, self.lengths[index], 1);
    }

    fn tell(&self, index: usize, bytes: u64, files: usize) {
        // Told under the lock, so that no thread's older sum comes after another's newer one.
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.files += files;
        state.done[index] = state.done[index].max(bytes.min(self.lengths[index]));
        let progress =
            Progress::Read { files: state.files, bytes: state.done.iter().sum(), of: self.lengths.iter().sum() };
        self.control.tell(progress);
    }
}
