//! A folder keeps the contract, and what only a folder can promise.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use upload::digest::MIB;
use upload::plan::LARGEST_OBJECT;
use upload::{
    Body, DirStore, FileDigest, ObjectReader as _, ObjectStore as _, Part, Plan, SentPart, StoreError, Upload,
    UploadId, Whole,
};

use crate::contract::{Subject, content, contract};

async fn subject() -> Subject {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(DirStore::open(folder.path().join("new/store")).unwrap());
    Subject { store, checksums: true, smallest_part: MIB, _alive: Box::new(folder) }
}

contract!(subject);

/// A store in a folder, and an upload of two parts and a bit.
struct Desk {
    folder: tempfile::TempDir,
    store: DirStore,
    content: Bytes,
    digest: FileDigest,
    plan: Plan,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = DirStore::open(folder.path()).unwrap();
        let content = content((2 * MIB + 10) as usize, 1);
        let digest = FileDigest::of(&content);
        let plan = Plan::with_smallest_part(digest.bytes, MIB).unwrap();
        Self { folder, store, content, digest, plan }
    }

    fn reopen(&mut self) {
        self.store = DirStore::open(self.folder.path()).unwrap();
    }

    fn hidden(&self, name: &str) -> PathBuf {
        self.folder.path().join(".store").join(name)
    }

    fn files_of(&self, upload: &Upload) -> PathBuf {
        self.hidden("uploads").join(&upload.id.0)
    }

    fn part(&self, number: u32) -> (Part, Body) {
        let part = self.plan.part(number, &self.digest).unwrap();
        let start = part.offset as usize;
        (part, self.content.slice(start..start + part.bytes as usize).into())
    }

    async fn begin(&self, key: &str) -> Upload {
        self.store.begin(key, &self.plan).await.unwrap()
    }

    async fn send(&self, upload: &Upload, number: u32) -> SentPart {
        let (part, body) = self.part(number);
        self.store.send_part(upload, &part, body).await.unwrap()
    }

    async fn send_all(&self, upload: &Upload) -> Vec<SentPart> {
        vec![self.send(upload, 1).await, self.send(upload, 2).await, self.send(upload, 3).await]
    }

    async fn put(&self, key: &str, bytes: &[u8]) {
        self.store.put(key, bytes.to_vec().into(), Whole::of(bytes)).await.unwrap();
    }

    fn left_over(&self, folder: &str) -> usize {
        fs::read_dir(self.hidden(folder)).unwrap().count()
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn all_of_it_belongs_to_its_owner_alone() {
    let desk = Desk::new();
    desk.put("label/assets/a.flac", b"a").await;
    let upload = desk.begin("label/assets/b.flac").await;
    desk.send(&upload, 1).await;
    desk.put("label/assets/c.flac", b"c").await;
    desk.store.set_aside("label/assets/c.flac").await.unwrap();
    let mut folders = vec![desk.folder.path().to_owned()];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                assert_eq!(mode(&path), 0o700, "{}", path.display());
                folders.push(path);
            } else {
                assert_eq!(mode(&path), 0o600, "{}", path.display());
                files += 1;
            }
        }
    }
    assert!(files >= 8, "{files}");
}

#[tokio::test]
async fn an_upload_outlives_the_process() {
    let mut desk = Desk::new();
    let upload = desk.begin("a").await;
    let first = desk.send(&upload, 1).await;
    desk.reopen();
    assert_eq!(desk.store.sent_parts(&upload).await.unwrap(), std::slice::from_ref(&first));
    let parts = [first, desk.send(&upload, 2).await, desk.send(&upload, 3).await];
    desk.store.complete(&upload, &parts, Whole::from(&desk.digest)).await.unwrap();
    assert_eq!(fs::read(desk.store.path_of("a").unwrap()).unwrap(), desk.content);
    assert_eq!((desk.left_over("uploads"), desk.left_over("tmp")), (0, 0));
}

#[tokio::test]
async fn a_torn_note_costs_its_own_part_only() {
    let desk = Desk::new();
    let upload = desk.begin("a").await;
    desk.send(&upload, 1).await;
    desk.send(&upload, 2).await;
    let notes = desk.files_of(&upload).join("parts.jsonl");
    let text = fs::read(&notes).unwrap();
    fs::write(&notes, &text[..text.len() - 5]).unwrap();
    let numbers =
        async || desk.store.sent_parts(&upload).await.unwrap().iter().map(|part| part.number).collect::<Vec<_>>();
    assert_eq!(numbers().await, [1]);
    desk.send(&upload, 3).await;
    assert_eq!(numbers().await, [1, 3], "the next note stands on a line of its own");
    let parts = desk.send_all(&upload).await;
    desk.store.complete(&upload, &parts, Whole::from(&desk.digest)).await.unwrap();
}

