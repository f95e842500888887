use std::collections::BTreeMap;

use async_trait::async_trait;
use release::{LabelId, Recipe};
use rusqlite::{OptionalExtension, params};

use super::database::{Database, from_json, to_json};
use crate::ports::{PortError, RenditionFacts, Renditions};

/// The facts of renditions in the workspace's database. A workspace has one label.
#[derive(Debug, Clone)]
pub(super) struct SqliteRenditions {
    pub(super) database: Database,
}

#[async_trait]
impl Renditions for SqliteRenditions {
    async fn put(&self, _: &LabelId, recipe: Recipe, facts: &RenditionFacts) -> Result<(), PortError> {
        let facts = facts.clone();
        self.database
            .write(format!("noting the facts of rendition {recipe}"), move |transaction| {
                transaction.execute(
                    "INSERT INTO renditions (recipe, facts) VALUES (?1, ?2)
                     ON CONFLICT (recipe) DO UPDATE SET facts = ?2",
                    params![recipe.to_string(), to_json(&facts)?],
                )
            })
            .await
            .map(drop)
    }

    async fn facts(&self, _: &LabelId, recipes: &[Recipe]) -> Result<BTreeMap<Recipe, RenditionFacts>, PortError> {
        let recipes = recipes.to_vec();
        self.database
            .read("reading the facts of renditions", move |connection| {
                let mut query = connection.prepare_cached("SELECT facts FROM renditions WHERE recipe = ?1")?;
                let mut found = BTreeMap::new();
                for recipe in recipes {
                    let facts = query
                        .query_row([recipe.to_string()], |row| from_json(0, row.get_ref(0)?.as_str()?))
                        .optional()?;
                    if let Some(facts) = facts {
                        found.insert(recipe, facts);
                    }
                }
                Ok(found)
            })
            .await
    }
}
