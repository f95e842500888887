//! `--json` is as docs/cli-json.md and docs/examples say.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::album::{BY_HAND, night_bus};
use crate::shell::{Ran, Shell};
use crate::sound::wav;

/// The documented examples. `LACQUER_BLESS=1` writes them anew.
fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/examples")
}

/// Compares what a run wrote with a documented example.
pub(crate) fn is_example(name: &str, ran: &Ran) {
    let path = examples().join(format!("{name}.json"));
    let (text, found) = (timeless(&ran.stdout).replace("TMP", "/music"), ran.json());
    assert_eq!(found["format"], json!("lacquer-cli"));
    assert_eq!(found["version"], json!(1));
    assert_eq!(found["exit"], json!(ran.exit));
    assert!(found["result"].is_object() != found["error"].is_object(), "either a result or an error: {text}");
    if std::env::var_os("LACQUER_BLESS").is_some() {
        fs::create_dir_all(examples()).unwrap();
        fs::write(&path, &text).unwrap();
    }
    let example = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let example_shape = shape(&serde_json::from_str(&example).unwrap());
    assert_eq!(shape(&found), example_shape, "docs/examples/{name}.json shows another shape than\n{text}");
    let document = fs::read_to_string(examples().join("../cli-json.md")).unwrap();
    assert!(document.contains(&format!("examples/{name}.json")), "docs/cli-json.md does not lead to {name}.json");
}

/// Instants differ from run to run.
fn timeless(text: &str) -> String {
    let instant = |line: &str| {
        let (head, tail) = line.split_once("\"2")?;
        let (instant, rest) = tail.split_once('"')?;
        (instant.contains('T') && instant.ends_with('Z')).then(|| format!("{head}\"2026-06-14T18:05:00Z\"{rest}"))
    };
    let lines: Vec<String> = text.lines().map(|line| instant(line).unwrap_or_else(|| line.to_owned())).collect();
    lines.join("\n") + "\n"
}

/// The names and kinds of everything in a document, without the values.
fn shape(value: &Value) -> Value {
    match value {
        Value::Object(map) => map.iter().map(|(name, value)| (name.clone(), shape(value))).collect(),
        Value::Array(values) => {
            let mut shapes: Vec<Value> = Vec::new();
            for shape in values.iter().map(shape) {
                if !shapes.contains(&shape) {
                    shapes.push(shape);
                }
            }
            shapes.into()
        }
        Value::Null => json!("null"),
        Value::Bool(_) => json!("bool"),
        Value::Number(_) => json!("number"),
        Value::String(_) => json!("string"),
    }
}

#[test]
fn check_is_as_documented() {
    let shell = Shell::new();
    night_bus(&shell);
    shell.write("Night Bus/notes.txt", b"Mix it louder.");
    let ran = shell.run(&["check", "Night Bus", "--json"]);
    assert_eq!(ran.exit, 3, "{}", ran.text());
    assert_eq!(ran.stderr, "", "quiet when another program reads");
    is_example("check", &ran);
}

#[test]
fn analyse_is_as_documented() {
    let shell = Shell::new();
    wav(&shell.path("a.wav"));
    shell.write("b.wav", b"This is no song.\n");
    is_example("analyse", &shell.run(&["analyse", "a.wav", "b.wav", "--json"]));
}

#[test]
fn transcode_is_as_documented() {
    let shell = Shell::new();
    wav(&shell.path("a.wav"));
    let ran = shell.run(&["transcode", "a.wav", "--out", "out", "--formats", "mp3-320,flac", "--json"]);
    assert_eq!(ran.exit, 0, "{}", ran.text());
    let profiles: Vec<Value> =
        ran.json()["result"]["renditions"].as_array().unwrap().iter().map(|made| made["profile"].clone()).collect();
    assert_eq!(profiles, [json!("flac"), json!("mp3-320")]);
    assert!(shell.path("out/a.flac.flac").is_file() && shell.path("out/a.mp3-320.mp3").is_file());
    is_example("transcode", &ran);
}

#[test]
fn subscribe_deliver_and_status_are_as_documented() {
    let shell = Shell::new();
    night_bus(&shell);
    let place = ["--workspace", "workspace", "--json"];
    is_example("subscribe", &shell.run(&[&["subscribe", "Ann Ash", "ann@example.com"], &place[..]].concat()));
    let not_ready = shell.run(&[&["deliver", "Night Bus"], &place[..]].concat());
    assert_eq!(not_ready.exit, 3);
    is_example("deliver-not-ready", &not_ready);
    let delivered = shell.run(&[&["deliver", "Night Bus"], &BY_HAND[..], &place[..]].concat());
    assert_eq!(delivered.exit, 0, "{}", delivered.text());
    assert_eq!(delivered.stderr, "", "quiet when another program reads");
    is_example("deliver", &delivered);
    is_example("status", &shell.run(&[&["status"], &place[..]].concat()));
    is_example("error", &shell.run(&[&["status", "Day Bus"], &place[..]].concat()));
}
