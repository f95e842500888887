//! What happens to a delivery once it is in the store: it is taken in, transcoded, catalogued, and its artists are told.
//!
//! [`catalogue`] decides and does no I/O; [`stages`] act, through the small [`ports`]; [`local`] has the ports'
//! adapters for a workspace on this machine, and the worker that runs the stages there.

pub mod catalogue;
mod ledger;
mod letter;
#[cfg(feature = "local")]
pub mod local;
mod message;
pub mod ports;
pub mod stages;
mod view;

pub use letter::Letter;
pub use message::{Message, MessageError, QueueName, TranscodeJob};
pub use view::{ReleaseView, RenditionView, TrackView, Waiting};
