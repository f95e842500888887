use std::path::PathBuf;

use crate::stage::{App, Drag, Stage, Stalls};

/// Drops files and types into the draft that is open until a draft is there of which something is said. Says how the
/// window fared.
pub(crate) async fn drop_while_typing(stage: &Stage, app: &App<'_>, files: &[PathBuf], said: &str) -> String {
    app.page.click("textbox", "Version").await;
    app.press("ctrl+a");
    app.press("BackSpace");
    let before = stage.ledger().count("hash", "end");
    let drag = Drag::begin(&stage.display, files);
    drag.hold_over(app.point((640, 400)).await);
    Stalls::begin(&app.page).await;
    drag.drop_here();
    stage.ledger().wait_for("hash", "end", before + 1).await;

    // Keys arrive one after the other while files are read.
    let text = "typed while files are being read";
    let typing = async {
        for at in 1..=text.len() {
            app.type_text(&text[at - 1..at]);
            app.page.holds("textbox", "Version", &text[..at]).await;
        }
    };
    let ((), longest) = Stalls::longest_answer(&app.page, typing).await;
    // Said of the draft in the list: what is typed into is not taken away.
    let (_, later) = Stalls::longest_answer(&app.page, app.page.find("button", said)).await;
    let stalls = Stalls::end(&app.page).await;
    assert_eq!(app.page.value("textbox", "Version").await, text, "every key arrived");
    assert!(stalls.ticks > 0 && stalls.keys as usize >= text.len(), "it answered: {stalls:?}");
    format!("{stalls}; the longest answer took {} ms", longest.max(later).as_millis())
}
