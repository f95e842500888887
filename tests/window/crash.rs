//! The app ended as by a power cut, in the midst of what it does, and started again.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::stage::{App, Stage, until};
use crate::{music, prepared};

/// What was typed longer ago than this is kept, whatever happens.
const KEPT_AFTER: Duration = Duration::from_millis(300);

#[tokio::test]
async fn killed_in_the_middle_of_typing_it_has_lost_no_more_than_the_last_keys() {
    let stage = Stage::new();
    let album = music::tones(&stage.path("Tones"), &[0.5]);
    prepared::imported(&stage.workspace(), &[album], None).await;
    let app = stage.open().await;
    app.page.holds("textbox", "Title", "Tones").await;
    app.page.click("textbox", "Title").await;
    app.press("ctrl+a");
    // Without a pause in which it could be saved; each key with the moment at which the page had it.
    let text = "abcdefghijklmnopqrstuvwxyz abcdefghijklmnopqrstuvwxyz abcdefghijklmnopqrstuvwxyz";
    let mut typed = Vec::new();
    for at in 1..=text.len() {
        app.type_text(&text[at - 1..at]);
        app.page.holds("textbox", "Title", &text[..at]).await;
        typed.push(Instant::now());
    }
    let killed = Instant::now();
    app.kill().await;

    let app = stage.open().await;
    let must = typed.iter().filter(|moment| killed.duration_since(**moment) > KEPT_AFTER).count();
    assert!(must > 0, "some of it was typed long enough before");
    app.page.find("textbox", "Title").await;
    let kept = app.page.value("textbox", "Title").await;
    assert!(text.starts_with(&kept) && kept.len() >= must, "{must} of {} keys are to be kept: {kept:?}", typed.len());
}

#[tokio::test]
async fn killed_in_the_middle_of_an_upload_it_goes_on_and_sends_nothing_twice() {
    let stage = Stage::new();
    // Five parts of a file, at two parts a second or so.
    let album = music::tones(&stage.path("Tones"), &[240.0, 1.0]);
    prepared::imported(&stage.workspace(), &[album], Some(16_000_000)).await;
    let app = queue(&stage).await;
    stage.ledger().wait_for("part", "end", 1).await;
    app.kill().await;
    let sent = stage.ledger().count("part", "end");
    assert_eq!(stage.ledger().count("manifest", "end"), 0, "it was killed while it sent");

    goes_live(&stage).await;
    assert!(stage.ledger().count("part", "end") > sent, "there was more to send");
}

#[tokio::test]
async fn killed_in_the_middle_of_a_transcode_it_goes_on_and_makes_nothing_twice() {
    let stage = Stage::new();
    let album = music::tones(&stage.path("Tones"), &[400.0, 1.0]);
    prepared::imported(&stage.workspace(), &[album], None).await;
    let app = queue(&stage).await;
    // The short one is done, or not; the long one is under way.
    stage.ledger().wait_for("manifest", "end", 1).await;
    until("renditions are being made", async || (size(&stage.workspace().join("scratch")) > 500_000).then_some(()))
        .await;
    app.kill().await;
    let made = stage.ledger().count("rendition", "end");
    assert!(made < 8, "it was killed while it transcoded: {made} renditions were made");

    goes_live(&stage).await;
    assert_eq!(size(&stage.workspace().join("scratch")), 0, "nothing is left behind");
}

async fn queue(stage: &Stage) -> App<'_> {
    let app = stage.open().await;
    app.page.find("heading", "Tones").await;
    app.page.click("button", "Queue release").await;
    app
}

/// Started again, it makes a killed delivery live by itself.
async fn goes_live(stage: &Stage) {
    let app = stage.open().await;
    app.page.find("heading", "Desk").await;
    app.press_in_window("ctrl+3").await;
    app.page.find("heading", "Releases").await;
    app.wait_for_state("live").await;
    stage.ledger().assert_nothing_done_twice();
    assert_eq!(stage.ledger().count("manifest", "end"), 1, "one delivery");
    assert_eq!(stage.ledger().count("rendition", "end"), 8, "four renditions of each of the two tracks");
}

/// Bytes in a folder.
fn size(folder: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    let of = |entry: fs::DirEntry| match entry.metadata() {
        Ok(data) if data.is_dir() => size(&entry.path()),
        Ok(data) => data.len(),
        // It went meanwhile.
        Err(_) => 0,
    };
    entries.flatten().map(of).sum()
}
