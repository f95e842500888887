//! What happens to a delivery once it is in the store: it is taken in, transcoded, catalogued, and its artists are told.
//!
//! [`catalogue`] decides and does no I/O; [`stages`] act, through the small [`ports`]; [`local`] has the ports'
//! adapters for a workspace on this machine, and the worker that runs the stages there.

pub mod api;
#[cfg(feature = "aws")]
pub mod aws;
pub mod catalogue;
mod figures;
#[cfg(feature = "lambda")]
pub mod functions;
#[cfg(feature = "failpoints")]
pub mod kill_at;
mod ledger;
mod letter;
#[cfg(feature = "local")]
pub mod local;
mod message;
pub mod ports;
pub mod stages;
#[cfg(any(test, feature = "testing"))]
mod testing;
mod view;

pub use letter::{Letter, Wording};
pub use message::{Message, MessageError, QueueName, TranscodeJob};
#[cfg(feature = "testing")]
pub use testing::MemoryCloud;
pub use view::{ReleaseView, RenditionView, TrackView, Waiting};

/// Where a test may end the process (feature `failpoints`): after each step that is durable.
pub const CRASH_POINTS: [&str; 14] = [
    "intake.arrival-noted",
    "intake.verdict-noted",
    "catalogue.before-commit",
    "catalogue.committed",
    "catalogue.job-sent",
    "transcode.lease-taken",
    "transcode.encoded",
    "transcode.hashed",
    "transcode.facts-noted",
    "transcode.published",
    "transcode.sent",
    "transcode.lease-released",
    "notify.mail-written",
    "notify.entry-marked",
];
