//! The files of an upload in parts: what it will be, and which parts are on the disk.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::disk;
use crate::{Plan, SentPart, StoreError, crc64};

/// The version of the stored form.
const VERSION: u32 = 1;

/// The content of `head.json`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Head {
    version: u32,
    key: String,
    bytes: u64,
    part_bytes: u64,
}

/// A line of `parts.jsonl`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
enum Note {
    /// A part's bytes are on the disk.
    Kept {
        part: u32,
        bytes: u64,
        #[serde(with = "crc64::text")]
        crc64: u64,
    },
    /// A part's place is about to be written again.
    Void { part: u32 },
}

/// The files of an upload, found in order.
pub(super) struct UploadFiles {
    pub(super) folder: PathBuf,
    pub(super) key: String,
    pub(super) plan: Plan,
}

impl UploadFiles {
    /// Makes them in a new folder, all synced. `data` is as long as the object from the start, and holds no blocks.
    pub(super) fn create(folder: &Path, key: &str, plan: Plan) -> Result<(), StoreError> {
        disk::create_folders(folder)?;
        let head = Head { version: VERSION, key: key.to_owned(), bytes: plan.bytes(), part_bytes: plan.part_bytes() };
        let head = serde_json::to_vec(&head).unwrap_or_default();
        let files = [("head.json", &*head, head.len() as u64), ("data", b"", plan.bytes()), ("parts.jsonl", b"", 0)];
        for (name, content, length) in files {
            let path = folder.join(name);
            let file = disk::create_file(&path)?;
            file.write_all_at(content, 0)
                .and_then(|()| file.set_len(length))
                .and_then(|()| file.sync_all())
                .map_err(|error| StoreError::disk("written", &path, error))?;
        }
        disk::sync_folder(folder)
    }

    /// Opens them; none where there are none, or of a version that this program does not know.
    pub(super) fn open(folder: PathBuf) -> Result<Option<Self>, StoreError> {
        let text = disk::read_if_there(&folder.join("head.json"))?;
        let head = text.and_then(|text| serde_json::from_slice::<Head>(&text).ok());
        Ok(head.filter(|head| head.version == VERSION).and_then(|head| {
            let plan = Plan::stored(head.bytes, head.part_bytes).ok()?;
            Some(Self { folder, key: head.key, plan })
        }))
    }

    /// The object's bytes, each part at its place.
    pub(super) fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Opens `data` to write a part.
    pub(super) fn open_data(&self) -> Result<File, StoreError> {
        let path = self.data();
        OpenOptions::new().write(true).open(&path).map_err(|error| self.failed(&path, error))
    }

    /// The parts that are on the disk, by number.
    pub(super) fn kept(&self) -> Result<BTreeMap<u32, SentPart>, StoreError> {
        let notes = disk::read_if_there(&self.folder.join("parts.jsonl"))?;
        let notes = notes.ok_or_else(|| StoreError::NoSuchUpload { key: self.key.clone() })?;
        let mut kept = BTreeMap::new();
        // A line that cannot be read was being written when the process was killed: its part is sent again.
        for note in notes.split(|&byte| byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()) {
            match note {
                Note::Kept { part, bytes, crc64 } => kept.insert(part, sent(part, bytes, crc64)),
                Note::Void { part } => kept.remove(&part),
            };
        }
        Ok(kept)
    }

    /// Notes, durably, that a part is on the disk.
    pub(super) fn note_kept(&self, part: u32, bytes: u64, crc64: u64) -> Result<SentPart, StoreError> {
        self.append(Note::Kept { part, bytes, crc64 })?;
        Ok(sent(part, bytes, crc64))
    }

    /// Notes, durably, that a part can no longer be relied on.
    pub(super) fn note_void(&self, part: u32) -> Result<(), StoreError> {
        self.append(Note::Void { part })
    }

    /// The combined checksum of the parts, if they are all that there should be, and those that the caller knows of.
    pub(super) fn check_parts(&self, named: &[SentPart]) -> Result<u64, StoreError> {
        let wrong = |reason: String| Err(StoreError::Parts { key: self.key.clone(), reason });
        let kept = self.kept()?;
        for number in 1..=self.plan.part_count() {
            let bytes = kept.get(&number).map(|part| part.bytes);
            if bytes.is_none() || bytes != self.plan.range(number).map(|(_, bytes)| bytes) {
                return wrong(format!("part {number} is missing"));
            }
        }
        if !kept.values().eq(named) {
            return wrong("others arrived than were sent".into());
        }
        Ok(kept
            .values()
            .fold(crc64::of(&[]), |whole, part| crc64::combine(whole, part.crc64.unwrap_or_default(), part.bytes)))
    }

    fn append(&self, note: Note) -> Result<(), StoreError> {
        let path = self.folder.join("parts.jsonl");
        let append = || -> io::Result<()> {
            let mut file = OpenOptions::new().append(true).read(true).open(&path)?;
            let mut line = serde_json::to_vec(&note)?;
            line.push(b'\n');
            if ends_torn(&file)? {
                line.insert(0, b'\n');
            }
            file.write_all(&line)?;
            file.sync_data()
        };
        append().map_err(|error| self.failed(&path, error))
    }

    /// A file of an upload that is not there means that the upload is not.
    fn failed(&self, path: &Path, error: io::Error) -> StoreError {
        if disk::is_absent(&error) {
            StoreError::NoSuchUpload { key: self.key.clone() }
        } else {
            StoreError::disk("written", path, error)
        }
    }
}

/// Whether the last line was being written when the process was killed.
fn ends_torn(file: &File) -> io::Result<bool> {
    let length = file.metadata()?.len();
    let mut last = [b'\n'];
    if length > 0 {
        file.read_exact_at(&mut last, length - 1)?;
    }
    Ok(last != [b'\n'])
}

fn sent(number: u32, bytes: u64, crc64: u64) -> SentPart {
    SentPart { number, bytes, crc64: Some(crc64), tag: crc64::to_text(crc64) }
}
