//! What requests are described to need is needed, and what handlers read is described.

use std::collections::BTreeSet;

use http::Method;
use release::{Crc64, ReleaseId};
use serde::Serialize;
use serde_json::{Value, json};

use super::described::{DOCUMENT, fits, is_of, resolved};
use super::{Cloud, MANAGER};
use crate::api::wire::{ArtistAccount, Confirmation, DecisionOrder, DeliveryOrder, Follow, LabelSettings, Withdrawing};
use crate::catalogue::{Verdict, sample};
use crate::testing::Album;

/// A request with all that its handler reads, as the types have it that it reads them by.
struct Asking {
    operation: &'static str,
    method: Method,
    path: String,
    body: Value,
}

fn asking(operation: &'static str, method: Method, path: impl Into<String>, body: impl Serialize) -> Asking {
    Asking { operation, method, path: path.into(), body: json!(body) }
}

fn all() -> Vec<Asking> {
    let (artist, email) = ("Ada".to_owned(), "a@example.org".parse().unwrap());
    let release = format!("/v1/releases/{}", ReleaseId::new(sample::start(), 1));
    let settings = LabelSettings { label_name: "Night Office".to_owned(), review: true, artists_mail: true };
    let account = ArtistAccount { email, artists: vec![artist.clone()] };
    let email = account.email.clone();
    let decision = DecisionOrder {
        delivery: sample::delivery(1),
        heard: sample::accepted(1, 1).recipes().collect(),
        metadata: sample::accepted(1, 1).metadata,
        verdict: Verdict::Reject { reason: "Track 2 clicks.".to_owned() },
    };
    let follow = Follow { artist: artist.clone(), email: email.clone() };
    let confirmation = Confirmation { artist, email, pasted: "token".to_owned() };
    let album = Album::new(1);
    let master = album.release.tracks[0].master.as_ref().unwrap().asset.clone();
    let order = DeliveryOrder {
        manifest: serde_json::from_slice(&album.manifest(1).to_json()).unwrap(),
        parts: [(master.sha256, vec![Crc64(master.crc64.0)])].into(),
    };
    let (put, post) = (Method::PUT, Method::POST);
    vec![
        asking("setLabel", put.clone(), "/v1/label", settings),
        asking("mapArtists", put, "/v1/artist-accounts/a@example.org", account),
        asking("decide", post.clone(), format!("{release}/decision"), decision),
        asking(
            "withdraw",
            post.clone(),
            format!("{release}/withdrawal"),
            Withdrawing { reason: "A wrong mix.".to_owned() },
        ),
        asking("subscribe", post.clone(), "/v1/subscriptions", &follow),
        asking("resendSubscription", post.clone(), "/v1/subscriptions/resend", &follow),
        asking("unsubscribe", post.clone(), "/v1/subscriptions/removal", &follow),
        asking("confirmSubscription", post.clone(), "/v1/subscriptions/confirmation", confirmation),
        asking("deliver", post, "/v1/deliveries", order),
    ]
}

/// The schema of what an operation is sent, by its id.
fn bodies() -> Vec<(&'static str, &'static Value)> {
    let paths = DOCUMENT["paths"].as_object().unwrap().values();
    let operations =
        paths.flat_map(|item| item.as_object().unwrap().values()).filter(|one| one["operationId"].is_string());
    let sent = operations.map(|one| (one["operationId"].as_str().unwrap(), &one["requestBody"]));
    sent.filter(|(_, body)| !body.is_null())
        .map(|(id, body)| (id, &body["content"]["application/json"]["schema"]))
        .collect()
}

/// A field that a schema describes, in a value of it.
#[derive(Debug)]
struct Field {
    /// Where, as a JSON pointer has it.
    parent: String,
    name: String,
    is_there: bool,
    /// Whether it must be there, and hold something.
    is_needed: bool,
}

