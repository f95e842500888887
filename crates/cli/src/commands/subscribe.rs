use serde::Serialize;

use super::workspace;
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
    let Subscribe { artist, email, place } = arguments;
    let session = workspace::open(&place, "Add the address in its room \"Artists\"", terminal).await?;
    let subscribed = session.subscribe(&artist, &email).await;
    session.close().await;
    let new = subscribed.map_err(workspace::failure)?;
    if new {
        terminal.say(format_args!("{email} is told when music by {artist} is live."));
    } else {
        terminal.say(format_args!("{email} is told already when music by {artist} is live."));
    }
    Ok(Ended::with(Exit::Done, &Subscribed { artist: &artist, email: &email, new }))
}
