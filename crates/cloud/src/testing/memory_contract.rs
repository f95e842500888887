//! The ports in memory keep the contracts too, or what is tested with them says nothing.

use super::Memory;
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
