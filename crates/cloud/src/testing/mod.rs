//! What tests need: an album with its bytes, and all ports in memory.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![cfg_attr(not(test), expect(dead_code, reason = "other crates use but a part of it"))]

#[cfg(test)]
mod album;
#[cfg(feature = "testing")]
mod cloud;
mod label;
#[cfg(test)]
mod material;
mod memory;
#[cfg(test)]
mod memory_contract;
#[cfg(test)]
mod pipeline;
mod store;

#[cfg(test)]
pub(crate) use album::Album;
#[cfg(feature = "testing")]
pub use cloud::MemoryCloud;
#[cfg(test)]
pub(crate) use label::MemoryLinks;
pub(crate) use label::{MemoryAnnouncements, MemoryChanges, MemoryFollowers, MemoryHandovers, MemoryLabels};
#[cfg(test)]
pub(crate) use material::{put, wav};
#[cfg(test)]
pub(crate) use memory::Fault;
pub(crate) use memory::Memory;
pub(crate) use store::MemoryStore;
