//! Joining a cloud, as a person does who was sent its file.

use std::fs;
use std::path::{Path, PathBuf};

use fake_cloud::label_cloud::LabelCloud;

use crate::stage::{Drag, Stage, until};

/// Drops the file on the window, agrees to what it says, signs in by the browser, and closes the window that opens.
pub(super) async fn join(stage: &Stage, cloud: &LabelCloud) -> PathBuf {
    let file = stage.path("workspace.json");
    fs::write(&file, cloud.workspace_json()).unwrap();
    let app = stage.open().await;
    app.page.find("heading", "Desk").await;
    let drag = Drag::begin(&stage.display, &[file]);
    drag.hold_over(app.point((640, 400)).await);
    app.page.reads("Joins a label’s cloud").await;
    drag.drop_here();

    app.page.find("heading", "Join Night Office?").await;
    let host = |address: &str| address.split('/').nth(2).unwrap().to_owned();
    for shown in [host(&cloud.deployed.endpoint), host(&cloud.openid.base()), cloud.deployed.masters.clone()] {
        app.page.reads(&shown).await;
    }
    app.page.photograph("window-cloud-join").await;
    assert_eq!(cloud.openid.calls(), [], "nobody is asked before the person agrees");
    app.page.click("button", "Sign in in your browser").await;
    app.page.find("heading", "You have joined Night Office").await;
    app.page.photograph("window-cloud-joined").await;

    let joined = until("the workspace is there", async || only_folder(&stage.joined_workspaces())).await;
    app.end_other(&joined).await;
    app.kill().await;
    joined
}

/// The one folder in another that is no hidden one.
fn only_folder(folder: &Path) -> Option<PathBuf> {
    let entries = fs::read_dir(folder).ok()?.flatten();
    let is_shown =
        |entry: &fs::DirEntry| !entry.file_name().to_string_lossy().starts_with('.') && entry.path().is_dir();
    let mut shown = entries.filter(is_shown);
    let first = shown.next()?;
    assert!(shown.next().is_none(), "one workspace was made");
    Some(first.path())
}
