//! An album's whole way, as a person takes it.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::prepared;
use crate::sound::{decoded, is_heard, title_of};
use crate::stage::{App, Drag, Stage, album};

const TITLE: &str = "A Day on Lacquer";
const ARTIST: &str = "The Evening Lathe";
const EMAIL: &str = "artist@example.com";

#[tokio::test]
async fn a_folder_that_is_dropped_goes_all_the_way() {
    let stage = Stage::new();
    prepared::welcomed(&stage.workspace()).await;
    let app = stage.open().await;

    drop_on_the_desk(&stage, &app, album()).await;
    app.page.find("heading", TITLE).await;
    app.page.photograph("window-desk-draft").await;
    edit_undo_and_redo(&app).await;
    mend_a_problem_from_its_link(&app).await;
    subscribe(&app).await;

    app.press("ctrl+1");
    app.page.click("button", "Queue release").await;
    app.press("ctrl+3");
    app.page.find("heading", "A Night on Lacquer (Remastered)").await;
    app.wait_for_state("live").await;
    app.page.photograph("window-releases-live").await;

    hear_a_rendition(&stage, &app).await;
    read_the_message(&app).await;
    stage.ledger().assert_nothing_done_twice();
}

async fn drop_on_the_desk(stage: &Stage, app: &App<'_>, folder: PathBuf) {
    app.page.find("heading", "Desk").await;
    let drag = Drag::begin(&stage.display, &[folder]);
    drag.hold_over(app.point((640, 400)).await);
    // It says what will become of them before they are let go of.
    app.page.reads("/demo-album|1 folder/i").await;
    app.page.photograph("window-desk-dragging").await;
    drag.drop_here();
}

async fn edit_undo_and_redo(app: &App<'_>) {
    app.fill("Title", "A Night on Lacquer").await;
    app.fill("Version", "Remastered").await;
    app.page.find("heading", "/A Night on Lacquer.*Remastered/").await;
    for (keys, title, version) in [
        ("ctrl+z", "A Night on Lacquer", ""),
        ("ctrl+z", TITLE, ""),
        ("ctrl+shift+z", "A Night on Lacquer", ""),
        ("ctrl+shift+z", "A Night on Lacquer", "Remastered"),
    ] {
        app.press(keys);
        app.page.holds("textbox", "Title", title).await;
        app.page.holds("textbox", "Version", version).await;
    }
}

async fn mend_a_problem_from_its_link(app: &App<'_>) {
    app.fill("Title", "").await;
    let problem = "/The release has no title/";
    app.page.find("button", problem).await;
    let queue = app.page.find("button", "Queue release").await;
    assert_eq!(queue.attr("aria-disabled").await.unwrap().as_deref(), Some("true"), "it cannot be queued");
    app.page.photograph("window-desk-problem").await;

    app.page.click("button", problem).await;
    let leads_there = "document.activeElement === look('textbox', 'Title')[0]";
    assert!(app.page.wait(leads_there, json!([])).await.is_some(), "the problem leads to its field");
    app.type_text("A Night on Lacquer");
    app.press("Tab");
    app.page.find_gone("button", problem).await;
}

async fn subscribe(app: &App<'_>) {
    app.press("ctrl+4");
    app.page.click("option", &format!("/{ARTIST}/")).await;
    app.page.click("textbox", "E-mail address").await;
    app.type_text(EMAIL);
    app.press("Return");
    app.page.find("button", &format!("Unsubscribe {EMAIL}")).await;
    app.page.photograph("window-artists").await;
}

async fn hear_a_rendition(stage: &Stage, app: &App<'_>) {
    let title = "Lamp Out";
    let rendition = renditions(&stage.workspace()).into_iter().find(|path| title_of(path) == title).unwrap();
    // What was said of earlier things may lie over the last track still.
    app.page.read::<()>("for (const close of look('button', 'Close')) close.click()", json!([])).await;
    app.page.find_gone("button", "Close").await;
    app.page.click("button", &format!("/^3 ?{title}/")).await;
    app.page.click("button", "/FLAC$/").await;
    is_heard(stage, 0, &decoded(&rendition)).await;
}

async fn read_the_message(app: &App<'_>) {
    app.press("ctrl+4");
    app.page.click("option", &format!("/{ARTIST}/")).await;
    app.page.click("button", &format!("/{EMAIL}.*A Night on Lacquer/")).await;
    app.page.find("article", "/A Night on Lacquer/").await;
    app.page.photograph("window-artists-mail").await;
}

fn renditions(workspace: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![workspace.join("renditions")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "flac") {
                found.push(path);
            }
        }
    }
    found
}
