//! `docs/openapi.yaml`, held against what the handlers do.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, LazyLock, Mutex};

use http::{Method, StatusCode, Uri, header};
use jsonschema::Validator;
use serde_json::{Value, json};

use super::super::route::{self, Found};
use super::super::{ENDPOINTS, Endpoint, call};
use super::Answered;

pub(super) static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let text = include_str!("../../../../../docs/openapi.yaml");
    let mut document: Value = serde_saphyr::from_str(text).unwrap();
    close(&mut document["components"]["schemas"]);
    document
});

/// By their schema: to make one takes a moment.
static VALIDATORS: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);

/// Allows no fields but those that are described: a client skips others, and a description must name them all.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            map.values_mut().for_each(close);
            if map.get("properties").is_some_and(Value::is_object) && map.get("type") == Some(&json!("object")) {
                map.entry("additionalProperties").or_insert(json!(false));
            }
        }
        Value::Array(all) => all.iter_mut().for_each(close),
        _ => {}
    }
}

/// The path as the document spells it: it has no notation for the rest of a path.
fn described_path(path: &str) -> String {
    path.replace("+}", "}")
}

/// A value, or what it refers to.
pub(super) fn resolved(value: &Value) -> &Value {
    match value["$ref"].as_str() {
        Some(reference) => DOCUMENT.pointer(reference.trim_start_matches('#')).unwrap(),
        None => value,
    }
}

/// An endpoint's description.
fn operation(endpoint: &Endpoint) -> &'static Value {
    &DOCUMENT["paths"][described_path(endpoint.path)][endpoint.method.as_str().to_ascii_lowercase()]
}

/// What can be said in an endpoint's path, after its question mark, or in its head.
fn parameters(endpoint: &Endpoint, place: &str) -> Vec<&'static Value> {
    let of = |of: &'static Value| of["parameters"].as_array().into_iter().flatten().map(resolved);
    let all = of(&DOCUMENT["paths"][described_path(endpoint.path)]).chain(of(operation(endpoint)));
    all.filter(|parameter| parameter["in"] == place).collect()
}

/// Panics where a request that was done is not as described: it has something that is not, or in another shape, or lacks
/// what is needed.
pub(super) fn asked(method: &Method, uri: &Uri, body: &[u8]) {
    let Found::Endpoint(endpoint, in_path) = route::find(method, uri.path()) else { return };
    let what = format!("{method} {}", uri.path());
    for parameter in parameters(endpoint, "path") {
        let said = in_path.get(parameter["name"].as_str().unwrap());
        fits(&parameter["schema"], &json!(said), &what);
    }
    let (said, known) = (call::pairs(uri.query().unwrap_or_default()), parameters(endpoint, "query"));
    for (name, value) in &said {
        let parameter = known.iter().find(|parameter| parameter["name"] == name.as_str());
        let parameter = parameter.unwrap_or_else(|| panic!("{what}: the parameter {name} is not described"));
        let is_number = parameter["schema"]["type"] == "integer";
        let value = if is_number { serde_json::from_str(value).unwrap() } else { json!(value) };
        fits(&parameter["schema"], &value, &format!("{what}: {name}"));
    }
    for parameter in known.iter().filter(|parameter| parameter["required"] == true) {
        assert!(said.iter().any(|(name, _)| parameter["name"] == name.as_str()), "{what} needs no {parameter}");
    }
    let described = &operation(endpoint)["requestBody"];
    if body.is_empty() {
        assert!(described["required"] != true, "{what} needs no body");
    } else {
        let schema = &described["content"]["application/json"]["schema"];
        assert!(!schema.is_null(), "{what}: no body is described");
        fits(schema, &serde_json::from_slice(body).unwrap(), &what);
    }
}

/// Panics where an answer is not as described.
pub(super) fn holds(method: &Method, path: &str, answered: &Answered) {
    let described = match route::find(method, path) {
        Found::Endpoint(endpoint, _) => {
            let responses = &operation(endpoint)["responses"];
            let own = &responses[answered.status.as_str()];
            let response = if own.is_null() { &responses["default"] } else { own };
            assert!(!response.is_null(), "{method} {path}: {} is not described", answered.status);
            assert!(
                !own.is_null() || answered.status.is_client_error() || answered.status.is_server_error(),
                "{method} {path}: {} is not described",
                answered.status
            );
            resolved(response)
        }
        _ => &DOCUMENT["components"]["responses"]["Problem"],
    };
    if answered.body.is_null() {
        let is_silent = described["content"].is_null() || method == Method::HEAD;
        assert!(is_silent, "{method} {path}: {} has a body", answered.status);
        return;
    }
    let media = answered.header(header::CONTENT_TYPE);
    let is_problem = answered.status.is_client_error() || answered.status.is_server_error();
    assert_eq!(media, if is_problem { "application/problem+json" } else { "application/json" }, "{method} {path}");
    let schema = &described["content"][media]["schema"];
    assert!(!schema.is_null(), "{method} {path}: {} has no body that is described", answered.status);
    fits(schema, &answered.body, &format!("{method} {path} {}", answered.status));
    if is_problem {
        assert_eq!(answered.body["status"], answered.status.as_u16());
    }
}

fn validator(schema: &Value) -> Arc<Validator> {
    Arc::clone(VALIDATORS.lock().unwrap().entry(schema.to_string()).or_insert_with(|| {
        let whole = json!({ "components": DOCUMENT["components"], "allOf": [schema] });
        Arc::new(jsonschema::options().should_validate_formats(true).build(&whole).unwrap())
    }))
}

/// Whether a value is of a schema.
pub(super) fn is_of(schema: &Value, value: &Value) -> bool {
    validator(schema).is_valid(value)
}

