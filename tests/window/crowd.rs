//! More than is usual: the window answers all the time.

use std::path::PathBuf;

use crate::stage::{App, Drag, Stage};
use crate::typing::drop_while_typing;
use crate::{music, prepared};

#[tokio::test]
async fn five_hundred_files_become_one_draft_while_the_window_answers() {
    let stage = Stage::new();
    prepared::imported(&stage.workspace(), &[music::tones(&stage.path("Tones"), &[0.5])], None).await;
    let files = music::many(&stage.path("Five hundred"), 500);
    let app = stage.open().await;
    let answered = drop_while_typing(&stage, &app, &files, "/500 tracks/").await;
    println!("500 files: {answered}");
}

#[tokio::test]
async fn a_folder_tree_becomes_a_draft_of_its_discs() {
    let stage = Stage::new();
    prepared::welcomed(&stage.workspace()).await;
    let tree = music::tree(&stage.path("Box"));
    let app = stage.open().await;
    drop_on_the_desk(&stage, &app, &[tree]).await;
    app.page.reads("6 tracks").await;
    for disc in ["Disc 1", "Disc 2"] {
        app.page.reads(disc).await;
    }
    app.page.photograph("window-desk-discs").await;
}

#[tokio::test]
async fn what_cannot_be_read_is_named_and_the_rest_is_kept() {
    let stage = Stage::new();
    prepared::welcomed(&stage.workspace()).await;
    let folder = music::unreadable(&stage.path("Damaged"));
    let app = stage.open().await;
    drop_on_the_desk(&stage, &app, &[folder]).await;
    app.page.reads("2 tracks").await;
    app.page.click("button", "/From the import/").await;
    for name in ["03 Empty.wav", "04 Text.wav", "05 Gone.wav", "06 Circle.wav"] {
        app.page.reads(name).await;
    }
    app.page.photograph("window-desk-left-out").await;
}

#[tokio::test]
async fn a_folder_that_is_dropped_while_another_is_read_becomes_a_draft_too() {
    let stage = Stage::new();
    prepared::imported(&stage.workspace(), &[music::tones(&stage.path("Tones"), &[0.5])], None).await;
    let many = music::many(&stage.path("Many"), 300);
    let other = music::tones(&stage.path("Other"), &[0.5, 0.6]);
    let app = stage.open().await;
    drop_on_the_desk(&stage, &app, &many).await;
    stage.ledger().wait_for("hash", "begin", 2).await;
    let answered = drop_while_typing(&stage, &app, &[other], "/2 tracks/").await;
    app.page.find("button", "/300 tracks/").await;
    println!("a folder while 300 files are read: {answered}");
}

async fn drop_on_the_desk(stage: &Stage, app: &App<'_>, files: &[PathBuf]) {
    app.page.find("heading", "Desk").await;
    let drag = Drag::begin(&stage.display, files);
    drag.hold_over(app.point((640, 400)).await);
    drag.drop_here();
}
