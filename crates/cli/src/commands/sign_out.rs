use desktop::account::SignOutError;
use serde::Serialize;

use super::sign_in::account;
use super::workspace;
use crate::arguments::SignOut;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Ended, Terminal};

/// `sign-out --json`.
#[derive(Debug, Serialize)]
struct SignedOut {
    everywhere: bool,
}

pub(super) async fn run(arguments: SignOut, terminal: &mut Terminal) -> Result<Ended, Failure> {
    let SignOut { everywhere, place } = arguments;
    let session = workspace::open(&place, "Sign out there, in Settings", terminal).await?;
    let ended = match account(&session) {
        Ok(account) => account.sign_out(everywhere).await.map_err(failure),
        Err(failure) => Err(failure),
    };
    session.close().await;
    ended?;
    terminal.say(if everywhere { "Signed out, here and on all other computers." } else { "Signed out." });
    Ok(Ended::with(Exit::Done, &SignedOut { everywhere }))
}

fn failure(error: SignOutError) -> Failure {
    let code = match &error {
        SignOutError::NotTold(_) => "cloud-not-told",
        SignOutError::NotForgotten { .. } => "keyring",
    };
    Failure::new(code, error)
}
