use std::io::{self, IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::sync::Arc;

use desktop::account::{Ask, Deployment, Keyring, Surroundings, SystemBrowser};
use desktop::{Home, Joining, SystemClock};
use jiff::Timestamp;
use serde::Serialize;

use super::sign_in::{say_kept, signed_in};
use crate::arguments::Join;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Ended, Terminal};

/// `join --json`.
#[derive(Debug, Serialize)]
struct Joined {
    workspace: PathBuf,
    name: String,
    label: String,
    email: String,
    kept: bool,
}

pub(super) async fn run(arguments: Join, terminal: &mut Terminal) -> Result<Ended, Failure> {
    let Join { file, workspace, yes } = arguments;
    let bytes = std::fs::read(&file).map_err(|error| {
        Failure::new("unreadable", format!("{} cannot be read: {}.", file.display(), desktop::said_by_system(&error)))
            .with_help("Check its name.")
    })?;
    let deployment = Deployment::read(&bytes)
        .map_err(|error| Failure::new("cloud-workspace", format!("{}: {error}", file.display())))?;
    let surroundings = deployment.surroundings();
    terminal.tell(described(&surroundings));
    if !yes {
        agreed(&surroundings.name)?;
    }
    let failed = |error: desktop::JoinError| Failure::new("join", error);
    let root = Home::clouds_root().map_err(|error| Failure::new("workspace", error))?;
    let (vault, clock) = (Arc::new(Keyring::of_the_system()), Arc::new(SystemClock));
    let joining = Joining::begin(root, deployment, vault, Arc::new(SystemBrowser), clock).await.map_err(failed)?;
    let who = signed_in(joining.account(), Ask::Usual, terminal).await?;
    let workspace = match workspace {
        Some(folder) => joining.finish_in(&folder, who.clone(), Timestamp::now()).await,
        None => joining.finish(who.clone(), Timestamp::now()).await,
    };
    let workspace = workspace.map_err(failed)?;
    terminal.say(format_args!("{} is signed in to {}: label {}.", who.email, surroundings.name, who.label));
    terminal.say(format_args!("The workspace is {}. Give it as --workspace.", workspace.display()));
    say_kept(&who, terminal);
    let (label, kept) = (who.label.to_string(), who.kept);
    Ok(Ended::with(Exit::Done, &Joined { workspace, name: surroundings.name, label, email: who.email, kept }))
}

/// Whom the app would talk to, before it does.
fn described(to: &Surroundings) -> String {
    let mut lines = vec![
        format!("{} is a label's cloud. Lacquer would talk to", to.name),
        format!("  {:<28} for releases", to.endpoint),
        format!("  {:<28} for your password, in your browser", to.sign_in),
        format!("  {:<28} for who you are", to.issuer),
        format!("  {:<28} to put masters into", to.masters),
    ];
    lines.extend(to.others.iter().map(|host| format!("  {host:<28} instead of AWS's own")));
    lines.join("\n")
}

/// Asks the person; nobody joins by accident.
fn agreed(name: &str) -> Result<(), Failure> {
    if !io::stdin().is_terminal() {
        return Err(Failure::new("not-agreed", "Nobody is there to be asked whether to join.")
            .with_help("Look at the addresses, and run it again with --yes."));
    }
    // A name holds nothing that a terminal would obey: the description was read so.
    eprint!("Join {name}? [y/N] ");
    let _ = io::stderr().flush();
    let mut answer = String::new();
    let read = io::stdin().read_line(&mut answer);
    match answer.trim().to_lowercase().as_str() {
        "y" | "yes" if read.is_ok() => Ok(()),
        _ => Err(Failure::new("not-agreed", "Nothing was joined.")),
    }
}