#[tokio::test]
async fn the_stored_forms_stay() {
    let desk = Desk::new();
    let upload = desk.begin("label/a.wav").await;
    desk.send(&upload, 1).await;
    desk.send(&upload, 1).await;
    let files = desk.files_of(&upload);
    let (head, notes) = (include_str!("../fixtures/dir-head-1.json"), include_str!("../fixtures/dir-parts-1.jsonl"));
    assert_eq!(fs::read_to_string(files.join("head.json")).unwrap(), head.trim_end());
    assert_eq!(fs::read_to_string(files.join("parts.jsonl")).unwrap(), notes);
    // And are read.
    let id = "00000000000000000000000000000001";
    fs::rename(files, desk.hidden("uploads").join(id)).unwrap();
    let upload = Upload { key: "label/a.wav".into(), id: UploadId(id.into()) };
    assert_eq!(desk.store.sent_parts(&upload).await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_upload_of_a_later_version_is_left_alone() {
    let mut desk = Desk::new();
    let upload = desk.begin("a").await;
    let head = desk.files_of(&upload).join("head.json");
    let later = fs::read_to_string(&head).unwrap().replace("\"version\":1", "\"version\":2");
    fs::write(&head, later).unwrap();
    desk.put("a", b"a").await;
    desk.reopen();
    assert!(matches!(desk.store.sent_parts(&upload).await, Err(StoreError::NoSuchUpload { .. })));
    assert_eq!(desk.left_over("uploads"), 1);
}

#[tokio::test]
async fn an_upload_is_found_by_its_own_name_only() {
    let desk = Desk::new();
    let upload = desk.begin("a").await;
    for (key, id) in [("b", &*upload.id.0), ("a", "../uploads"), ("a", ""), ("a", "/etc"), ("a", "..")] {
        let other = Upload { key: key.into(), id: UploadId(id.into()) };
        assert!(matches!(desk.store.sent_parts(&other).await, Err(StoreError::NoSuchUpload { .. })), "{key} {id}");
    }
    desk.store.abort(&Upload { key: "a".into(), id: UploadId("../uploads".into()) }).await.unwrap();
    assert_eq!(desk.store.sent_parts(&upload).await.unwrap(), []);
}

#[tokio::test]
async fn bytes_that_are_wrong_void_the_part_that_was_right() {
    let desk = Desk::new();
    let upload = desk.begin("a").await;
    let parts = desk.send_all(&upload).await;
    let (part, _) = desk.part(2);
    let wrong = content(MIB as usize, 2);
    assert!(matches!(desk.store.send_part(&upload, &part, wrong.into()).await, Err(StoreError::Mismatch { .. })));
    let error = desk.store.complete(&upload, &parts, Whole::from(&desk.digest)).await.unwrap_err();
    assert_eq!(error.to_string(), "The parts of a do not make up the object: part 2 is missing.");
    desk.send(&upload, 2).await;
    desk.store.complete(&upload, &parts, Whole::from(&desk.digest)).await.unwrap();
    assert_eq!(fs::read(desk.store.path_of("a").unwrap()).unwrap(), desk.content);
}

#[tokio::test]
async fn an_object_is_never_written_to_by_its_upload() {
    let desk = Desk::new();
    let upload = desk.begin("a").await;
    let parts = desk.send_all(&upload).await;
    // As a process leaves it that is killed after the object was made, before its upload is cleared away.
    fs::hard_link(desk.files_of(&upload).join("data"), desk.folder.path().join("a")).unwrap();
    let (part, body) = desk.part(1);
    assert!(matches!(desk.store.send_part(&upload, &part, body).await, Err(StoreError::NoSuchUpload { .. })));
    desk.store.complete(&upload, &parts, Whole::from(&desk.digest)).await.unwrap();
    assert_eq!(desk.left_over("uploads"), 0);
    assert_eq!(fs::read(desk.store.path_of("a").unwrap()).unwrap(), desk.content);
}

#[tokio::test]
async fn what_killed_processes_left_is_cleared_away() {
    let mut desk = Desk::new();
    let (done, going_on) = (desk.begin("done").await, desk.begin("going-on").await);
    desk.put("done", b"sent by another").await;
    fs::write(desk.hidden("tmp").join("left-over"), b"x").unwrap();
    fs::create_dir(desk.hidden("tmp").join("left-over-folder")).unwrap();
    desk.reopen();
    assert_eq!(desk.left_over("tmp"), 0);
    assert!(matches!(desk.store.sent_parts(&done).await, Err(StoreError::NoSuchUpload { .. })));
    assert_eq!(desk.store.sent_parts(&going_on).await.unwrap(), []);
}

#[tokio::test]
async fn nothing_is_cleared_away_while_another_process_works() {
    let mut desk = Desk::new();
    fs::write(desk.hidden("tmp").join("of-another"), b"x").unwrap();
    let lock = fs::File::open(desk.hidden("lock")).unwrap();
    lock.lock_shared().unwrap();
    desk.reopen();
    assert_eq!(desk.left_over("tmp"), 1);
    // And work goes on beside it.
    desk.put("a", b"a").await;
    drop(lock);
    desk.reopen();
    assert_eq!(desk.left_over("tmp"), 0);
}

#[tokio::test]
async fn two_stores_of_one_folder_agree() {
    let desk = Desk::new();
    let other = DirStore::open(desk.folder.path()).unwrap();
    let bytes = content(100_000, 3);
    let put = |store: DirStore| {
        let bytes = bytes.clone();
        tokio::spawn(async move { store.put("a", bytes.clone().into(), Whole::of(&bytes)).await })
    };
    for task in [put(desk.store.clone()), put(other.clone()), put(desk.store.clone()), put(other.clone())] {
        task.await.unwrap().unwrap();
    }
    let (one, two) = (desk.begin("b").await, other.begin("b", &desk.plan).await.unwrap());
    let (parts, others) = (desk.send_all(&one).await, desk.send_all(&two).await);
    let whole = Whole::from(&desk.digest);
    let (a, b) = tokio::join!(desk.store.complete(&one, &parts, whole), other.complete(&two, &others, whole));
    assert_eq!(a.unwrap(), b.unwrap());
    assert_eq!((desk.left_over("uploads"), desk.left_over("tmp")), (0, 0));
}

#[tokio::test]
async fn a_checksum_is_of_the_file_that_is_there() {
    let desk = Desk::new();
    desk.put("l/a", b"first").await;
    let (path, note) = (desk.store.path_of("l/a").unwrap(), desk.hidden("checksums/l/a.json"));
    let crc64 = async || desk.store.confirm("l/a").await.unwrap().unwrap().crc64.unwrap();
    assert_eq!(crc64().await, upload::crc64::of(b"first"));
    // What is noted is used, and not read again: this one is wrong on purpose.
    let text = fs::read_to_string(&note).unwrap();
    fs::write(&note, text.replace(&upload::crc64::to_text(upload::crc64::of(b"first")), "AAAAAAAAAAc=")).unwrap();
    assert_eq!(crc64().await, 7);
    for spoilt in [None, Some(""), Some("{"), Some("{\"version\":2}"), Some("null")] {
        match spoilt {
            None => fs::remove_file(&note).unwrap(),
            Some(text) => fs::write(&note, text).unwrap(),
        }
        assert_eq!(crc64().await, upload::crc64::of(b"first"), "{spoilt:?}");
        assert_eq!(fs::read_to_string(&note).unwrap(), text, "kept again");
    }
    // Someone changed the object behind the store's back, length and all else equal but the time.
    let before = fs::metadata(&path).unwrap().modified().unwrap();
    fs::write(&path, b"other").unwrap();
    let file = fs::File::options().write(true).open(&path).unwrap();
    file.set_modified(before + std::time::Duration::from_secs(1)).unwrap();
    assert_eq!(crc64().await, upload::crc64::of(b"other"));
}

#[tokio::test]
async fn keys_are_listed_by_suffix() {
    let desk = Desk::new();
    for key in ["l/b.delivery.json", "l/x/a.delivery.json", "l/a.json", "z.delivery.json", "l/old.delivery.json"] {
        desk.put(key, b"x").await;
    }
    desk.store.set_aside("l/old.delivery.json").await.unwrap();
    desk.begin("l/unfinished.delivery.json").await;
    let keys = desk.store.keys_with_suffix(".delivery.json").await.unwrap();
    assert_eq!(keys, ["l/b.delivery.json", "l/x/a.delivery.json", "z.delivery.json"]);
}

#[tokio::test]
async fn an_object_cannot_be_a_folder_nor_a_folder_an_object() {
    let desk = Desk::new();
    desk.put("a", b"x").await;
    let put = async |key: &str| desk.store.put(key, b"y".to_vec().into(), Whole::of(b"y")).await.unwrap_err();
    let error = put("a/b").await;
    assert!(matches!(&error, StoreError::Disk { .. }) && !error.is_passing(), "{error}");
    assert!(error.to_string().contains("/a"), "{error}");
    desk.put("f/b", b"x").await;
    let error = put("f").await;
    assert!(error.to_string().contains("since a folder has this name"), "{error}");
    assert_eq!(desk.left_over("tmp"), 0);
}

#[tokio::test]
async fn a_disk_that_is_too_small_is_said_before_the_first_byte() {
    let desk = Desk::new();
    let error = desk.store.begin("a", &Plan::of(LARGEST_OBJECT).unwrap()).await.unwrap_err();
    assert!(matches!(&error, StoreError::Full { needed: Some(needed), .. } if *needed > 0), "{error}");
    assert_eq!(error.to_string(), format!("There is no room left at {}.", desk.folder.path().display()));
    assert!(error.help().starts_with("Free at least "), "{}", error.help());
    assert_eq!((desk.left_over("uploads"), desk.left_over("tmp")), (0, 0));
}

#[tokio::test]
async fn a_folder_without_the_right_to_write_is_named() {
    if rustix::process::geteuid().is_root() {
        eprintln!("skipped: root may write anywhere");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o500)).unwrap();
    let error = DirStore::open(folder.path()).unwrap_err();
    assert!(matches!(&error, StoreError::Denied { path } if path.starts_with(folder.path())), "{error}");
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), b"").unwrap();
    let error = DirStore::open(folder.path().join("file/store")).unwrap_err();
    assert!(error.to_string().starts_with(&folder.path().join("file").display().to_string()), "{error}");
}
