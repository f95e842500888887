use std::collections::BTreeMap;
use std::fmt::Debug;

use async_trait::async_trait;
use release::{LabelId, Recipe};
use serde::{Deserialize, Serialize};

use super::PortError;

/// Keeps the facts of renditions beside the objects.
///
/// Facts are put before their object is completed, so an object that exists always has its facts.
#[async_trait]
pub trait Renditions: Send + Sync + Debug {
    /// Stores the facts of a label's rendition, in place of earlier ones. Two labels that make the same recipe have an
    /// object each, and their encoders may differ.
    async fn put(&self, label: &LabelId, recipe: Recipe, facts: &RenditionFacts) -> Result<(), PortError>;

    /// The facts of those that have any.
    async fn facts(&self, label: &LabelId, recipes: &[Recipe]) -> Result<BTreeMap<Recipe, RenditionFacts>, PortError>;
}

/// What a rendition's file holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RenditionFacts {
    /// The profile's name.
    pub profile: String,
    /// Its size, its sound, and how it was made.
    #[serde(flatten)]
    pub sound: audio::Rendition,
}
