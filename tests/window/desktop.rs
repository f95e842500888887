//! How the window goes with the rest of a desktop: its place on the screen, and the clipboard.

use crate::stage::{Stage, until};
use crate::{music, prepared};

#[tokio::test]
async fn the_window_opens_where_it_was_and_as_large() {
    let stage = Stage::new();
    prepared::welcomed(&stage.workspace()).await;
    let app = stage.open().await;
    let window = app.shown_window().await;
    stage.display.xdotool(&["windowsize", &window, "1100", "700"]);
    stage.display.xdotool(&["windowmove", &window, "120", "90"]);
    let placed = until("the window is moved", async || {
        let (place, size) = stage.display.geometry(&window);
        (size == (1100, 700) && place.0 < 200).then_some((place, size))
    })
    .await;
    app.press_in_window("alt+F4").await;
    app.ended().await;

    let app = stage.open().await;
    let window = app.shown_window().await;
    until("it is where it was", async || (stage.display.geometry(&window) == placed).then_some(())).await;
}

#[tokio::test]
async fn a_folder_that_was_copied_is_pasted_as_a_draft() {
    let stage = Stage::new();
    prepared::welcomed(&stage.workspace()).await;
    let album = music::tones(&stage.path("Copied"), &[0.5]);
    let app = stage.open().await;
    app.page.find("button", "Desk").await;
    let _clipboard = stage.display.copy_files(&[&album]);
    app.press_in_window("ctrl+v").await;
    app.page.find("button", "/Copied|Tone/").await;
}
