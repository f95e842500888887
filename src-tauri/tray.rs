//! The icon in the system's tray: there while work is under way or the window is hidden.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;

use tauri::menu::{Menu, MenuItem, PredefinedMenuItem};
use tauri::tray::{TrayIcon, TrayIconBuilder};
use tauri::{App, AppHandle, Manager as _, Wry};

use crate::closing;
use crate::desk::Desk;
use crate::window;

/// The icon with those of its lines that change.
struct Tray {
    icon: TrayIcon,
    work: MenuItem<Wry>,
    pause: MenuItem<Wry>,
    /// What they say now: asking the system for it is dear.
    said: Mutex<Option<Said>>,
}

/// What the tray says.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Said {
    is_shown: bool,
    work: String,
    pause: &'static str,
}

const IDLE: &str = "Nothing is under way";

/// Makes the icon, where the system has the library for it; it is not shown yet.
pub(crate) fn make(app: &App) {
    // The library is opened when it is first used, and where there is none, that panics.
    match catch_unwind(AssertUnwindSafe(|| build(app))) {
        Ok(Ok(tray)) => {
            app.manage(tray);
        }
        Ok(Err(error)) => tracing::warn!(%error, "there is no tray icon"),
        Err(_) => tracing::warn!("there is no tray icon: the system has no library for it"),
    }
}

fn build(app: &App) -> tauri::Result<Tray> {
    let work = MenuItem::with_id(app, "work", IDLE, false, None::<&str>)?;
    let pause = MenuItem::with_id(app, "pause", pause_words(false), true, None::<&str>)?;
    let menu = Menu::with_items(
        app,
        &[
            &MenuItem::with_id(app, "show", "Show Lacquer", true, None::<&str>)?,
            &work,
            &pause,
            &PredefinedMenuItem::separator(app)?,
            &MenuItem::with_id(app, "quit", "Quit", true, None::<&str>)?,
        ],
    )?;
    let mut builder = TrayIconBuilder::with_id("lacquer").menu(&menu).tooltip("Lacquer").on_menu_event(|app, event| {
        match event.id().as_ref() {
            "show" => window::show(app),
            "pause" => pause_or_resume(app),
            "quit" => closing::quit(app),
            _ => {}
        }
    });
    if let Some(icon) = app.default_window_icon() {
        builder = builder.icon(icon.clone());
    }
    let icon = builder.build(app)?;
    icon.set_visible(false)?;
    Ok(Tray { icon, work, pause, said: Mutex::default() })
}

/// Whether a person sees the icon: there is one, and something on this desktop shows icons.
pub(crate) fn is_seen(app: &AppHandle) -> bool {
    app.try_state::<Tray>().is_some() && host::is_there()
}

/// Says what is so now. Cheap where nothing changed.
pub(crate) fn update(app: &AppHandle) {
    let Some(tray) = app.try_state::<Tray>() else { return };
    let work = closing::under_way(app);
    let is_hidden = app.get_webview_window(window::LABEL).is_some_and(|window| !window.is_visible().unwrap_or(true));
    let said = Said {
        is_shown: work.is_some() || is_hidden,
        work: work.unwrap_or_else(|| IDLE.to_owned()),
        pause: pause_words(is_paused(app)),
    };
    let Ok(mut before) = tray.said.lock() else { return };
    if before.as_ref() == Some(&said) {
        return;
    }
    let set = tray
        .work
        .set_text(&said.work)
        .and_then(|()| tray.pause.set_text(said.pause))
        .and_then(|()| tray.icon.set_tooltip(Some(format!("Lacquer: {}", said.work))))
        .and_then(|()| tray.icon.set_visible(said.is_shown));
    match set {
        Ok(()) => *before = Some(said),
        Err(error) => tracing::warn!(%error, "the tray icon cannot be changed"),
    }
}

fn is_paused(app: &AppHandle) -> bool {
    app.state::<Desk>().opened().is_some_and(|session| session.view().settings.queue_paused)
}

fn pause_words(is_paused: bool) -> &'static str {
    if is_paused { "Resume sending" } else { "Pause sending" }
}

fn pause_or_resume(app: &AppHandle) {
    let Some(session) = app.state::<Desk>().opened() else { return };
    tauri::async_runtime::spawn(async move {
        let paused = !session.view().settings.queue_paused;
        if let Err(error) = session.pause_queue(paused).await {
            tracing::warn!(%error, "the queue cannot be paused or resumed");
        }
    });
}

#[cfg(target_os = "linux")]
mod host {
    use gtk::gio::{BusType, Cancellable, DBusCallFlags, bus_get_sync};
    use gtk::glib::Variant;
    use gtk::prelude::*;

    const WATCHER: &str = "org.kde.StatusNotifierWatcher";

    /// How long the session's bus may take to answer, in milliseconds: the person waits for it.
    const PATIENCE: i32 = 500;

    /// Whether something shows tray icons: it is registered with the watcher of the StatusNotifierItem specification.
    pub(super) fn is_there() -> bool {
        is_registered().unwrap_or(false)
    }

    fn is_registered() -> Option<bool> {
        let bus = bus_get_sync(BusType::Session, Cancellable::NONE).ok()?;
        let property = (WATCHER, "IsStatusNotifierHostRegistered").to_variant();
        let answer = bus
            .call_sync(
                Some(WATCHER),
                "/StatusNotifierWatcher",
                "org.freedesktop.DBus.Properties",
                "Get",
                Some(&property),
                None,
                DBusCallFlags::NO_AUTO_START,
                PATIENCE,
                Cancellable::NONE,
            )
            .ok()?;
        answer.child_value(0).get::<Variant>()?.get::<bool>()
    }
}

#[cfg(not(target_os = "linux"))]
mod host {
    pub(super) fn is_there() -> bool {
        true
    }
}
