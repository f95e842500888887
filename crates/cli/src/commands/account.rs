use desktop::account::AccountView;
use serde::Serialize;

use super::sign_in::{Shown, account, say};
use super::{somebody, workspace};
use crate::arguments::AccountArguments;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Ended, Terminal};

/// `account --json`.
#[derive(Debug, Serialize)]
struct Standing {
    cloud: String,
    /// Null where nobody is.
    signed_in: Option<Shown>,
    accounts: Vec<Known>,
}

#[derive(Debug, Serialize)]
struct Known {
    email: String,
    label: String,
    kept: bool,
}

pub(super) async fn run(arguments: AccountArguments, terminal: &mut Terminal) -> Result<Ended, Failure> {
    let session = workspace::open(&arguments.place, "Its account is shown there, in Settings", terminal).await?;
    let shown = match account(&session) {
        Ok(account) => {
            // Asks the cloud, so that what is said is so.
            let asked = account.id_token().await;
            Ok((account.view(), account.accounts(), account.deployment().name.clone(), asked))
        }
        Err(failure) => Err(failure),
    };
    session.close().await;
    let (view, accounts, cloud, asked) = shown?;
    let signed_in = match &view {
        AccountView::SignedIn(who) => {
            say(who, terminal);
            if let Err(error) = asked {
                terminal.remark(error);
            }
            Some(Shown::of(who))
        }
        AccountView::Ended { email, why } => {
            return Err(somebody::ended(&cloud, email, why));
        }
        AccountView::SignedOut | AccountView::SigningIn { .. } => {
            terminal.say(format_args!("Nobody is signed in to {cloud}. {}", somebody::HOW));
            None
        }
    };
    let accounts = accounts.into_iter();
    let accounts =
        accounts.map(|known| Known { email: known.email, label: known.label.to_string(), kept: known.kept }).collect();
    Ok(Ended::with(Exit::Done, &Standing { cloud, signed_in, accounts }))
}