/// Panics where a value is not of a schema.
pub(super) fn fits(schema: &Value, value: &Value, what: &str) {
    let validator = validator(schema);
    let errors: Vec<String> =
        validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{what} is not as described: {errors:#?}\n{value:#}");
}

#[test]
fn every_route_is_described_and_nothing_else_is() {
    let routes: BTreeSet<(String, String)> = ENDPOINTS
        .iter()
        .map(|endpoint| (described_path(endpoint.path), endpoint.method.as_str().to_ascii_lowercase()))
        .collect();
    let mut described = BTreeSet::new();
    for (path, item) in DOCUMENT["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys().filter(|key| *key != "parameters") {
            described.insert((path.clone(), method.clone()));
        }
    }
    assert_eq!(described, routes);
}

#[test]
fn paths_and_their_parameters_agree() {
    let mut ids = BTreeMap::new();
    for (path, item) in DOCUMENT["paths"].as_object().unwrap() {
        let named: BTreeSet<&str> = path.split(['{', '}']).skip(1).step_by(2).collect();
        for (method, operation) in item.as_object().unwrap().iter().filter(|(key, _)| *key != "parameters") {
            let own = operation["parameters"].as_array().into_iter().flatten();
            let all = item["parameters"].as_array().into_iter().flatten().chain(own).map(resolved);
            let in_path: BTreeSet<&str> =
                all.filter(|parameter| parameter["in"] == "path").map(|one| one["name"].as_str().unwrap()).collect();
            assert_eq!(in_path, named, "{method} {path}");
            let id = operation["operationId"].as_str().unwrap();
            assert_eq!(ids.insert(id, path), None, "{id} names one operation");
            let is_open = operation["security"] == json!([]);
            assert_eq!(is_open, path == "/v1/health", "{method} {path}");
        }
    }
}

#[test]
fn every_schema_is_one_and_every_reference_leads_somewhere() {
    fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
        match value {
            Value::Object(map) => {
                found.extend(map.get("$ref").and_then(Value::as_str));
                map.values().for_each(|value| references(value, found));
            }
            Value::Array(all) => all.iter().for_each(|value| references(value, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    references(&DOCUMENT, &mut found);
    for reference in &found {
        assert!(DOCUMENT.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
    }
    for (kind, all) in DOCUMENT["components"].as_object().unwrap().iter().filter(|(kind, _)| *kind != "securitySchemes")
    {
        for name in all.as_object().unwrap().keys() {
            assert!(found.contains(&format!("#/components/{kind}/{name}").as_str()), "{kind}/{name} is used");
        }
    }
    for (name, schema) in DOCUMENT["components"]["schemas"].as_object().unwrap() {
        assert!(jsonschema::meta::is_valid(schema), "{name}");
    }
}

/// A comma in a text without quotes makes a field of what follows it.
#[test]
fn no_field_of_the_document_is_empty() {
    fn empty(value: &Value, place: &str, found: &mut Vec<String>) {
        match value {
            Value::Object(map) => {
                found.extend(map.iter().filter(|(_, value)| value.is_null()).map(|(key, _)| format!("{place}/{key}")));
                map.iter().for_each(|(key, value)| empty(value, &format!("{place}/{key}"), found));
            }
            Value::Array(all) => all.iter().for_each(|value| empty(value, place, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    empty(&DOCUMENT, "", &mut found);
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn a_wrong_answer_would_be_noticed() {
    let link = json!({ "url": "https://example.org/", "expires": "2026-11-22T12:00:00Z" });
    let schema = json!({ "$ref": "#/components/schemas/Link" });
    fits(&schema, &link, "a link");
    for wrong in [json!({ "url": "x" }), json!({ "url": 1, "expires": "2026-11-22T12:00:00Z" }), {
        let mut more = link;
        more["more"] = json!(1);
        more
    }] {
        assert!(std::panic::catch_unwind(|| fits(&schema, &wrong, "a link")).is_err(), "{wrong}");
    }
    let status = StatusCode::IM_A_TEAPOT;
    let unknown = Answered { status, headers: http::HeaderMap::new(), body: json!({}) };
    assert!(
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| holds(&Method::GET, "/v1/me", &unknown))).is_err()
    );
}

#[test]
fn a_wrong_request_would_be_noticed() {
    let at = |path: &str| path.parse::<Uri>().unwrap();
    let id = "01M81J18G00000000000000001";
    let (subscribe, good) = (at("/v1/subscriptions"), json!({ "artist": "Ada", "email": "a@example.org" }));
    asked(&Method::POST, &subscribe, &serde_json::to_vec(&good).unwrap());
    asked(&Method::GET, &at("/v1/releases?limit=7&since=x"), b"");
    let wrong = [
        (Method::POST, subscribe.clone(), json!({ "artist": "Ada" }).to_string()),
        (Method::POST, subscribe.clone(), json!({ "artist": "Ada", "email": "a@b", "more": 1 }).to_string()),
        (Method::POST, subscribe, String::new()),
        (Method::POST, at(&format!("/v1/releases/{id}/retry")), "{}".to_owned()),
        (Method::GET, at("/v1/releases?limit=0"), String::new()),
        (Method::GET, at("/v1/releases?sort=title"), String::new()),
        (Method::GET, at("/v1/releases/x"), String::new()),
        (Method::GET, at(&format!("/v1/renditions/{}/flac", "0".repeat(64))), String::new()),
    ];
    for (method, uri, body) in wrong {
        let asking = std::panic::AssertUnwindSafe(|| asked(&method, &uri, body.as_bytes()));
        let noticed = std::panic::catch_unwind(asking);
        assert!(noticed.is_err(), "{method} {uri} {body}");
    }
}
