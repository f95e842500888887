use std::collections::HashSet;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::UploadId;

/// Which parts are being written in this process. A caller that lost interest leaves a writer behind, for a moment: the
/// same part must not be written by two, nor an object made meanwhile.
#[derive(Debug, Default)]
pub(super) struct Busy {
    parts: Mutex<HashSet<(UploadId, u32)>>,
    left: Condvar,
}

/// The right to write a part, until it is dropped.
pub(super) struct Alone<'a>(&'a Busy, (UploadId, u32));

impl Busy {
    /// Waits until nobody writes this part, and keeps others from it.
    pub(super) fn enter(&self, upload: &UploadId, part: u32) -> Alone<'_> {
        let entry = (upload.clone(), part);
        let mut parts = self.wait_while(|parts| parts.contains(&entry));
        parts.insert(entry.clone());
        Alone(self, entry)
    }

    /// Waits until nobody writes any part of an upload.
    pub(super) fn wait_for(&self, upload: &UploadId) {
        drop(self.wait_while(|parts| parts.iter().any(|(busy, _)| busy == upload)));
    }

    fn wait_while(&self, busy: impl Fn(&HashSet<(UploadId, u32)>) -> bool) -> MutexGuard<'_, HashSet<(UploadId, u32)>> {
        let parts = self.parts.lock().unwrap_or_else(PoisonError::into_inner);
        self.left.wait_while(parts, |parts| busy(parts)).unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Alone<'_> {
    fn drop(&mut self) {
        self.0.parts.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.1);
        self.0.left.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn one_at_a_time_writes_a_part_and_nobody_when_it_is_completed() {
        let busy = Arc::new(Busy::default());
        let order = Arc::new(Mutex::new(Vec::new()));
        let upload = UploadId("a".into());
        let first = busy.enter(&upload, 1);
        // Another part and another upload are nobody's business.
        drop(busy.enter(&upload, 2));
        drop(busy.enter(&UploadId("b".into()), 1));
        let waiting: Vec<_> = [true, false]
            .map(|same_part| {
                let (busy, order, upload) = (Arc::clone(&busy), Arc::clone(&order), upload.clone());
                std::thread::spawn(move || {
                    if same_part {
                        drop(busy.enter(&upload, 1));
                    } else {
                        busy.wait_for(&upload);
                    }
                    order.lock().unwrap().push("let in");
                })
            })
            .into();
        order.lock().unwrap().push("left");
        drop(first);
        for thread in waiting {
            thread.join().unwrap();
        }
        assert_eq!(*order.lock().unwrap(), ["left", "let in", "let in"]);
        assert!(busy.parts.lock().unwrap().is_empty());
    }
}
