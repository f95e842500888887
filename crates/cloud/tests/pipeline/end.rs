//! All that is there once a delivery is live: what must be the same whatever happened on the way.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;
use cloud::aws::table::read_entry;
use cloud::catalogue::Record;
use cloud::ports::{Announcements as _, Catalogue as _, Renditions as _};
use serde_json::{Value, json};
use upload::ObjectStore as _;

use crate::album::Album;
use crate::world::{World, key};

/// What is there of a delivery, without what is its own: the label, and the times.
pub(crate) async fn end_of(world: &World, album: &Album, live: &Record) -> Value {
    let label = &album.label;
    let stored = world.table.load(&key(album)).await.unwrap().unwrap();
    let accepted = live.current.accepted().unwrap();
    let recipes: Vec<_> = accepted.recipes().collect();
    let facts: BTreeMap<String, Value> = world
        .table
        .facts(label, &recipes)
        .await
        .unwrap()
        .into_iter()
        .map(|(recipe, facts)| (recipe.to_string(), serde_json::to_value(facts).unwrap()))
        .collect();
    let mut renditions = BTreeMap::new();
    for rendition in live.current.tracks().iter().flat_map(|track| &track.renditions) {
        let key = &rendition.key;
        let there = world.renditions.confirm(key).await.unwrap().map(|there| there.bytes);
        let bytes = upload::ObjectReader::read(&world.renditions, key, 0..u64::MAX).await.unwrap();
        renditions.insert(key.clone(), json!([there, release::Sha256::of(&bytes).to_string()]));
    }
    let told: Vec<Value> = world
        .table
        .latest(label, 100)
        .await
        .unwrap()
        .into_iter()
        .filter(|told| told.release == album.manifest.release.id)
        .map(|told| serde_json::to_value(told).unwrap())
        .collect();
    let mut end = json!({
        "version": stored.version,
        "record": stored.record,
        "items": items(world, album, live).await,
        "facts": facts,
        "renditions": renditions,
        "told": told,
    });
    strip(&mut end, label.as_str());
    end
}

/// The table's items of a delivery: which, with which attributes, and what stands in those of the outbox.
async fn items(world: &World, album: &Album, live: &Record) -> BTreeMap<String, Value> {
    let mut found = Vec::new();
    let mut pages =
        world.dynamodb.scan().table_name(&world.cloud.table).consistent_read(true).into_paginator().items().send();
    while let Some(item) = pages.next().await {
        found.push(item.unwrap());
    }
    let (label, release) = (album.label.to_string(), album.manifest.release.id.to_string());
    let mut names: Vec<String> = vec![release, album.manifest.delivery.to_string()];
    names.extend(live.current.accepted().unwrap().recipes().map(|recipe| recipe.to_string()));
    names.extend(live.current.tracks().iter().map(|track| track.master.to_string()));
    let text = |value: Option<&AttributeValue>| value.unwrap().as_s().unwrap().clone();
    let ours = found.into_iter().filter(|item| {
        let pk = text(item.get("pk"));
        let of_label = pk.split(['#', '.', '/']).any(|part| part == label);
        of_label && names.iter().any(|name| pk.contains(name.as_str()))
    });
    ours.map(|item| {
        let mut attributes: Vec<&String> = item.keys().collect();
        attributes.sort();
        let entry = read_entry(&item).unwrap();
        let key = format!("{} {}", text(item.get("pk")), text(item.get("sk")));
        (key, json!({ "attributes": attributes, "entry": entry }))
    })
    .collect()
}

/// Without the label's name, instants, and what services make up.
fn strip(value: &mut Value, label: &str) {
    match value {
        Value::Object(fields) => {
            for name in ["at", "since", "live_since", "reference", "decision", "manifest_version"] {
                fields.remove(name);
            }
            let old = std::mem::take(fields);
            for (name, mut inner) in old {
                strip(&mut inner, label);
                fields.insert(name.replace(label, "LABEL"), inner);
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|inner| strip(inner, label)),
        Value::String(text) => *text = text.replace(label, "LABEL"),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
