//! Who works in a workspace's cloud, before a command does.

use desktop::Session;
use desktop::account::{Account, AccountError, AccountView, Ask, Ending};

use super::sign_in;
use crate::arguments::SigningIn;
use crate::failure::Failure;
use crate::output::Terminal;

/// Sees to it that somebody is signed in, where the workspace is in a cloud. A cloud that cannot be reached is no
/// hindrance: what can be done without it is done.
pub(super) async fn is_there(session: &Session, signing_in: SigningIn, terminal: &Terminal) -> Result<(), Failure> {
    let Some(account) = session.account() else { return Ok(()) };
    // Asks the cloud, so that an account that was disabled meanwhile is told now, and not when something waits for it.
    let error = match account.id_token().await {
        Ok(_) | Err(AccountError::Provider(_) | AccountError::Credentials(_)) => return Ok(()),
        Err(error) => error,
    };
    if !signing_in.sign_in {
        return Err(nobody(account, &error));
    }
    let who = sign_in::signed_in(account, Ask::Usual, terminal).await?;
    if let Some(why) = &who.not_kept {
        terminal.remark(format_args!("{} is signed in until this command ends. {why}", who.email));
    }
    Ok(())
}

/// Why nobody works there, with what to do.
fn nobody(account: &Account, error: &AccountError) -> Failure {
    let cloud = &account.deployment().name;
    match (error, account.view()) {
        (AccountError::Ended(_), AccountView::Ended { email, why }) => ended(cloud, &email, &why),
        (AccountError::SignedOut, _) => {
            Failure::new("signed-out", format!("Nobody is signed in to {cloud}.")).with_help(HOW)
        }
        (AccountError::Vault(error), _) => Failure::new("keyring", error)
            .with_help("Unlock it, or give --sign-in to sign in for the time of this command."),
        (error, _) => Failure::new("sign-in", error),
    }
}

/// How somebody gets in.
pub(super) const HOW: &str = "Sign in by lacquer-cli sign-in. On a computer without a keyring a sign-in ends with its \
                              command: give --sign-in to the one that needs it.";

/// An account that was signed in is so no longer.
pub(super) fn ended(cloud: &str, email: &str, why: &Ending) -> Failure {
    Failure::new(why.code(), format!("{email} is not signed in to {cloud} any more. {why}")).with_help(why.help())
}
