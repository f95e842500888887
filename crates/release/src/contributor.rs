use serde::{Deserialize, Serialize};

/// Somebody who is credited on a release or a track.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contributor {
    /// The name as it is to be displayed.
    pub name: String,
    /// What they did.
    pub role: Role,
}

/// What a contributor did, in DDEX's words. The first two are display roles: they make the line under the title.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names are DDEX's own")]
pub enum Role {
    MainArtist,
    FeaturedArtist,
    Composer,
    Lyricist,
    Producer,
    Remixer,
    Mixer,
    MasteringEngineer,
}

impl Contributor {
    /// A contributor of a name and a role.
    #[must_use]
    pub fn new(name: impl Into<String>, role: Role) -> Self {
        Self { name: name.into(), role }
    }
}
