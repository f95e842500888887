//! The label's own cloud: joining it, who is signed in, and what is asked of it besides releases.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use desktop::account::{Account, Ask, Browser as _, Deployment, Keyring, SystemBrowser};
use desktop::{Home, Joining, Workspaces};
use jiff::Timestamp;
use tauri::{AppHandle, State};

use crate::desk::Desk;
use crate::dialogs;
use crate::shown::cloud::{ArtistAccount, JoinOffer, SignInPage, WorkspaceRow};
use crate::shown::trouble::Trouble;
use crate::written_path;

/// The cloud that is being joined, from the moment that a person agreed to it.
#[derive(Debug, Default)]
pub(crate) struct Joins {
    joining: Mutex<Option<Joining>>,
    /// The workspace that was joined by a sign-in that no keyring keeps: who opens it has to sign in once more.
    not_kept: Mutex<Option<PathBuf>>,
}

/// A `workspace.json` of a cloud is larger than this by mistake only.
const MOST_BYTES: u64 = 64 * 1024;

/// How long another window may take to open its workspace, and how often that is looked at.
const PATIENCE: Duration = Duration::from_secs(10);
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Asks for the file that describes a cloud, in the system's dialog. Null where the person thought better of it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_join_file(app: AppHandle) -> Result<Option<String>, Trouble> {
    Ok(dialogs::join_file(&app).await.map(|path| written_path::write(&path)))
}

/// What a file that describes a cloud would join: for a person to look at before anything is asked of it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn look_at_join_file(path: String) -> Result<JoinOffer, Trouble> {
    let deployment = deployment(&written_path::read(&path)).await?;
    Ok(JoinOffer::of(&deployment))
}

/// Joins the cloud of a file, after the person agreed to what [`look_at_join_file`] said: the system's browser opens, and
/// when somebody has signed in, the workspace is made. Answers with its folder, for `open_workspace`. Rejects where nobody
/// signed in.
#[tauri::command]
#[specta::specta]
pub(crate) async fn join(joins: State<'_, Joins>, path: String) -> Result<String, Trouble> {
    let deployment = deployment(&written_path::read(&path)).await?;
    let root = Home::clouds_root().map_err(|error| Trouble::new(error.to_string(), ""))?;
    let clock = Arc::new(desktop::SystemClock);
    let joining =
        Joining::begin(root, deployment, Arc::new(Keyring::of_the_system()), Arc::new(SystemBrowser), clock).await?;
    joins.set(Some(joining.clone()));
    let signed_in = joining.account().sign_in(Ask::Usual).await;
    joins.set(None);
    let signed_in = signed_in?;
    let is_kept = signed_in.kept;
    let folder = joining.finish(signed_in, Timestamp::now()).await?;
    *locked(&joins.not_kept) = (!is_kept).then(|| folder.clone());
    Ok(written_path::write(&folder))
}

/// What the browser was opened with to join, for a person whose browser did not open. Null while nobody joins.
#[tauri::command]
#[specta::specta]
pub(crate) async fn join_page(joins: State<'_, Joins>) -> Result<Option<SignInPage>, Trouble> {
    Ok(joins.page())
}

/// Opens the page to sign in on in the system's browser once more, for a person who closed it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_sign_in_page(desk: State<'_, Desk>, joins: State<'_, Joins>) -> Result<(), Trouble> {
    let of_session = || SignInPage::of(&desk.opened()?.account()?.view());
    let Some(SignInPage { page, .. }) = joins.page().or_else(of_session) else {
        return Err(Trouble::new("No sign-in waits for the browser any more.", "Begin to sign in again."));
    };
    let opening = tauri::async_runtime::spawn_blocking(move || SystemBrowser.open(&page));
    let failed = |reason: String| {
        Trouble::new(format!("No browser could be started: {reason}."), "Copy the link, and open it by hand.")
    };
    opening.await.map_err(|error| failed(error.to_string()))?.map_err(|error| failed(error.to_string()))
}

/// Joins no longer: the browser is waited for no more, and `join` rejects.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cancel_join(joins: State<'_, Joins>) -> Result<(), Trouble> {
    if let Some(joining) = joins.get() {
        joining.account().cancel_sign_in();
    }
    Ok(())
}

/// The workspaces of this computer: the one on this computer alone, and those that were joined.
#[tauri::command]
#[specta::specta]
pub(crate) async fn workspaces(desk: State<'_, Desk>) -> Result<Vec<WorkspaceRow>, Trouble> {
    let open = desk.opened().map(|session| PathBuf::clone(&session.view().home));
    let list = list_of_workspaces()?;
    let here = open.clone();
    let looking = tauri::async_runtime::spawn_blocking(move || list.known(here.as_deref()));
    let known = looking.await.map_err(|_| Trouble::new("The workspaces of this computer cannot be listed.", ""))?;
    Ok(known.iter().map(|one| WorkspaceRow::of(one, open.as_deref())).collect())
}

