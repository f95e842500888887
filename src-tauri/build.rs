//! Bakes the window's pages, permissions and icons into the app.

use std::fs;
use std::path::Path;

include!("commands/list.rs");

macro_rules! names {
    ($($path:path),* $(,)?) => { [$(stringify!($path)),*] };
}

/// What stands in the window of a build that was made before the pages were.
const STAND_IN: &str = "<!doctype html><meta charset=\"utf-8\"><title>Lacquer</title>\
    <p>This build holds no pages. Run <code>make run</code>, or <code>npm ci &amp;&amp; npm run build</code> in \
    <code>ui/</code>, and build again.</p>\n";

fn main() {
    // Named, or an edit of one of them would not build the app anew.
    println!("cargo:rerun-if-changed=tauri.conf.json");
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
    println!("cargo:rerun-if-changed=ui/dist");
    let page = Path::new("ui/dist/index.html");
    if !page.exists() {
        fs::create_dir_all("ui/dist").expect("the clone can be written to");
        fs::write(page, STAND_IN).expect("the clone can be written to");
    }
    let commands: Vec<&str> = every_command!(names).iter().map(|path| name_of(path)).collect();
    // Each lives as long as the build: Tauri asks for names that are known when this is compiled.
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("./src-tauri/capabilities/**/*.json")
        .app_manifest(tauri_build::AppManifest::new().commands(Vec::leak(commands)));
    tauri_build::try_build(attributes).expect("tauri.conf.json, the capabilities and the icons fit together");
}

/// `cancel_import` of `desk::cancel_import`.
fn name_of(path: &'static str) -> &'static str {
    path.rsplit("::").next().unwrap_or(path).trim()
}
