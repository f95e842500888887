//! Any sequence of operations on a folder has the results that it has on a model in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use bytes::Bytes;
use proptest::prelude::*;
use upload::digest::MIB;
use upload::{
    DirStore, FileDigest, ObjectReader as _, ObjectStore as _, Plan, SentPart, StoreError, Stored, Upload, Whole,
};

use crate::contract::content;

const KEYS: [&str; 4] = ["a", "b/c.json", "b/d.json", "b/e/f"];

/// Some small, some of several parts, two of the same length.
static CONTENTS: LazyLock<Vec<(Bytes, FileDigest)>> = LazyLock::new(|| {
    let lengths = [0, 10, 10, MIB as usize, MIB as usize + 1, 2 * MIB as usize + 5, 2 * MIB as usize + 5];
    (1..)
        .zip(lengths)
        .map(|(seed, length)| content(length, seed))
        .map(|bytes| (bytes.clone(), FileDigest::of(&bytes)))
        .collect()
});

#[derive(Debug, Clone)]
enum Act {
    Put {
        key: usize,
        content: usize,
    },
    PutSpoilt {
        key: usize,
        content: usize,
    },
    Begin {
        key: usize,
        content: usize,
    },
    Send {
        upload: usize,
        part: u32,
    },
    SendSpoilt {
        upload: usize,
        part: u32,
    },
    List {
        upload: usize,
    },
    Complete {
        upload: usize,
    },
    Abort {
        upload: usize,
    },
    Confirm {
        key: usize,
    },
    Read {
        key: usize,
        start: u64,
        length: u64,
    },
    SetAside {
        key: usize,
    },
    Keys,
    /// As another process would.
    Reopen,
    /// The cached checksums go.
    Forget,
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let (key, content) = (0..KEYS.len(), 0..CONTENTS.len());
    let (upload, part) = (0..4_usize, 1..4_u32);
    let act = prop_oneof![
        3 => (key.clone(), content.clone()).prop_map(|(key, content)| Act::Put { key, content }),
        1 => (key.clone(), content.clone()).prop_map(|(key, content)| Act::PutSpoilt { key, content }),
        3 => (key.clone(), content).prop_map(|(key, content)| Act::Begin { key, content }),
        8 => (upload.clone(), part.clone()).prop_map(|(upload, part)| Act::Send { upload, part }),
        1 => (upload.clone(), part).prop_map(|(upload, part)| Act::SendSpoilt { upload, part }),
        1 => upload.clone().prop_map(|upload| Act::List { upload }),
        4 => upload.clone().prop_map(|upload| Act::Complete { upload }),
        1 => upload.prop_map(|upload| Act::Abort { upload }),
        2 => key.clone().prop_map(|key| Act::Confirm { key }),
        2 => (key.clone(), 0..3 * MIB, 0..3 * MIB).prop_map(|(key, start, length)| Act::Read { key, start, length }),
        2 => key.prop_map(|key| Act::SetAside { key }),
        1 => Just(Act::Keys),
        1 => Just(Act::Reopen),
        1 => Just(Act::Forget),
    ];
    prop::collection::vec(act, 1..40)
}

/// An upload as the model knows it.
struct Begun {
    upload: Upload,
    plan: Plan,
    content: usize,
    sent: BTreeSet<u32>,
    alive: bool,
}

impl Begun {
    fn parts(&self) -> Vec<SentPart> {
        let part = |&number| self.plan.part(number, &CONTENTS[self.content].1).unwrap();
        let sent = self.sent.iter().map(part);
        sent.map(|part| {
            let tag = upload::crc64::to_text(part.crc64);
            SentPart { number: part.number, bytes: part.bytes, crc64: Some(part.crc64), tag }
        })
        .collect()
    }
}

fn whole(content: usize) -> Whole {
    Whole::from(&CONTENTS[content].1)
}

fn stored(content: usize) -> Stored {
    Stored { bytes: whole(content).bytes, crc64: Some(whole(content).crc64) }
}

/// What a call came to, in the model's words.
#[derive(Debug, PartialEq)]
enum Came<T> {
    Well(T),
    Differs,
    Mismatch,
    Parts,
    NoSuchUpload,
    Missing,
}

fn came<T>(result: Result<T, StoreError>) -> Came<T> {
    match result {
        Ok(value) => Came::Well(value),
        Err(StoreError::Differs { .. }) => Came::Differs,
        Err(StoreError::Mismatch { .. }) => Came::Mismatch,
        Err(StoreError::Parts { .. }) => Came::Parts,
        Err(StoreError::NoSuchUpload { .. }) => Came::NoSuchUpload,
        Err(StoreError::Missing { .. }) => Came::Missing,
        Err(other) => panic!("{other}"),
    }
}

