//! What the app answers, what its build permits and what the pages call are one list.

use std::collections::BTreeSet;

/// `allow-cancel-import` of `desk::cancel_import`.
macro_rules! permissions {
    ($($path:path),* $(,)?) => {
        [$(stringify!($path)),*].map(|path| format!("allow-{}", path.rsplit("::").next().unwrap().trim().replace('_', "-")))
    };
}

#[test]
fn the_window_may_call_every_command_and_nothing_else() {
    let capability: serde_json::Value = serde_json::from_str(include_str!("../capabilities/main.json")).unwrap();
    let allowed = capability["permissions"].as_array().unwrap().iter().map(|one| one.as_str().unwrap().to_owned());
    let mut needed: BTreeSet<String> = every_command!(permissions).into_iter().collect();
    needed.extend(["core:event:allow-listen", "core:event:allow-unlisten"].map(ToOwned::to_owned));
    assert_eq!(allowed.collect::<BTreeSet<_>>(), needed, "src-tauri/capabilities/main.json allows what is registered");
}

/// Where `make bindings` has the pages' bindings written anew.
const BLESS: &str = "LACQUER_BLESS";

#[test]
fn the_bindings_are_those_of_the_app() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/ui/src/bindings.ts");
    let folder = tempfile::tempdir().unwrap();
    let new = folder.path().join("bindings.ts");
    super::builder().export(specta_typescript::Typescript::default(), &new).unwrap();
    let new = std::fs::read_to_string(new).unwrap();
    if std::env::var_os(BLESS).is_some() {
        std::fs::write(path, &new).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    let line = committed.lines().zip(new.lines()).position(|(old, new)| old != new);
    assert!(
        committed == new,
        "ui/src/bindings.ts is stale{}: write it anew with `make bindings`, and commit it",
        line.map(|line| format!(" from line {} on", line + 1)).unwrap_or_default()
    );
}
