//! What AWS calls functions with, taken apart. Nothing here does I/O, and nothing of it can panic: whatever arrives is
//! understood or refused with a reason.

mod notification;
mod queued;
mod streamed;
mod wake;

#[cfg(test)]
mod any_event_tests;

pub(super) use notification::Notification;
pub(super) use queued::{Received, UnreadableBatch, received};
pub(super) use streamed::{Streamed, streamed};
pub(super) use wake::{Wake, WakeError};
