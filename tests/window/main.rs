//! The real window on a screen without a monitor. It is the built app, with its own pages and its own web view.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod desktop;

use std::time::Duration;

use desktop::{Desktop, PATIENCE};
use fantoccini::{Client, Locator};

/// The app under test, built by the run that builds this test.
const APP: &str = env!("CARGO_BIN_EXE_lacquer");

#[tokio::test]
async fn an_empty_workspace_opens_a_window_that_says_what_to_do() {
    let home = tempfile::tempdir().unwrap();
    let desktop = Desktop::start(home.path(), "Adwaita:dark");
    let workspace = home.path().join("workspace");
    let window = within(desktop.open(APP, &["--workspace", workspace.to_str().unwrap()])).await;

    assert_eq!(shown(&window, "h1").await, "Releases");
    assert!(shown(&window, "main p").await.contains("Nothing has been delivered yet"));
    within(window.close()).await.unwrap();
}

/// The text of an element, once it is there.
async fn shown(window: &Client, selector: &str) -> String {
    let element = within(window.wait().at_most(PATIENCE).for_element(Locator::Css(selector))).await;
    let element = element.unwrap_or_else(|error| panic!("{selector} is not shown: {error}"));
    within(element.text()).await.unwrap()
}

/// A driver that meets no app waits for ever; a test does not.
async fn within<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE + Duration::from_secs(30), work).await.expect("the window answers")
}
