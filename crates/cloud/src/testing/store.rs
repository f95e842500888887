use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use upload::{
    Body, ObjectReader, ObjectStore, Part, Plan, SET_ASIDE, SentPart, StoreError, Stored, Upload, UploadId, Whole,
    crc64,
};

/// Objects in memory.
#[derive(Debug, Default)]
pub(crate) struct MemoryStore {
    objects: Mutex<BTreeMap<String, Bytes>>,
    puts: Mutex<BTreeMap<String, u32>>,
    uploads: Mutex<BTreeMap<String, Begun>>,
    /// Whether it tells sizes alone, as stores do that keep no checksums.
    pub(crate) sizes_alone: AtomicBool,
}

/// The key and the parts of an upload.
#[derive(Debug)]
struct Begun(String, BTreeMap<u32, Bytes>);

impl MemoryStore {
    /// How often each object was put.
    pub(crate) fn puts(&self) -> BTreeMap<String, u32> {
        self.puts.lock().unwrap().clone()
    }

    /// Has an object there that somebody else put.
    pub(crate) fn place(&self, key: &str, bytes: &'static [u8]) {
        self.objects.lock().unwrap().insert(key.to_owned(), Bytes::from_static(bytes));
    }
}

fn lost(upload: &Upload) -> StoreError {
    StoreError::NoSuchUpload { key: upload.key.clone() }
}

fn sent(number: u32, bytes: &Bytes) -> SentPart {
    SentPart { number, bytes: bytes.len() as u64, crc64: Some(crc64::of(bytes)), tag: format!("tag-{number}") }
}

fn missing(key: &str) -> StoreError {
    StoreError::Missing { key: key.to_owned() }
}

#[async_trait]
impl ObjectStore for MemoryStore {
    async fn confirm(&self, key: &str) -> Result<Option<Stored>, StoreError> {
        let objects = self.objects.lock().unwrap();
        let sum = |bytes: &Bytes| (!self.sizes_alone.load(Ordering::Relaxed)).then(|| crc64::of(bytes));
        let stored = |bytes: &Bytes| Stored { bytes: bytes.len() as u64, crc64: sum(bytes) };
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
        let mut uploads = self.uploads.lock().unwrap();
        let id = format!("upload-{}", uploads.len() + 1);
        uploads.insert(id.clone(), Begun(key.to_owned(), BTreeMap::new()));
        Ok(Upload { key: key.to_owned(), id: UploadId(id) })
    }

    async fn send_part(&self, upload: &Upload, part: &Part, body: Body) -> Result<SentPart, StoreError> {
        let Body::Bytes(bytes) = body else { return Err(missing(&upload.key)) };
        let mut uploads = self.uploads.lock().unwrap();
        let Begun(_, parts) = uploads.get_mut(&upload.id.0).ok_or_else(|| lost(upload))?;
        parts.insert(part.number, bytes.clone());
        Ok(sent(part.number, &bytes))
    }

    async fn sent_parts(&self, upload: &Upload) -> Result<Vec<SentPart>, StoreError> {
        let uploads = self.uploads.lock().unwrap();
        let Begun(_, parts) = uploads.get(&upload.id.0).ok_or_else(|| lost(upload))?;
        Ok(parts.iter().map(|(number, bytes)| sent(*number, bytes)).collect())
    }

    async fn complete(&self, upload: &Upload, _: &[SentPart], whole: Whole) -> Result<Stored, StoreError> {
        let Begun(key, parts) = self.uploads.lock().unwrap().remove(&upload.id.0).ok_or_else(|| lost(upload))?;
        let bytes: Vec<u8> = parts.into_values().flatten().collect();
        if Whole::of(&bytes) != whole {
            return Err(StoreError::Mismatch { key, part: None });
        }
        self.objects.lock().unwrap().insert(key, bytes.into());
        Ok(Stored { bytes: whole.bytes, crc64: Some(whole.crc64) })
    }

    async fn abort(&self, upload: &Upload) -> Result<(), StoreError> {
        self.uploads.lock().unwrap().remove(&upload.id.0);
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
