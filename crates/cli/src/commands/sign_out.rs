use desktop::Session;
use desktop::account::{AccountView, SignOutError};
use serde::Serialize;

use super::sign_in::account;
use super::{somebody, workspace};
use crate::arguments::{SignOut, SigningIn};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Ended, Terminal};

/// `sign-out --json`.
#[derive(Debug, Serialize)]
struct SignedOut {
    everywhere: bool,
}

pub(super) async fn run(arguments: SignOut, terminal: &mut Terminal) -> Result<Ended, Failure> {
    let SignOut { everywhere, place, signing_in } = arguments;
    let session = workspace::open(&place, "Sign out there, in Settings", terminal).await?;
    let ended = sign_out(&session, everywhere, signing_in, terminal).await;
    session.close().await;
    terminal.say(ended?);
    Ok(Ended::with(Exit::Done, &SignedOut { everywhere }))
}

/// Signs out, and says what was done.
async fn sign_out(
    session: &Session,
    everywhere: bool,
    signing_in: SigningIn,
    terminal: &Terminal,
) -> Result<&'static str, Failure> {
    let account = account(session)?;
    if everywhere {
        // Only who is signed in can end their other sign-ins.
        somebody::is_there(session, signing_in, terminal).await?;
    } else if matches!(account.view(), AccountView::SignedOut) {
        return Ok("Nobody was signed in.");
    }
    account.sign_out(everywhere).await.map_err(failure)?;
    Ok(if everywhere { "Signed out, here and on all other computers." } else { "Signed out." })
}

fn failure(error: SignOutError) -> Failure {
    let code = match &error {
        SignOutError::NotTold(_) => "cloud-not-told",
        SignOutError::NotForgotten { .. } => "keyring",
    };
    Failure::new(code, error)
}
