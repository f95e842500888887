use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use release::{LabelId, Recipe};

use super::Table;
use super::item::{Reader, pack};
use super::keys::{self, Key};
use crate::ports::{PortError, RenditionFacts, Renditions};

#[async_trait]
impl Renditions for Table {
    async fn put(&self, label: &LabelId, recipe: Recipe, facts: &RenditionFacts) -> Result<(), PortError> {
        let mut item = keys::facts(label, recipe).item();
        pack(&mut item, "facts", facts)?;
        self.put(&format!("noting the facts of rendition {recipe}"), item, None).await.map(drop)
    }

    async fn facts(&self, label: &LabelId, recipes: &[Recipe]) -> Result<BTreeMap<Recipe, RenditionFacts>, PortError> {
        let by_key: BTreeMap<Key, Recipe> =
            recipes.iter().map(|recipe| (keys::facts(label, *recipe), *recipe)).collect();
        let wanted: BTreeSet<Key> = by_key.keys().cloned().collect();
        let mut facts = BTreeMap::new();
        for item in self.get_all("reading the facts of renditions", &wanted).await? {
            if let Some(recipe) = by_key.get(&Key::of(&item)?) {
                facts.insert(*recipe, Reader(&item).unpack("facts")?);
            }
        }
        Ok(facts)
    }
}
