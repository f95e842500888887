//! One app at a time, that stays while it has work to do.

use crate::stage::{App, Stage, Tray, until};
use crate::{music, prepared};

/// So slow, in bytes a second, that an upload lasts as long as a test wants.
const CRAWL: u64 = 20_000;

#[tokio::test]
async fn a_second_start_shows_the_first_and_hands_it_its_folders() {
    let stage = Stage::new();
    prepared::welcomed(&stage.workspace()).await;
    let album = music::tones(&stage.path("Handed over"), &[0.5]);
    let app = stage.open().await;
    let window = app.shown_window().await;
    // Something else has the keyboard, and the window is put away.
    stage.display.xdotool(&["windowminimize", &window]);
    until("the window is put away", async || app.window().is_none().then_some(())).await;

    let workspace = stage.workspace();
    app.start_again(&["--workspace", workspace.to_str().unwrap(), album.to_str().unwrap()]).await;
    until("the first window is shown again", async || app.window().filter(|shown| *shown == window)).await;
    until("it has the keyboard", async || stage.display.active_window().filter(|active| *active == window)).await;
    app.page.find("button", "/Handed over|Tone/").await;
}

#[tokio::test]
async fn closed_while_it_sends_it_goes_on_in_the_tray_and_comes_back() {
    let stage = Stage::new();
    let tray = Tray::start(&stage.display);
    let app = sending(&stage).await;
    let menu = tray.menu();
    assert!(menu.labels().contains(&"Show Lacquer".to_owned()), "{:?}", menu.labels());

    app.press_in_window("alt+F4").await;
    until("the window is closed", async || app.window().is_none().then_some(())).await;
    assert!(app.runs(), "it goes on without its window");
    let done = sent(&app).await;
    until("it goes on sending", async || (sent(&app).await > done).then_some(())).await;

    menu.choose("Show Lacquer");
    app.shown_window().await;
    app.press("ctrl+2");
    app.page.find("heading", "Queue").await;
    app.page.reads("Tones").await;

    // Quitting would stop it: it asks.
    menu.choose("Quit");
    app.page.find("dialog", "/Quit/").await;
    app.page.photograph("window-quit").await;
    app.page.click("button", "Keep it running").await;
    app.page.find_gone("dialog", "/Quit/").await;
    assert!(app.runs());
    menu.choose("Quit");
    app.quit().await;
}

#[tokio::test]
async fn without_a_tray_closing_it_asks_while_it_sends_and_ends_it_when_it_does_not() {
    let stage = Stage::new();
    let app = sending(&stage).await;
    app.press_in_window("alt+F4").await;
    app.page.find("dialog", "/Quit/").await;
    app.quit().await;

    let stage = Stage::new();
    prepared::welcomed(&stage.workspace()).await;
    let app = stage.open().await;
    app.press_in_window("alt+F4").await;
    app.ended().await;
}

/// The app, in the midst of sending a release that takes for ever.
async fn sending(stage: &Stage) -> App<'_> {
    let album = music::tones(&stage.path("Tones"), &[60.0]);
    prepared::imported(&stage.workspace(), &[album], Some(CRAWL)).await;
    let app = stage.open().await;
    app.shown_window().await;
    app.page.click("button", "Queue release").await;
    app.press("ctrl+2");
    app.page.reads("sending").await;
    app
}

/// Bytes of the first release in the queue that were sent.
async fn sent(app: &App<'_>) -> f64 {
    app.page.ask("view").await["queue"]["deliveries"][0]["bytesDone"].as_f64().unwrap_or_default()
}
