//! A file a command: each asks, waits, and says what came of it.

mod account;
mod analyse;
mod check;
mod cloud;
mod completions;
mod deliver;
mod follow;
mod join;
mod man;
mod sign_in;
mod sign_out;
mod somebody;
mod status;
mod subscribe;
mod transcode;
mod workspace;

use crate::arguments::Command;
use crate::failure::Failure;
use crate::output::{Ended, Terminal};

/// Does what was asked.
pub(crate) async fn run(command: Command, terminal: &mut Terminal) -> Result<Ended, Failure> {
    match command {
        Command::Check(arguments) => check::run(arguments, terminal).await,
        Command::Analyse(arguments) => analyse::run(arguments, terminal).await,
        Command::Transcode(arguments) => transcode::run(arguments, terminal).await,
        Command::Deliver(arguments) => deliver::run(arguments, terminal).await,
        Command::Subscribe(arguments) => subscribe::run(arguments, terminal).await,
        Command::Status(arguments) => status::run(arguments, terminal).await,
        Command::Cloud(arguments) => cloud::run(arguments, terminal).await,
        Command::Join(arguments) => join::run(arguments, terminal).await,
        Command::SignIn(arguments) => sign_in::run(arguments, terminal).await,
        Command::SignOut(arguments) => sign_out::run(arguments, terminal).await,
        Command::Account(arguments) => account::run(arguments, terminal).await,
        Command::Completions(arguments) => Ok(completions::run(&arguments, terminal)),
        Command::Man(arguments) => Ok(man::run(&arguments, terminal)),
    }
}
