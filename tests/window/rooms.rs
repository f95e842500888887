//! The rooms as they look in the window itself, dark and light.

use serde_json::json;

use crate::prepared;
use crate::stage::{Stage, Theme, program};

const ROOMS: [&str; 5] = ["Desk", "Queue", "Releases", "Artists", "Settings"];

#[tokio::test]
async fn the_first_start_welcomes_and_makes_a_draft_of_the_demo_album() {
    let stage = Stage::new();
    let app = stage.open().await;
    app.page.find("heading", "Welcome to Lacquer").await;
    app.page.photograph("window-welcome").await;
    app.page.click("textbox", "Your label's name").await;
    app.type_text("Night Records");
    app.page.click("button", "Try the demo album").await;
    app.page.find("heading", "A Day on Lacquer").await;
}

#[tokio::test]
async fn a_delivered_album_is_shown_in_every_room_dark_and_light() {
    let stages = Theme::BOTH.map(|theme| (theme, Stage::with_theme(theme)));
    for (theme, stage) in &stages {
        let demo = prepared::delivered(&stage.workspace(), "artist@example.com").await;
        let app = stage.open().await;
        app.shown_window().await;
        for (at, room) in ROOMS.iter().enumerate() {
            app.press(&format!("ctrl+{}", at + 1));
            app.page.find("heading", room).await;
            match *room {
                "Desk" => drop(app.page.find("heading", &demo.title).await),
                "Releases" => {
                    app.wait_for_state("live").await;
                    for title in &demo.tracks {
                        app.page.reads(title).await;
                    }
                }
                "Artists" => app.page.reads(&demo.artist).await,
                _ => {}
            }
            let scheme = "return getComputedStyle(document.body).backgroundColor";
            let ground: String = app.page.read(scheme, json!([])).await;
            assert_eq!(is_dark(&ground), *theme == Theme::Dark, "{room} in {} is on {ground}", theme.name());
            assert!(!app.page.overflows().await, "nothing of {room} is wider than the window");
            app.page.photograph(&format!("{}-{}", room.to_lowercase(), theme.name())).await;
        }
    }
}

#[tokio::test]
async fn a_workspace_in_use_is_said_in_the_window() {
    let stage = Stage::new();
    let session = prepared::open(&stage.workspace()).await;
    let app = stage.open().await;
    app.page.find("alert", "").await;
    app.page.reads(&format!("process {}", std::process::id())).await;
    app.page.photograph("window-in-use").await;
    session.close().await;
}

#[tokio::test]
async fn the_window_shows_its_own_pages_and_no_others() {
    let stage = Stage::new();
    prepared::welcomed(&stage.workspace()).await;
    let app = stage.open().await;
    app.page.find("heading", "Desk").await;
    let before = app.page.client().current_url().await.unwrap();
    let script = "location.href = 'https://example.com/'; return null";
    app.page.read::<()>(script, json!([])).await;
    app.page.find("heading", "Desk").await;
    assert_eq!(app.page.client().current_url().await.unwrap(), before, "{} stays where it is", program().display());
}

/// Whether a colour, as `oklch(L C H)`, is darker than a middle grey.
fn is_dark(colour: &str) -> bool {
    let lightness = colour.strip_prefix("oklch(").and_then(|rest| rest.split(' ').next()?.parse::<f64>().ok());
    lightness.unwrap_or_else(|| panic!("{colour} is a colour as the tokens have them")) < 0.5
}
