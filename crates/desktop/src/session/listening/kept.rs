//! What was read of recordings and pictures, while it may be asked for again.

use std::collections::VecDeque;
use std::future::Future;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use audio::Waveform;
use release::{DeliveryId, Manifest, Sha256};
use tokio::sync::{OnceCell, Semaphore};

use super::ListenError;

/// What was read, by content: a file that changes is another one.
#[derive(Debug)]
pub(in crate::session) struct Kept {
    pub(super) shapes: Recent<Sha256, Shape>,
    pub(super) pictures: Recent<(Sha256, u32), Arc<Vec<u8>>>,
    pub(super) manifests: Recent<DeliveryId, Arc<Manifest>>,
    /// A permit for each file that is decoded: decoding a picture may take hundreds of megabytes.
    pub(super) decoders: Semaphore,
    /// Orders to play, counted: of two, the later one counts.
    pub(super) plays: AtomicU64,
    /// Set when the session ends.
    pub(super) stop: Arc<AtomicBool>,
}

/// How a recording looks.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    /// What is drawn.
    pub waveform: Arc<Waveform>,
    /// The frames a second that it counts in.
    pub sample_rate: u32,
}

/// The last things that were made, each once, however many ask for it at a time.
#[derive(Debug)]
pub(super) struct Recent<K, V> {
    most: usize,
    cells: Mutex<VecDeque<(K, Arc<OnceCell<V>>)>>,
}

impl Default for Kept {
    fn default() -> Self {
        Self {
            // Some 25 KB each.
            shapes: Recent::new(256),
            pictures: Recent::new(256),
            manifests: Recent::new(64),
            decoders: Semaphore::new(2),
            plays: AtomicU64::default(),
            stop: Arc::default(),
        }
    }
}

impl Kept {
    /// Ends what is being read.
    pub(in crate::session) fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

impl<K: PartialEq, V: Clone> Recent<K, V> {
    pub(super) fn new(most: usize) -> Self {
        Self { most, cells: Mutex::default() }
    }

    /// What is kept under a key, or is made now. What failed is tried again when it is next asked for.
    pub(super) async fn get<F>(&self, key: K, make: impl FnOnce() -> F) -> Result<V, ListenError>
    where
        F: Future<Output = Result<V, ListenError>>,
    {
        self.cell(key).get_or_try_init(make).await.cloned()
    }

    fn cell(&self, key: K) -> Arc<OnceCell<V>> {
        let mut cells = self.cells.lock().unwrap_or_else(PoisonError::into_inner);
        let known = cells.iter().position(|(other, _)| *other == key).and_then(|place| cells.remove(place));
        let entry = known.unwrap_or_else(|| (key, Arc::default()));
        let cell = Arc::clone(&entry.1);
        cells.push_back(entry);
        if cells.len() > self.most {
            cells.pop_front();
        }
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_last_ones_are_kept_and_each_is_made_once() {
        let recent: Recent<u8, u8> = Recent::new(2);
        let made = &AtomicU64::new(0);
        let get = |key: u8| {
            recent.get(key, move || async move {
                made.fetch_add(1, Ordering::Relaxed);
                Ok(key)
            })
        };
        let (one, same) = tokio::join!(get(1), get(1));
        assert_eq!((one, same), (Ok(1), Ok(1)));
        assert_eq!(made.load(Ordering::Relaxed), 1);
        // The one that was asked for last stays.
        for (key, times) in [(2, 2), (1, 2), (3, 3), (1, 3), (2, 4)] {
            assert_eq!(get(key).await, Ok(key));
            assert_eq!(made.load(Ordering::Relaxed), times, "{key}");
        }
    }

    #[tokio::test]
    async fn what_failed_is_tried_again() {
        let recent: Recent<u8, u8> = Recent::new(2);
        assert_eq!(recent.get(1, || async { Err(ListenError::Closing) }).await, Err(ListenError::Closing));
        assert_eq!(recent.get(1, || async { Ok(5) }).await, Ok(5));
    }
}
