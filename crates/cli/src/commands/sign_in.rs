use desktop::account::{Account, AccountView, Ask, SignInError, SignedIn};
use desktop::{Role, Session};
use serde::Serialize;

use super::workspace;
use crate::arguments::SignIn;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt::interrupted;
use crate::output::{Ended, Terminal};

/// `sign-in --json`, and what `account --json` says of who is signed in.
#[derive(Debug, Serialize)]
pub(super) struct Shown {
    email: String,
    label: String,
    roles: Vec<&'static str>,
    kept: bool,
}

pub(super) async fn run(arguments: SignIn, terminal: &mut Terminal) -> Result<Ended, Failure> {
    let SignIn { another, place } = arguments;
    let session = workspace::open(&place, "Sign in there, in Settings", terminal).await?;
    let ask = if another { Ask::Another } else { Ask::Usual };
    let ended = match account(&session) {
        Ok(account) => signed_in(account, ask, terminal).await,
        Err(failure) => Err(failure),
    };
    session.close().await;
    let who = ended?;
    let shown = Shown::of(&who);
    say(&who, terminal);
    Ok(Ended::with(Exit::Done, &shown))
}

/// The account of a workspace that takes one.
pub(super) fn account(session: &Session) -> Result<&Account, Failure> {
    session.account().ok_or_else(|| {
        Failure::new("no-cloud", "This workspace is on this computer alone: nobody signs in to it.")
            .with_help("Give the folder of a cloud's workspace as --workspace, or join one: lacquer-cli join FILE.")
    })
}

/// Waits for the browser; Ctrl-C gives up.
pub(super) async fn signed_in(account: &Account, ask: Ask, terminal: &Terminal) -> Result<SignedIn, Failure> {
    let mut views = account.views();
    let (signing_in, interrupted) = (account.sign_in(ask), interrupted());
    tokio::pin!(signing_in, interrupted);
    let (mut told, mut elsewhere) = (false, false);
    loop {
        tokio::select! {
            // The page is said before its end, also where a browser answers for itself at once.
            biased;
            Ok(()) = views.changed() => {
                if let AccountView::SigningIn { page, opened } = &*views.borrow_and_update() {
                    if !told {
                        terminal.tell(format_args!(
                            "Sign in in your browser. If no page opens, open this one:\n{}",
                            page.address()
                        ));
                        told = true;
                    }
                    if !elsewhere && (!opened || is_by_ssh()) {
                        terminal.tell(format_args!(
                            "To use the browser of another computer, connect from there first, so that the page can come \
                             back: ssh -L {0}:localhost:{0} THIS-COMPUTER",
                            page.port()
                        ));
                        elsewhere = true;
                    }
                }
            }
            ended = &mut signing_in => return ended.map_err(failure),
            () = &mut interrupted => return Err(Failure::interrupted("Nobody was signed in; run it again to sign in.")),
        }
    }
}

/// Whether whoever reads this sits at another computer.
fn is_by_ssh() -> bool {
    std::env::var_os("SSH_CONNECTION").is_some()
}

fn failure(error: SignInError) -> Failure {
    let code = match &error {
        SignInError::PortsTaken { .. } => "ports-taken",
        SignInError::TimedOut { .. } => "timed-out",
        SignInError::Denied { .. } => "denied",
        SignInError::Unfit(ending) => ending.code(),
        _ => "sign-in",
    };
    Failure::new(code, error)
}

/// Who is signed in, and whether the keyring keeps it so.
pub(super) fn say(who: &SignedIn, terminal: &Terminal) {
    let roles: Vec<&str> = who.roles.iter().map(|role| in_words(*role)).collect();
    let roles = if roles.is_empty() { "no role".to_owned() } else { roles.join(", ") };
    terminal.say(format_args!("{} is signed in: label {}, {roles}.", who.email, who.label));
    say_kept(who, terminal);
}

/// Where the keyring does not keep somebody signed in: this program ends, and the sign-in with it.
pub(super) fn say_kept(who: &SignedIn, terminal: &Terminal) {
    if let Some(why) = &who.not_kept {
        terminal.remark(format_args!(
            "{why} So this sign-in ends with this command, and nothing of it is written to disk. Have the commands that work \
             in the cloud sign in themselves: lacquer-cli deliver FOLDER --sign-in."
        ));
    }
}

fn in_words(role: Role) -> &'static str {
    match role {
        Role::Staff => "staff",
        Role::Manager => "manager",
        Role::Artist => "artist",
    }
}

impl Shown {
    pub(super) fn of(who: &SignedIn) -> Self {
        let SignedIn { email, label, roles, kept, .. } = who.clone();
        Self { email, label: label.to_string(), roles: roles.into_iter().map(in_words).collect(), kept }
    }
}
