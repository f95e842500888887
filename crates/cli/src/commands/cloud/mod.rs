//! What an operator does to a deployment: with AWS credentials of their own, and found by its stack's outputs.

mod calling;
mod deployment;
mod doctor;
mod invite;
mod invoke;
mod redrive;
mod refusal;

use crate::arguments::{Cloud, CloudCommand};
use crate::failure::Failure;
use crate::output::{Ended, Terminal};

pub(super) async fn run(arguments: Cloud, terminal: &Terminal) -> Result<Ended, Failure> {
    match arguments.command {
        CloudCommand::Invite(arguments) => invite::run(arguments, terminal).await,
        CloudCommand::Redrive(arguments) => redrive::run(arguments, terminal).await,
        CloudCommand::Invoke(arguments) => invoke::run(arguments, terminal).await,
        CloudCommand::Doctor(arguments) => doctor::run(arguments, terminal).await,
    }
}
