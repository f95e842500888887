//! The app without a window: drafts, queue, workspaces, and the session that owns them.
//!
//! [`Session`] is the way in, for the window and for the command line: its methods are commands, its [`View`]s are
//! what is shown. [`import`] makes drafts of files by itself, without a session.

pub mod account;
mod blocking;
mod checking;
mod delivery;
mod desk;
mod draft;
mod home;
pub mod import;
mod joining;
mod ledger;
mod lock;
mod outcome;
pub mod player;
mod private;
mod random;
mod sample_letter;
mod session;
mod settings;
mod thumbnail;
mod view;
pub mod witness;
mod workspace;
mod workspaces;

pub use audio::Waveform;
pub use checking::problems;
pub use cloud::Wording;
pub use cloud::api::wire::ArtistAccount;
pub use cloud::catalogue::{Decision, Moment, Verdict, folded_name};
pub use cloud::ports::{Clock, SystemClock};
pub use delivery::{Delivery, DeliveryState, Trouble};
pub use desk::DeskError;
pub use draft::{AbsentTrack, Draft, SourceFile, TakenOut, place_in_words};
pub use home::{Home, HomeError};
pub use joining::{JoinError, Joining, join};
pub use lock::{Holder, LockError};
pub use outcome::Outcome;
pub use sample_letter::SampleLetter;
pub use session::{
    Handover, ListenError, OpenError, Options, PictureSource, PlaySource, Queued, Session, SessionError, Shape,
    UnknownSource,
};
pub use settings::{DeskSettings, SettingsError, Theme};
pub use upload::said_by_system;
pub use view::{
    AssetSending, DeliveryView, DraftView, Hold, ImportView, Notice, PlacedProblem, Sending, View, WaitsFor,
};
pub use workspace::{
    ApiError, CloudError, CloudStatus, CloudTrouble, FollowState, Mail, Reason, ReleaseView, RenditionView, Role,
    SignInNeeded, State, Subscription, TrackView, Transcode, Waiting, WorkspaceError, WorkspaceFile, WorkspacePlace,
};
pub use workspaces::{KnownWorkspace, Workspaces};
