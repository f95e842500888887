//! A workspace on this machine: the ports over SQLite and folders, and the worker that runs the stages in the process.

mod cloud;
mod database;
mod leases;
mod migrations;
mod now;
mod outbox;
mod outbox_folder;
mod private;
mod queue;
mod releases;
mod remedy;
mod renditions;
mod subscriptions;
mod worker;

#[cfg(test)]
mod adapter_tests;
#[cfg(test)]
mod cloud_tests;
#[cfg(test)]
mod letter_tests;
#[cfg(test)]
mod open_tests;
#[cfg(test)]
mod shown_tests;

pub use cloud::{CloudError, LocalCloud, MailView, OpenError, Settings};
pub use database::DatabaseError;
pub use now::JobProgress;
pub use queue::DeadLetter;
pub use worker::Worker;
