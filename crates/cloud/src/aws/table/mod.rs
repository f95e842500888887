//! One table of DynamoDB: records and their outbox, leases, facts of renditions, what is known of labels.
//! `docs/table.md` says which item lies where, and by which index it is found.

mod announcements;
mod catalogue;
mod changes;
mod followers;
mod handovers;
mod item;
mod keys;
mod labels;
mod leases;
mod outbox;
mod renditions;
mod request;

#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

use aws_sdk_dynamodb::Client;

use crate::ports::Clock;

pub use item::{Item, ItemError};
pub use outbox::read_entry;

/// The table, as all ports that it is the adapter of.
#[derive(Clone)]
pub struct Table {
    client: Client,
    name: String,
    clock: Arc<dyn Clock>,
}

impl Table {
    /// A table that is there. Nothing is asked of it yet.
    #[must_use]
    pub fn new(client: Client, name: impl Into<String>, clock: Arc<dyn Clock>) -> Self {
        Self { client, name: name.into(), clock }
    }
}

/// Without the client: it holds credentials.
impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Table").field("name", &self.name).finish_non_exhaustive()
    }
}
