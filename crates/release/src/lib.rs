//! What a record label's release is: its model, the identifiers it carries, the rules it must satisfy, and the
//! manifest, keys and recipes that follow from it.
//!
//! Nothing here does I/O or is asynchronous, and nothing here depends on another crate of this workspace.

mod address;
mod advisory;
mod artwork;
mod asset;
pub mod check;
mod contributor;
mod due;
mod edit;
mod entry;
mod field;
mod hash;
mod id;
mod isrc;
pub mod keys;
mod kind;
mod manifest;
mod model;
mod preview_start;
pub mod profile;
mod recipe;
mod rights;
mod sound;
mod tags;
mod territory;
mod upc;

pub use address::{AddressError, FieldAddress, Place};
pub use advisory::{Advisory, AdvisoryError};
pub use artwork::{Artwork, ColourModel, ImageFormat};
pub use asset::Asset;
pub use check::{Problem, Severity, check};
pub use contributor::{Contributor, Role};
pub use due::DueError;
pub use edit::{EditError, LIST_SEPARATOR};
pub use entry::Entry;
pub use field::{Field, FieldName, UnknownField};
pub use hash::{Crc64, HashError, Sha256};
pub use id::{DeliveryId, IdError, LabelId, ReleaseId, TrackId};
pub use isrc::{Isrc, IsrcError};
pub use kind::{KindError, ReleaseKind};
pub use manifest::{Manifest, ManifestError};
pub use model::{Master, Release, Track};
pub use profile::Profile;
pub use recipe::{Recipe, RecipeInput};
pub use rights::{RightsLine, RightsLineError};
pub use sound::{AudioFacts, AudioFormat, Codec, Container, Loudness};
pub use tags::{Tag, Tags};
pub use territory::{Territories, TerritoriesError, Territory, TerritoryError};
pub use upc::{Upc, UpcError};
