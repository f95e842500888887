//! A label's cloud on this machine, for tests.

pub mod emulator;
mod kills;
pub mod label_cloud;
pub mod openid;
mod ports;

pub use kills::Kills;
pub use ports::FreePorts;