/// Opens a workspace in a window of its own, and answers when it is open; one that is open already comes to the front.
/// From then on it is the one that a start opens that names none.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_workspace(joins: State<'_, Joins>, path: String) -> Result<(), Trouble> {
    let folder = written_path::read(&path);
    let signs_in = locked(&joins.not_kept).take_if(|joined| *joined == folder).is_some();
    let failed = |error: std::io::Error| {
        Trouble::new(format!("The workspace was not opened: {}.", desktop::said_by_system(&error)), "")
    };
    let program = std::env::current_exe().map_err(failed)?;
    let mut command = Command::new(program);
    command
        .args(signs_in.then_some("--sign-in"))
        .arg("--workspace")
        .arg(&folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    let mut child = command.spawn().map_err(failed)?;
    let opening = tauri::async_runtime::spawn_blocking(move || {
        let begun = Instant::now();
        let ended = loop {
            match child.try_wait().map_err(failed)? {
                Some(status) => break Some(status),
                None if Workspaces::holder(&folder) == Some(child.id()) || begun.elapsed() > PATIENCE => break None,
                None => std::thread::sleep(LOOK_EVERY),
            }
        };
        // A start that found the workspace open has shown that window, and ended well.
        if let Some(status) = ended.filter(|status| !status.success()) {
            return Err(Trouble::new(
                format!("The workspace was not opened: Lacquer ended with {status}."),
                "Try again.",
            ));
        }
        // Somebody has to ask how it ended, or it stays as a zombie; nothing waits for this thread.
        std::thread::spawn(move || child.wait());
        if let Err(error) = list_of_workspaces()?.choose(&folder) {
            tracing::warn!(%error, "the workspace is not the one that is opened next");
        }
        Ok(())
    });
    opening.await.map_err(|_| Trouble::closing())?
}

/// Signs in by the system's browser; answers when somebody is signed in. `another` asks for a name and a password even
/// where the browser is signed in already. How far it is, `settings.workspace.cloud.account` says meanwhile.
#[tauri::command]
#[specta::specta]
pub(crate) async fn sign_in(desk: State<'_, Desk>, another: bool) -> Result<(), Trouble> {
    let account = account(&desk).await?;
    let ask = if another { Ask::Another } else { Ask::Usual };
    account.sign_in(ask).await?;
    Ok(())
}

/// Waits for the browser no longer.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cancel_sign_in(desk: State<'_, Desk>) -> Result<(), Trouble> {
    account(&desk).await?.cancel_sign_in();
    Ok(())
}

/// Signs out here or, with `everywhere`, on all computers. Rejects where something of it could not be done; nobody is
/// signed in here any more in any case.
#[tauri::command]
#[specta::specta]
pub(crate) async fn sign_out(desk: State<'_, Desk>, everywhere: bool) -> Result<(), Trouble> {
    Ok(account(&desk).await?.sign_out(everywhere).await?)
}

/// Has another account work that was signed in here before, named by `settings.workspace.cloud.accounts`.
#[tauri::command]
#[specta::specta]
pub(crate) async fn switch_account(desk: State<'_, Desk>, subject: String) -> Result<(), Trouble> {
    account(&desk).await?.switch_to(&subject).await?;
    Ok(())
}

/// Looks soon what is new in the cloud: the person came back to the window.
#[tauri::command]
#[specta::specta]
pub(crate) async fn look_for_news(desk: State<'_, Desk>) -> Result<(), Trouble> {
    Ok(desk.session().await?.look_for_news().await?)
}

/// Confirms a subscription by what its owner pasted: the link of the e-mail that asks, or its token.
#[tauri::command]
#[specta::specta]
pub(crate) async fn confirm_subscription(
    desk: State<'_, Desk>,
    artist: String,
    email: String,
    pasted: String,
) -> Result<(), Trouble> {
    Ok(desk.session().await?.confirm_subscription(&artist, &email, &pasted).await?)
}

/// Has the e-mail that asks sent again. Rejects where that was done a short while ago.
#[tauri::command]
#[specta::specta]
pub(crate) async fn resend_confirmation(desk: State<'_, Desk>, artist: String, email: String) -> Result<(), Trouble> {
    Ok(desk.session().await?.resend_confirmation(&artist, &email).await?)
}

/// Which artists each account of an artist may see. For staff.
#[tauri::command]
#[specta::specta]
pub(crate) async fn artist_accounts(desk: State<'_, Desk>) -> Result<Vec<ArtistAccount>, Trouble> {
    let accounts = desk.session().await?.artist_accounts().await?;
    Ok(accounts.into_iter().map(ArtistAccount::of).collect())
}

/// Says which artists an account may see, in place of those before; none takes them all away. For staff.
#[tauri::command]
#[specta::specta]
pub(crate) async fn map_artists(desk: State<'_, Desk>, email: String, artists: Vec<String>) -> Result<(), Trouble> {
    Ok(desk.session().await?.map_artists(&email, artists).await?)
}

fn list_of_workspaces() -> Result<Workspaces, Trouble> {
    Workspaces::of_this_computer().map_err(|error| Trouble::new(error.to_string(), ""))
}

async fn account(desk: &Desk) -> Result<Account, Trouble> {
    let session = desk.session().await?;
    let none = || Trouble::new("This workspace has no accounts.", "Join your label's cloud first.");
    session.account().cloned().ok_or_else(none)
}

async fn deployment(path: &Path) -> Result<Deployment, Trouble> {
    let path = path.to_owned();
    let reading = tauri::async_runtime::spawn_blocking(move || {
        let unreadable = |error: std::io::Error| {
            Trouble::new(
                format!("{} cannot be read: {}.", path.display(), desktop::said_by_system(&error)),
                "Choose the file again.",
            )
        };
        if std::fs::metadata(&path).map_err(unreadable)?.len() > MOST_BYTES {
            return Err(Trouble::new(
                "The file is too large to describe a cloud workspace.",
                "Open the workspace.json that whoever runs your label's cloud sent you.",
            ));
        }
        let bytes = std::fs::read(&path).map_err(unreadable)?;
        Deployment::read(&bytes).map_err(|error| Trouble::new(error.to_string(), ""))
    });
    reading.await.map_err(|_| Trouble::closing())?
}

impl Joins {
    fn set(&self, joining: Option<Joining>) {
        *locked(&self.joining) = joining;
    }

    fn page(&self) -> Option<SignInPage> {
        SignInPage::of(&self.get()?.account().view())
    }

    fn get(&self) -> Option<Joining> {
        locked(&self.joining).clone()
    }
}

fn locked<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}
