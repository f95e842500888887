//! What a person sends along with a question. It holds nothing of their music: no titles, names or addresses.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use desktop::View;
use desktop::player::{PlayState, PlayerView};
use tauri::{AppHandle, Manager as _};

/// The text, to be read before it is sent.
pub(crate) fn text(app: &AppHandle, view: &View, player: &PlayerView) -> String {
    let machine = Machine {
        system: system(),
        web_view: tauri::webview_version().unwrap_or_else(|error| error.to_string()),
        screen: std::env::var("XDG_SESSION_TYPE").unwrap_or_else(|_| "unknown".to_owned()),
        home: app.path().home_dir().ok(),
    };
    describe(&machine, view, player)
}

/// What Lacquer runs on.
pub(crate) struct Machine {
    pub(crate) system: String,
    pub(crate) web_view: String,
    pub(crate) screen: String,
    /// The person's own folder, whose name may be theirs.
    pub(crate) home: Option<std::path::PathBuf>,
}

pub(crate) fn describe(machine: &Machine, view: &View, player: &PlayerView) -> String {
    let mut text = String::new();
    let mut line = |what: &str, value: &dyn std::fmt::Display| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{what:<14}{value}");
    };
    line("Lacquer", &env!("CARGO_PKG_VERSION"));
    line("System", &machine.system);
    line("Web view", &machine.web_view);
    line("Screen", &machine.screen);
    line("Workspace", &without(machine.home.as_deref(), &view.home));
    line("Review", &yes(view.workspace.review));
    line("Artists' mail", &yes(view.workspace.artists_mail));
    let settings = &view.settings;
    line("Paused", &yes(settings.queue_paused));
    line("Parts at once", &settings.parallel_parts);
    line("Rate limit", &settings.rate_limit.map_or_else(|| "none".to_owned(), |rate| format!("{rate} bytes/s")));
    line("Theme", &format!("{:?}", settings.theme).to_lowercase());
    let tracks: usize = view.drafts.iter().map(|draft| draft.draft.release.tracks.len()).sum();
    line("Drafts", &format!("{}, with {tracks} tracks", view.drafts.len()));
    line("Imports", &view.imports.len());
    line("Deliveries", &counted(view.queue.iter().map(|one| one.delivery.state.as_str())));
    line("Troubles", &counted(view.queue.iter().filter_map(|one| Some(one.delivery.trouble.as_ref()?.code.as_str()))));
    line("Releases", &counted(view.releases.iter().map(|one| one.state.as_str())));
    line("Transcodes", &view.transcodes.len());
    line("Followers", &view.subscriptions.len());
    line("Mails", &view.mails.len());
    line("Notices", &counted(view.notices.iter().map(|notice| notice.code)));
    line("Sound", &format!("{}, {} devices", sound(&player.state), player.devices.len()));
    text
}

/// `2 live, 1 failed`; `none`.
fn counted<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    words.for_each(|word| *counts.entry(word).or_default() += 1);
    let counts: Vec<String> = counts.into_iter().map(|(word, count)| format!("{count} {word}")).collect();
    if counts.is_empty() { "none".to_owned() } else { counts.join(", ") }
}

fn yes(is_so: bool) -> &'static str {
    if is_so { "yes" } else { "no" }
}

fn sound(state: &PlayState) -> &'static str {
    match state {
        PlayState::Stopped => "stopped",
        PlayState::Playing => "playing",
        PlayState::Paused => "paused",
        PlayState::NoDevice { .. } => "no device",
        PlayState::Failed { .. } => "failed",
    }
}

/// A path with `~` for the person's own folder.
fn without(home: Option<&Path>, path: &Path) -> String {
    match home.and_then(|home| path.strip_prefix(home).ok()) {
        Some(rest) => Path::new("~").join(rest).display().to_string(),
        None => path.display().to_string(),
    }
}

/// The system as it names itself.
fn system() -> String {
    let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    let name = release.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="));
    format!("{}, {}", name.map_or(std::env::consts::OS, |name| name.trim_matches('"')), std::env::consts::ARCH)
}
