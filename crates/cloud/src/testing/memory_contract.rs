//! The ports in memory keep the contracts too, or what is tested with them says nothing.

use std::sync::Arc;

use super::{Memory, MemoryChanges, MemoryHandovers, MemoryLabels};
use crate::catalogue::sample::start;
use crate::ports::contract;

#[tokio::test]
async fn a_catalogue() {
    let memory = Memory::new(start());
    let open = async || memory.errands().into_iter().map(|entry| entry.id.to_string()).collect();
    contract::catalogue(memory.as_ref(), memory.as_ref(), open).await;
}

#[tokio::test]
async fn the_smaller_ports() {
    let memory = Memory::new(start());
    contract::leases(memory.as_ref()).await;
    contract::queue(memory.as_ref(), async || memory.waiting().into_iter().map(|(message, _)| message).collect()).await;
    contract::renditions(memory.as_ref()).await;
    contract::subscriptions(memory.as_ref()).await;
    contract::mailer(memory.as_ref(), async || memory.letters().len()).await;
}

#[tokio::test]
async fn what_is_kept_of_labels() {
    contract::labels(&MemoryLabels::default()).await;
    contract::handovers(&MemoryHandovers::default()).await;
    let memory = Memory::new(start());
    contract::changes(memory.as_ref(), &MemoryChanges(Arc::clone(&memory)), async || ()).await;
}
