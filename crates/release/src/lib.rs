//! What a record label's release is: its model, the identifiers it carries, the rules it must satisfy, and the
//! manifest, keys and recipes that follow from it.
//!
//! Nothing here does I/O or is asynchronous, and nothing here depends on another crate of this workspace.

mod artwork;
mod asset;
pub mod check;
mod contributor;
mod entry;
mod field;
mod hash;
mod id;
mod isrc;
pub mod keys;
mod kind;
mod manifest;
mod model;
pub mod profile;
mod recipe;
mod rights;
mod sound;
mod tags;
mod territory;
mod upc;

pub use artwork::{Artwork, ColourModel, ImageFormat};
pub use asset::Asset;
pub use check::{Problem, Severity, check};
pub use contributor::{Contributor, Role};
pub use entry::Entry;
pub use field::{Field, FieldName, UnknownField};
pub use hash::{Crc64, HashError, Sha256};
pub use id::{DeliveryId, IdError, LabelId, ReleaseId, TrackId};
pub use isrc::{Isrc, IsrcError};
pub use kind::ReleaseKind;
pub use manifest::{Manifest, ManifestError};
pub use model::{Advisory, Master, Release, Track};
pub use profile::Profile;
pub use recipe::{Recipe, RecipeInput};
pub use rights::{RightsLine, RightsLineError};
pub use sound::{AudioFacts, AudioFormat, Codec, Container, Loudness};
pub use tags::{Tag, Tags};
pub use territory::{Territories, Territory, TerritoryError};
pub use upc::{Upc, UpcError};
