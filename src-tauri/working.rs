//! What runs beside the window: the session is opened, what changes is pushed, and the system's wish to end is heard.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use desktop::account::{AccountView, Ask};
use desktop::player::Player;
use desktop::{HomeError, Options, Session, Theme, View, WorkspacePlace, Workspaces};
use tauri::{AppHandle, Manager as _};

use crate::desk::{Desk, Opened};
use crate::shown::trouble::Trouble;
use crate::{Arguments, dialogs, instance, pushing, theme as look, tray, window};

/// How long the window waits for the theme that was chosen before it is shown without it.
const FIRST_SIGHT: Duration = Duration::from_millis(700);

/// Opens the session, and follows it until it ends.
pub(crate) fn start(app: &AppHandle, workspace: PathBuf, arguments: &Arguments, opened: Opened) {
    tauri::async_runtime::spawn(end_when_asked(app.clone()));
    tauri::async_runtime::spawn(show(app.clone()));
    // Seen from the folder that the program was started in, whatever that is later.
    let folder = std::env::current_dir().unwrap_or_default();
    instance::import(app, arguments.absolute_paths(&folder));
    tauri::async_runtime::spawn(work(app.clone(), workspace, arguments.signs_in(), opened));
}

async fn work(app: AppHandle, workspace: PathBuf, signs_in: bool, opened: Opened) {
    let session = loop {
        match open(&workspace).await {
            Ok(session) => break session,
            Err(trouble) => opened.with(Err(trouble)),
        }
        opened.until_again().await;
    };
    opened.with(Ok(session.clone()));
    tauri::async_runtime::spawn_blocking({
        let view = session.view();
        move || remember(&view)
    });
    if let Some(account) = session.account().filter(|_| signs_in).cloned()
        && matches!(account.view(), AccountView::SignedOut)
    {
        tauri::async_runtime::spawn(async move {
            // The browser knows the person still. Where it does not help, the window has the way to sign in.
            if let Err(error) = account.sign_in(Ask::Usual).await {
                tracing::info!(%error, "nobody signed in");
            }
        });
    }
    tauri::async_runtime::spawn(pushing::push_player(app.clone(), session.clone()));
    tauri::async_runtime::spawn(follow(app.clone(), session.clone()));
    pushing::push(app.clone(), session).await;
    if !app.state::<Desk>().is_left() {
        // What it did last is on disk; there is nobody to do more.
        let trouble = Trouble::new(
            "Lacquer failed, and does nothing more. What you entered is kept.",
            "Start it again. This is a mistake in the program: please report it.",
        );
        dialogs::trouble(&app, &trouble);
    }
}

/// Has a cloud's workspace listed on this computer, however it came here.
fn remember(view: &View) {
    let remembered = match &view.workspace.place {
        WorkspacePlace::Local => return,
        WorkspacePlace::Cloud { .. } => Workspaces::of_this_computer().map(|list| list.remember(&view.home)),
    };
    if let Ok(Err(error)) = remembered {
        tracing::warn!(%error, "the workspace is not listed");
    }
}

async fn open(folder: &Path) -> Result<Session, Trouble> {
    if folder.as_os_str().is_empty() {
        return Err(Trouble::new(HomeError::NoDefault.to_string(), ""));
    }
    let player = Player::start().unwrap_or_else(|error| {
        tracing::warn!(%error, "nothing can be heard");
        Player::none()
    });
    Ok(Session::open(folder, Options { player, ..Options::default() }).await?)
}

/// Shows the window once its theme is known, and soon in any case.
async fn show(app: AppHandle) {
    let desk = app.state::<Desk>();
    let session = tokio::time::timeout(FIRST_SIGHT, desk.session()).await;
    let theme = session.ok().and_then(Result::ok).map(|session| session.view().settings.theme);
    window::show_first(&app, theme);
}

/// Has window and tray as the session says.
async fn follow(app: AppHandle, session: Session) {
    let mut views = session.views();
    let (mut theme, mut title): (Option<Theme>, Option<String>) = (None, None);
    loop {
        let view = Arc::clone(&views.borrow_and_update());
        let chosen = view.settings.theme;
        if theme.replace(chosen) != Some(chosen)
            && let Some(window) = app.get_webview_window(window::LABEL)
        {
            look::set(&window, chosen);
        }
        let name = window::title(&view.workspace);
        if title.as_ref() != Some(&name)
            && let Some(window) = app.get_webview_window(window::LABEL)
        {
            window::set_title(&window, &name);
            title = Some(name);
        }
        tray::update(&app);
        if views.changed().await.is_err() {
            return;
        }
    }
}

/// Ends in an orderly way when the system asks for it.
#[cfg(unix)]
async fn end_when_asked(app: AppHandle) {
    use tokio::signal::unix::{SignalKind, signal};
    let signals = [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::hangup()].map(signal);
    let [Ok(mut terminate), Ok(mut interrupt), Ok(mut hangup)] = signals else {
        tracing::warn!("the system's wish to end is not heard");
        return;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
        _ = hangup.recv() => {}
    }
    app.exit(0);
}

#[cfg(not(unix))]
async fn end_when_asked(_: AppHandle) {}