async fn run(acts: Vec<Act>) {
    let folder = tempfile::tempdir().unwrap();
    let mut store = DirStore::open(folder.path()).unwrap();
    let mut objects: BTreeMap<&str, usize> = BTreeMap::new();
    let mut aside: Vec<(String, usize)> = Vec::new();
    let mut uploads: Vec<Begun> = Vec::new();
    for act in acts {
        match act {
            Act::Put { key, content } => {
                let key = KEYS[key];
                let expected = match objects.get(key) {
                    Some(there) if whole(*there) != whole(content) => Came::Differs,
                    _ => Came::Well(stored(content)),
                };
                let body = CONTENTS[content].0.clone().into();
                assert_eq!(came(store.put(key, body, whole(content)).await), expected);
                objects.entry(key).or_insert(content);
            }
            Act::PutSpoilt { key, content } => {
                let key = KEYS[key];
                let wrong = Whole { crc64: !whole(content).crc64, ..whole(content) };
                let expected = if objects.contains_key(key) { Came::Differs } else { Came::Mismatch };
                assert_eq!(came(store.put(key, CONTENTS[content].0.clone().into(), wrong).await), expected);
            }
            Act::Begin { key, content } if uploads.len() < 4 => {
                let plan = Plan::with_smallest_part(whole(content).bytes, MIB).unwrap();
                let upload = store.begin(KEYS[key], &plan).await.unwrap();
                uploads.push(Begun { upload, plan, content, sent: BTreeSet::new(), alive: true });
            }
            Act::Send { upload, part } | Act::SendSpoilt { upload, part } => {
                let Some(begun) = uploads.get_mut(upload) else { continue };
                let (content, digest) = &CONTENTS[begun.content];
                let Some(planned) = begun.plan.part(part, digest) else { continue };
                let range = planned.offset as usize..(planned.offset + planned.bytes) as usize;
                let spoilt = matches!(act, Act::SendSpoilt { .. }) && planned.bytes > 0;
                let mut body = content[range].to_vec();
                if spoilt {
                    body[0] ^= 1;
                }
                let result = came(store.send_part(&begun.upload, &planned, body.into()).await);
                if begun.alive && spoilt {
                    begun.sent.remove(&part);
                    assert_eq!(result, Came::Mismatch);
                } else if begun.alive {
                    begun.sent.insert(part);
                    assert!(matches!(result, Came::Well(sent) if sent.number == part));
                } else {
                    assert_eq!(result, Came::NoSuchUpload);
                }
            }
            Act::List { upload } => {
                let Some(begun) = uploads.get(upload) else { continue };
                let expected = if begun.alive { Came::Well(begun.parts()) } else { Came::NoSuchUpload };
                assert_eq!(came(store.sent_parts(&begun.upload).await), expected);
            }
            Act::Complete { upload } => {
                let Some(begun) = uploads.get_mut(upload) else { continue };
                let key = KEYS.into_iter().find(|key| *key == begun.upload.key).unwrap();
                let there = objects.get(key).map(|there| whole(*there) == whole(begun.content));
                let all = begun.sent.len() == begun.plan.part_count() as usize;
                let expected = match there {
                    _ if begun.alive && !all => Came::Parts,
                    Some(true) => Came::Well(stored(begun.content)),
                    Some(false) if begun.alive => Came::Differs,
                    None if begun.alive => Came::Well(stored(begun.content)),
                    _ => Came::NoSuchUpload,
                };
                let result = came(store.complete(&begun.upload, &begun.parts(), whole(begun.content)).await);
                assert_eq!(result, expected);
                if matches!(result, Came::Well(_)) {
                    objects.entry(key).or_insert(begun.content);
                    begun.alive = false;
                }
            }
            Act::Abort { upload } => {
                let Some(begun) = uploads.get_mut(upload) else { continue };
                store.abort(&begun.upload).await.unwrap();
                begun.alive = false;
            }
            Act::Confirm { key } => {
                let expected = objects.get(KEYS[key]).map(|there| stored(*there));
                assert_eq!(store.confirm(KEYS[key]).await.unwrap(), expected);
            }
            Act::Read { key, start, length } => {
                let expected = match objects.get(KEYS[key]) {
                    Some(there) => {
                        let content = &CONTENTS[*there].0;
                        let end = ((start + length) as usize).min(content.len());
                        Came::Well(content.slice((start as usize).min(end)..end))
                    }
                    None => Came::Missing,
                };
                assert_eq!(came(store.read(KEYS[key], start..start + length).await), expected);
            }
            Act::SetAside { key } => match came(store.set_aside(KEYS[key]).await) {
                Came::Well(to) => aside.push((to, objects.remove(KEYS[key]).unwrap())),
                other => assert!(other == Came::Missing && !objects.contains_key(KEYS[key])),
            },
            Act::Keys => {
                let expected: Vec<&str> = objects.keys().copied().filter(|key| key.ends_with(".json")).collect();
                assert_eq!(store.keys_with_suffix(".json").await.unwrap(), expected);
            }
            Act::Reopen => {
                store = DirStore::open(folder.path()).unwrap();
                for begun in &mut uploads {
                    begun.alive &= !objects.contains_key(&*begun.upload.key);
                }
            }
            Act::Forget => {
                let _ = std::fs::remove_dir_all(folder.path().join(".store/checksums"));
            }
            Act::Begin { .. } => {}
        }
    }
    for (key, content) in
        objects.iter().map(|(key, content)| (*key, content)).chain(aside.iter().map(|(key, content)| (&**key, content)))
    {
        assert_eq!(store.confirm(key).await.unwrap(), Some(stored(*content)));
        assert!(store.read(key, 0..u64::MAX).await.unwrap() == CONTENTS[*content].0, "{key}");
    }
    assert_eq!(std::fs::read_dir(folder.path().join(".store/tmp")).unwrap().count(), 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn a_folder_does_as_the_model(acts in acts()) {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(run(acts));
    }
}
