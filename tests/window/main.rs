//! The real window on a screen without a monitor. It is the built app, with its own pages and its own web view.
//!
//! `LACQUER_SCREENSHOTS=FOLDER` keeps photographs of what was seen.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod demo;
mod screen;

use std::fs;
use std::path::Path;
use std::time::Duration;

use fantoccini::{Client, Locator};
use screen::{PATIENCE, Screen};
use serde_json::json;

/// The app under test, built by the run that builds this test.
const APP: &str = env!("CARGO_BIN_EXE_lacquer");

#[tokio::test]
async fn an_empty_workspace_opens_a_window_that_says_what_to_do() {
    let home = tempfile::tempdir().unwrap();
    let screen = Screen::start(home.path(), "Adwaita:dark");
    let window = open(&screen, &home.path().join("workspace")).await;

    assert_eq!(shown(&window, "h1").await, "Releases");
    assert!(shown(&window, "main p").await.contains("Nothing has been delivered yet"));
    photograph(&window, "empty-dark").await;
    close(window).await;
}

#[tokio::test]
async fn the_demo_album_is_listed_with_its_state_renditions_and_mail() {
    let home = tempfile::tempdir().unwrap();
    let workspace = home.path().join("workspace");
    let demo = demo::deliver(&workspace, "artist@example.com").await;

    for theme in ["dark", "light"] {
        let screen = Screen::start(home.path(), if theme == "dark" { "Adwaita:dark" } else { "Adwaita" });
        let window = open(&screen, &workspace).await;
        assert_eq!(shown(&window, "nav button .title").await, demo.title);
        assert_eq!(shown(&window, "main h1").await, demo.title);
        assert!(shown(&window, "nav button").await.contains("live"));
        for title in &demo.tracks {
            assert!(shown(&window, "main").await.contains(title), "{title} is listed");
        }
        let rows = within(window.find_all(Locator::Css("tbody tr"))).await.unwrap();
        assert_eq!(rows.len(), demo.tracks.len() * release::profile::ALL.len(), "a row a rendition");
        assert!(shown(&window, "main").await.contains("artist@example.com"));
        assert_eq!(overflow(&window).await, json!(false), "nothing is wider than the window");
        photograph(&window, &format!("release-{theme}")).await;
        close(window).await;
    }
}

#[tokio::test]
async fn a_workspace_in_use_is_said_in_the_window() {
    let home = tempfile::tempdir().unwrap();
    let workspace = home.path().join("workspace");
    let session = demo::open(&workspace).await;
    let screen = Screen::start(home.path(), "Adwaita:dark");
    let window = open(&screen, &workspace).await;

    let text = shown(&window, "[role=alert]").await;
    assert!(text.contains(&format!("process {}", std::process::id())), "{text}");
    photograph(&window, "in-use-dark").await;
    close(window).await;
    session.close().await;
}

async fn open(screen: &Screen, workspace: &Path) -> Client {
    within(screen.open(APP, &["--workspace", workspace.to_str().unwrap()])).await
}

async fn close(window: Client) {
    within(window.close()).await.unwrap();
}

/// The text of an element, once it is there.
async fn shown(window: &Client, selector: &str) -> String {
    let element = within(window.wait().at_most(PATIENCE).for_element(Locator::Css(selector))).await;
    let element = element.unwrap_or_else(|error| panic!("{selector} is not shown: {error}"));
    // WebKit's own "text" of an element that cuts off what does not fit is nothing.
    within(element.prop("innerText")).await.unwrap().unwrap_or_default()
}

async fn overflow(window: &Client) -> serde_json::Value {
    let script = "return document.documentElement.scrollWidth > document.documentElement.clientWidth";
    within(window.execute(script, Vec::new())).await.unwrap()
}

async fn photograph(window: &Client, name: &str) {
    if let Some(folder) = std::env::var_os("LACQUER_SCREENSHOTS") {
        // What is in the document may not be on the screen yet.
        let painted = "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(done))";
        within(window.execute_async(painted, Vec::new())).await.unwrap();
        let picture = within(window.screenshot()).await.unwrap();
        fs::write(Path::new(&folder).join(format!("{name}.png")), picture).unwrap();
    }
}

/// A driver that meets no app waits for ever; a test does not.
async fn within<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE + Duration::from_secs(30), work).await.expect("the window answers")
}
