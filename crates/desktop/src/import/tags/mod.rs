//! What the tags of a file say.

mod caf;
mod key;
mod read;
mod riff;

use std::collections::BTreeMap;

use release::Sha256;

pub(super) use key::TagKey;
pub(super) use read::{read, read_picture};

/// The tags of one file, in one vocabulary for all formats.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct FileTags {
    values: BTreeMap<TagKey, Vec<String>>,
    /// The hash of the embedded picture. Its bytes are read again where they are used, so that a hundred files do not
    /// hold a hundred pictures in memory.
    pub(super) picture: Option<Sha256>,
    /// What the reader of tags says of those that it can make nothing of.
    pub(super) trouble: Option<String>,
}

impl FileTags {
    /// Tags that cannot be read.
    pub(super) fn unreadable(why: String) -> Self {
        Self { trouble: Some(why), ..Self::default() }
    }

    /// Takes what a block of tags says, where no block before it said anything under the key.
    fn add<T: AsRef<str>>(&mut self, key: TagKey, values: impl IntoIterator<Item = T>) {
        if self.values.contains_key(&key) {
            return;
        }
        let mut kept: Vec<String> = Vec::new();
        for value in values {
            let value = value.as_ref().trim_matches(|c: char| c.is_whitespace() || c == '\0');
            if !value.is_empty() && !kept.iter().any(|other| other == value) {
                kept.push(value.to_owned());
            }
        }
        if !kept.is_empty() {
            self.values.insert(key, kept);
        }
    }

    /// The first value of a key.
    pub(super) fn first(&self, key: TagKey) -> Option<&str> {
        self.all(key).first().map(String::as_str)
    }

    /// Every value of a key, in the file's order; each once.
    pub(super) fn all(&self, key: TagKey) -> &[String] {
        self.values.get(&key).map_or(&[], Vec::as_slice)
    }
}

/// One block of tags of a file, such as its ID3 tag: fields may come in any order and more than once.
#[derive(Debug, Default)]
struct Block(BTreeMap<TagKey, Vec<String>>);

impl Block {
    fn push(&mut self, key: TagKey, value: impl Into<String>) {
        self.0.entry(key).or_default().push(value.into());
    }

    /// A text of ID3v2.4, which holds several values separated by zeros.
    fn push_all(&mut self, key: TagKey, values: &str) {
        for value in values.split('\0') {
            self.push(key, value);
        }
    }

    /// Adds the block below those that were added before.
    fn under(self, tags: &mut FileTags) {
        for (key, values) in self.0 {
            tags.add(key, values);
        }
    }
}

#[cfg(test)]
impl FileTags {
    /// Tags as a test writes them down.
    pub(super) fn of(values: &[(TagKey, &str)]) -> Self {
        let mut block = Block::default();
        for (key, value) in values {
            block.push(*key, *value);
        }
        let mut tags = Self::default();
        block.under(&mut tags);
        tags
    }
}
