use desktop::{FollowState, View};
use serde::Serialize;

use super::{somebody, workspace};
use crate::arguments::Subscribe;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Ended, Terminal};

/// `subscribe --json`.
#[derive(Debug, Serialize)]
struct Subscribed<'a> {
    artist: &'a str,
    email: &'a str,
    new: bool,
}

pub(super) async fn run(arguments: Subscribe, terminal: &mut Terminal) -> Result<Ended, Failure> {
    let Subscribe { artist, email, place, signing_in } = arguments;
    let session = workspace::open(&place, "Add the address in its room \"Artists\"", terminal).await?;
    let subscribed = match somebody::is_there(&session, signing_in, terminal).await {
        Ok(()) => session.subscribe(&artist, &email).await.map_err(workspace::failure),
        Err(failure) => Err(failure),
    };
    let is_asked = is_asked(&session.view(), &artist, &email);
    session.close().await;
    let new = subscribed?;
    if is_asked {
        terminal.say(format_args!(
            "{email} was asked by e-mail whether to be told when music by {artist} is live, and is once they agreed."
        ));
    } else if new {
        terminal.say(format_args!("{email} is told when music by {artist} is live."));
    } else {
        terminal.say(format_args!("{email} is told already when music by {artist} is live."));
    }
    Ok(Ended::with(Exit::Done, &Subscribed { artist: &artist, email: &email, new }))
}

/// Whether the address's owner has yet to agree, as clouds want it.
fn is_asked(view: &View, artist: &str, email: &str) -> bool {
    view.subscriptions.iter().any(|known| {
        known.state == FollowState::Pending
            && known.artist.to_lowercase() == artist.to_lowercase()
            && known.email.to_string().eq_ignore_ascii_case(email)
    })
}
