//! The documents tell the truth where a test can see it: what they name is there.

use std::fs;
use std::path::Path;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

#[test]
fn every_test_that_a_promise_names_exists() {
    let semantics = read("docs/semantics.md");
    let mut named = 0;
    for reference in quoted(&semantics).filter(|text| text.contains("::")) {
        let (file, name) = reference.split_once("::").unwrap();
        assert!(Path::new(ROOT).join(file).is_file(), "docs/semantics.md names {file}, which is not there");
        let source = read(file);
        let ways = [format!("fn {name}("), format!("(\"{name}\""), format!("(`{name}`")];
        let is_there = ways.iter().any(|way| source.contains(way));
        assert!(is_there, "docs/semantics.md names {reference}, and {file} has no such test");
        named += 1;
    }
    assert!(named > 20, "only {named} tests were found in docs/semantics.md");
}

#[test]
fn every_promise_names_a_test() {
    let semantics = read("docs/semantics.md");
    for promise in semantics.split("\n- ").skip(1) {
        let promise = promise.split("\n\n").next().unwrap();
        assert!(
            [".rs::", ".ts::", ".mjs::"].iter().any(|test| promise.contains(test)),
            "no test holds this promise: {promise}"
        );
    }
}

#[test]
fn every_file_that_a_document_names_is_there() {
    for document in [
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "NOTICE.md",
        "docs/semantics.md",
        "docs/cli-json.md",
        "docs/deploy.md",
        "docs/testing.md",
    ] {
        let text = read(document);
        let is_path = |text: &&str| {
            [
                "crates/",
                "docs/",
                "tests/",
                "src-tauri/",
                "ui/src/",
                "ui/browser/",
                "assets/",
                "benches/",
                "scripts/",
                "infra/",
            ]
            .iter()
            .any(|start| text.starts_with(start))
                && !text.contains(['…', '*', ' ', '<'])
        };
        for path in quoted(&text).filter(is_path) {
            let path = path.split("::").next().unwrap();
            assert!(Path::new(ROOT).join(path).exists(), "{document} names {path}, which is not there");
        }
    }
}

#[test]
fn every_picture_that_the_readme_shows_is_there() {
    let readme = read("README.md");
    let pictures: Vec<&str> = readme
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
        .filter(|path| path.ends_with(".png"))
        .collect();
    assert_eq!(pictures.len(), 4, "{pictures:?}");
    for path in pictures {
        assert!(Path::new(ROOT).join(path).is_file(), "README.md shows {path}, which is not there");
    }
}

#[test]
fn every_make_target_that_a_document_names_exists() {
    let makefile = read("Makefile");
    for document in ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "NOTICE.md", "deny.toml", ".ci/run"] {
        let text = read(document);
        let commands = text.lines().chain(quoted(&text)).filter_map(|line| line.strip_prefix("make "));
        for rest in commands {
            let target: String = rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '-').collect();
            assert!(makefile.contains(&format!("\n{target}:")), "{document} says `make {target}`");
        }
    }
}

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(ROOT).join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// What stands between single backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.lines().flat_map(|line| line.split('`').skip(1).step_by(2))
}