/// All fields that a schema describes, along a value.
fn fields(schema: &Value, value: &Value, place: &str, found: &mut Vec<Field>) {
    let schema = resolved(schema);
    if let Some(one) = schema["oneOf"].as_array().into_iter().flatten().find(|one| is_of(one, value)) {
        return fields(one, value, place, found);
    }
    for (name, inner) in schema["properties"].as_object().into_iter().flatten() {
        let (there, null) = (value.get(name), is_of(inner, &Value::Null));
        let is_required = schema["required"].as_array().is_some_and(|all| all.contains(&json!(name)));
        let field = Field {
            parent: place.to_owned(),
            name: name.clone(),
            is_there: there.is_some(),
            is_needed: is_required && !null,
        };
        found.push(field);
        if let Some(there) = there {
            fields(inner, there, &format!("{place}/{name}"), found);
        }
    }
    if let (Some(first), false) = (value.get(0), schema["items"].is_null()) {
        fields(&schema["items"], first, &format!("{place}/0"), found);
    }
}

#[test]
fn what_handlers_read_is_described_and_nothing_else_is() {
    let (described, all) = (bodies(), all());
    let ids = |ids: &mut dyn Iterator<Item = &'static str>| ids.collect::<BTreeSet<_>>();
    assert_eq!(ids(&mut all.iter().map(|one| one.operation)), ids(&mut described.iter().map(|(id, _)| *id)));
    for Asking { operation, body, .. } in &all {
        let (_, schema) = described.iter().find(|(id, _)| id == operation).unwrap();
        // Of the types that handlers read, no field is left out, and a schema admits none but its own.
        fits(schema, body, operation);
        let mut found = Vec::new();
        fields(schema, body, "", &mut found);
        let unread: Vec<_> = found.iter().filter(|field| !field.is_there).collect();
        assert!(unread.is_empty(), "{operation} reads no {unread:?}");
    }
}

/// As far as it can be shown: the names stand in the handlers' source.
#[test]
fn what_handlers_read_after_the_question_mark_is_described_and_nothing_else_is() {
    let mut read = BTreeSet::new();
    for file in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/api/handlers")).unwrap() {
        let source = std::fs::read_to_string(file.unwrap().path()).unwrap();
        for call in [".query(", ".parsed("] {
            for rest in source.split(call).skip(1) {
                let name = rest.strip_prefix('"').and_then(|rest| rest.split('"').next());
                read.insert(name.unwrap_or_else(|| panic!("a name that cannot be told: {call}{rest:.40}")).to_owned());
            }
        }
    }
    let paths = DOCUMENT["paths"].as_object().unwrap().values();
    let operations = paths.flat_map(|item| item.as_object().unwrap().values());
    let parameters = operations.flat_map(|one| one["parameters"].as_array().into_iter().flatten()).map(resolved);
    let described = parameters.filter(|parameter| parameter["in"] == "query").map(|one| one["name"].as_str().unwrap());
    assert_eq!(read, described.map(str::to_owned).collect());
}

#[tokio::test]
async fn what_is_described_as_needed_is_refused_without_it() {
    let described = bodies();
    let mut refused = 0;
    for Asking { operation, method, path, body } in all() {
        let (_, schema) = described.iter().find(|(id, _)| *id == operation).unwrap();
        let mut found = Vec::new();
        fields(schema, &body, "", &mut found);
        // Whole, it is refused for no field, so that it is the field that is missed.
        let whole = Cloud::new().await.ask(Some(MANAGER), method.clone(), &path, Some(&body)).await;
        assert_ne!(whole.code(), "fields", "{operation}: {}", whole.body);
        for Field { parent, name, is_needed, .. } in found {
            let mut less = body.clone();
            less.pointer_mut(&parent).unwrap().as_object_mut().unwrap().remove(&name).unwrap();
            let cloud = Cloud::new().await;
            let answered = cloud.sent_as_it_is(cloud.request(Some(MANAGER), method.clone(), &path, Some(&less))).await;
            let what = format!("{operation} without {parent}/{name}: {}", answered.body);
            if is_needed {
                assert_eq!(answered.code(), "fields", "{what}");
                assert!(answered.body["errors"][0]["field"].is_string(), "{what}");
                refused += 1;
            } else {
                // What may be null may be left out.
                assert!(!answered.status.is_server_error() && !what.contains("missing field"), "{what}");
            }
        }
    }
    assert!(refused > 50, "{refused}");
}
