use serde::{Deserialize, Serialize};

/// Where a value of a draft comes from. The greater one is trusted more: a value is replaced by one of an equal or a
/// greater origin only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// The name of a file or a folder, or its place among the others.
    Name,
    /// A file's own tags.
    Tags,
    /// The label's metadata sheet.
    Sheet,
    /// Somebody typed it.
    Hand,
}
