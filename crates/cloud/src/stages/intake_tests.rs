use std::ops::Range;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use upload::{ObjectReader, StoreError};

use super::{Intake, Masters, intake};
use crate::catalogue::{State, sample};
use crate::testing::{Album, Memory, MemoryStore};

/// A store that keeps versions: of manifests the first is what was delivered, and the latest something else.
#[derive(Debug)]
pub(super) struct Versions(pub(super) Arc<MemoryStore>);

#[async_trait]
impl ObjectReader for Versions {
    async fn read(&self, key: &str, range: Range<u64>) -> Result<Bytes, StoreError> {
        if key.ends_with(".delivery.json") {
            return Ok(Bytes::from_static(b"put over it later"));
        }
        self.0.read(key, range).await
    }

    async fn read_version(&self, key: &str, version: &str, range: Range<u64>) -> Result<Bytes, StoreError> {
        assert_eq!(version, "first");
        self.0.read(key, range).await
    }

    async fn set_aside(&self, key: &str) -> Result<String, StoreError> {
        self.0.set_aside(key).await
    }
}

#[tokio::test]
async fn the_version_that_was_announced_is_taken_in_whatever_is_put_over_it() {
    let memory = Memory::new(sample::start());
    let key = Album::new(1).deliver(memory.masters.as_ref(), 1).await;
    let reader: Arc<dyn ObjectReader> = Arc::new(Versions(Arc::clone(&memory.masters)));
    let ports = memory.intake();
    let ports = Intake { masters: Masters { reader, ..ports.masters.clone() }, ..ports };
    intake(&ports, &key, Some("first")).await.unwrap();
    assert_eq!(memory.record(&sample::key()).unwrap().state, State::Transcoding);
    // Announced again without a version, as one that is tried again is: it is in already.
    intake(&ports, &key, None).await.unwrap();
    assert_eq!(memory.record(&sample::key()).unwrap().state, State::Transcoding);
}
