use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Mutex;

use async_trait::async_trait;
use bytes::Bytes;
use upload::{
    Body, ObjectReader, ObjectStore, Part, Plan, SET_ASIDE, SentPart, StoreError, Stored, Upload, Whole, crc64,
};

/// Objects in memory, each sent in one request.
#[derive(Debug, Default)]
pub(crate) struct MemoryStore {
    objects: Mutex<BTreeMap<String, Bytes>>,
    puts: Mutex<BTreeMap<String, u32>>,
}

impl MemoryStore {
    /// How often each object was put.
    pub(crate) fn puts(&self) -> BTreeMap<String, u32> {
        self.puts.lock().unwrap().clone()
    }
}

fn missing(key: &str) -> StoreError {
    StoreError::Missing { key: key.to_owned() }
}

#[async_trait]
impl ObjectStore for MemoryStore {
    async fn confirm(&self, key: &str) -> Result<Option<Stored>, StoreError> {
        let objects = self.objects.lock().unwrap();
        let stored = |bytes: &Bytes| Stored { bytes: bytes.len() as u64, crc64: Some(crc64::of(bytes)) };
        Ok(objects.get(key).map(stored))
    }

    async fn put(&self, key: &str, body: Body, whole: Whole) -> Result<Stored, StoreError> {
        let bytes = match body {
            Body::Bytes(bytes) => bytes,
            Body::File { path, .. } => std::fs::read(path).unwrap().into(),
        };
        *self.puts.lock().unwrap().entry(key.to_owned()).or_default() += 1;
        self.objects.lock().unwrap().insert(key.to_owned(), bytes);
        Ok(Stored { bytes: whole.bytes, crc64: Some(whole.crc64) })
    }

    async fn begin(&self, key: &str, _: &Plan) -> Result<Upload, StoreError> {
        Err(missing(key))
    }

    async fn send_part(&self, upload: &Upload, _: &Part, _: Body) -> Result<SentPart, StoreError> {
        Err(missing(&upload.key))
    }

    async fn sent_parts(&self, upload: &Upload) -> Result<Vec<SentPart>, StoreError> {
        Err(missing(&upload.key))
    }

    async fn complete(&self, upload: &Upload, _: &[SentPart], _: Whole) -> Result<Stored, StoreError> {
        Err(missing(&upload.key))
    }

    async fn abort(&self, _: &Upload) -> Result<(), StoreError> {
        Ok(())
    }
}

#[async_trait]
impl ObjectReader for MemoryStore {
    async fn read(&self, key: &str, range: Range<u64>) -> Result<Bytes, StoreError> {
        let objects = self.objects.lock().unwrap();
        let bytes = objects.get(key).ok_or_else(|| missing(key))?;
        let clip = |at: u64| usize::try_from(at).unwrap().min(bytes.len());
        Ok(bytes.slice(clip(range.start)..clip(range.end)))
    }

    async fn set_aside(&self, key: &str) -> Result<String, StoreError> {
        let mut objects = self.objects.lock().unwrap();
        let bytes = objects.remove(key).ok_or_else(|| missing(key))?;
        let place = format!("{SET_ASIDE}/{key}");
        objects.insert(place.clone(), bytes);
        Ok(place)
    }
}
