//! The catalogue's rules: where a release stands, and what follows when something happens to it. No I/O here.
//!
//! A [`Record`] holds what is known of a release; [`apply`] takes an [`Event`] to it. Events are facts that may come
//! twice, late, or in the wrong order: the delivery of the greatest id is the current one, a track that is ready
//! stays ready, and the state is worked out anew from the facts each time.

mod apply;
mod artist;
mod decision;
mod event;
mod outbox;
mod outdated;
mod reason;
mod record;

#[cfg(test)]
mod apply_properties;
#[cfg(test)]
mod apply_tests;
#[cfg(test)]
pub(crate) mod sample;

pub use apply::{Applied, Change, apply};
pub use artist::folded_name;
pub use decision::{Decision, Verdict, Void};
pub use event::{Accepted, Event, Fact, TrackEntry};
pub use outbox::{EntryId, EntryIdError, Errand, Happening, Jobs, News, NewsTrack, OutboxEntry, Tidings};
pub use outdated::is_outdated;
pub use reason::Reason;
pub use record::{
    Announced, Delivery, Findings, Listing, ManifestRead, Moment, Record, ReleaseKey, RenditionRef, State,
    TrackOutcome, Withdrawal,
};
