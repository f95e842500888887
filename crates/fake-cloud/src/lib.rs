//! A label's cloud on this machine, for tests.

pub mod emulator;
pub mod label_cloud;
pub mod openid;
mod ports;

pub use ports::FreePorts;
