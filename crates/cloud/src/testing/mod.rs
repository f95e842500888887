//! What tests need: an album with its bytes, and all ports in memory.

mod album;
mod label;
mod memory;
mod memory_contract;
mod pipeline;
mod store;

pub(crate) use album::{Album, put, wav};
pub(crate) use label::{
    MemoryAnnouncements, MemoryChanges, MemoryFollowers, MemoryHandovers, MemoryLabels, MemoryLinks,
};
pub(crate) use memory::{Fault, Memory};
pub(crate) use store::MemoryStore;
