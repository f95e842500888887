//! What travels between an app and the API: JSON, over HTTPS, under `/v1`. Fields are added and never change their
//! meaning; who reads skips what it does not know.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::Timestamp;
use release::{Crc64, DeliveryId, LabelId, Recipe, Sha256};
use serde::{Deserialize, Serialize};

use crate::ReleaseView;
use crate::catalogue::Verdict;
use crate::ports::EmailAddress;

/// What an account may do. One may have several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Delivers releases and looks after subscriptions.
    Staff,
    /// As staff; decides about releases and sets how the label works.
    Manager,
    /// Sees the releases of the artists that staff mapped to the account, and its own subscriptions.
    Artist,
}

/// How releases of a label go through the cloud. `GET /v1/me`, `PUT /v1/label`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelSettings {
    /// The label's name, as artists read it.
    pub label_name: String,
    /// Whether a release waits for a manager's decision.
    pub review: bool,
    /// Whether artists' followers are written to when a release goes live.
    pub artists_mail: bool,
}

impl LabelSettings {
    /// How a label works of which nobody said so: it reviews, its followers are written to, and its id is its name.
    #[must_use]
    pub fn new(label: &LabelId) -> Self {
        Self { label_name: label.to_string(), review: true, artists_mail: true }
    }
}

/// Who asks. `GET /v1/me`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// The account's address.
    pub email: String,
    /// The label that it belongs to; the first part of every key.
    pub label: LabelId,
    /// What it may do.
    pub roles: BTreeSet<Role>,
    /// The artists of an artist's account, as staff mapped them.
    pub artists: Vec<String>,
    /// How the label works.
    pub settings: LabelSettings,
}

/// Releases in the order of their last change. `GET /v1/releases?since=NEXT&limit=N`, with `ETag`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Releases {
    /// Those that changed after `since`; one may come again unchanged.
    pub releases: Vec<ReleaseView>,
    /// What to ask with next, now or later.
    pub next: String,
    /// Whether there is more right now.
    pub more: bool,
}

/// An object that is in the store of masters. `GET /v1/objects/{key without the label}`; 404 where it is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectThere {
    /// Its size.
    pub bytes: u64,
    /// Its checksum, where the store keeps one.
    pub crc64: Option<Crc64>,
}

/// A link that needs no sign-in while it lasts, so its text is a secret. `GET
/// /v1/renditions/{recipe}/{profile}?release={release}`, `GET /v1/releases/{release}/artwork`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Where to read; ranges are answered.
    pub url: String,
    /// Until when.
    pub expires: Timestamp,
}

/// Without what signs it.
impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = self.url.split('?').next().unwrap_or_default();
        f.debug_struct("Link").field("url", &format_args!("{url}?…")).field("expires", &self.expires).finish()
    }
}

/// What a manager decides. `POST /v1/releases/{release}/decision`; who and when is the cloud's to say. The answer is the
/// release as it is then, as of `…/withdrawal` and `…/retry`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionOrder {
    /// The delivery that was heard.
    pub delivery: DeliveryId,
    /// The renditions that were heard.
    pub heard: BTreeSet<Recipe>,
    /// The hash of the metadata that was read.
    pub metadata: Sha256,
    /// What was decided.
    pub verdict: Verdict,
}

/// Why a release is taken back. `POST /v1/releases/{release}/withdrawal`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawing {
    /// In the words of the person who does it.
    pub reason: String,
}

/// An address and an artist. `POST /v1/subscriptions`, which answers with [`Followed`]; `…/resend` and `…/removal`,
/// which answer 204, and 404 where there is no such subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Follow {
    /// The artist's name.
    pub artist: String,
    /// Where news goes.
    pub email: EmailAddress,
}

/// What came of asking for a subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Followed {
    /// Whether its owner agreed.
    pub state: FollowState,
}

/// What was pasted to confirm a subscription. `POST /v1/subscriptions/confirmation`, which answers 204.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmation {
    /// The artist's name.
    pub artist: String,
    /// Where news goes.
    pub email: EmailAddress,
    /// The link of the e-mail that asks for it, or its token.
    pub pasted: String,
}

/// Who follows which artist, by artist and address. `GET /v1/subscriptions`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Follows {
    /// All that the account may see.
    pub subscriptions: Vec<Following>,
}

/// That an address follows an artist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Following {
    /// The artist's name as it was entered.
    pub artist: String,
    /// Where news goes.
    pub email: EmailAddress,
    /// Since when.
    pub since: Timestamp,
    /// Whether its owner agreed.
    pub state: FollowState,
}

/// Whether the owner of an address agreed to be written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FollowState {
    /// An e-mail that asks went out.
    Pending,
    /// News is sent.
    Confirmed,
}

/// What followers were told, latest first. `GET /v1/announcements`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announcements {
    /// The last ones.
    pub announcements: Vec<Announcement>,
}

/// What an artist's followers were told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announcement {
    /// Its name: the same for the same release and artist.
    pub name: String,
    /// The release.
    pub release: release::ReleaseId,
    /// The artist whose followers were told.
    pub artist: String,
    /// The release's title.
    pub title: String,
    /// The subject.
    pub subject: String,
    /// The text.
    pub body: String,
    /// When it was sent.
    pub at: Timestamp,
    /// The service's id of it.
    pub reference: String,
}

/// All accounts that artists are mapped to, by address. `GET /v1/artist-accounts`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArtistAccounts {
    /// Those that have any.
    pub accounts: Vec<ArtistAccount>,
}

/// The artists that an account of the role `artist` may see. `PUT /v1/artist-accounts/{email}`, in place of earlier
/// ones; no artists removes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArtistAccount {
    /// The account.
    pub email: EmailAddress,
    /// The names, as they are credited.
    pub artists: Vec<String>,
}

/// What an operator has the API's function do, by calling it past the gateway: AWS says who may call it, and the order
/// says whose label is meant. A gateway's request has no `operator`, and what a person sends is inside of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "operator", rename_all = "kebab-case")]
pub enum OperatorOrder {
    /// Map artists to an account, as `PUT /v1/artist-accounts/{email}` does. The answer is the account.
    MapArtists {
        /// The account's label.
        label: LabelId,
        /// The account, with all of its artists.
        account: ArtistAccount,
    },
}

/// A delivery of somebody who has no app. `POST /v1/deliveries`, which answers with [`DeliveryUploads`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeliveryOrder {
    /// The manifest, as [`release::Manifest`] is written.
    pub manifest: serde_json::Value,
    /// Of files that have several parts, the checksum of each, where the sender knows them: a part that was damaged on
    /// the way is then asked for again, and not the whole file. A file of up to 80,000 MiB has parts of 8 MiB, a larger
    /// one 10,000 of whole MiB; the last part may be smaller.
    #[serde(default)]
    pub parts: BTreeMap<Sha256, Vec<Crc64>>,
}

/// What is to be sent of a delivery. `GET /v1/deliveries/{release}/{delivery}/parts?after=NEXT` has the other pages, and
/// makes links anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryUploads {
    /// The release.
    pub release: release::ReleaseId,
    /// The delivery.
    pub delivery: DeliveryId,
    /// Until when it is to be completed.
    pub until: Timestamp,
    /// Its files, each content once.
    pub assets: Vec<AssetUpload>,
    /// Parts that have not arrived; at most 100.
    pub parts: Vec<PartUpload>,
    /// What to ask for the next page with; none where these are the last.
    pub next: Option<String>,
}

/// A file of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssetUpload {
    /// Its content.
    pub sha256: Sha256,
    /// Its size.
    pub bytes: u64,
    /// Whether it is in the store already, and need not be sent.
    pub there: bool,
    /// Bytes a part; the last may be smaller.
    pub part_bytes: u64,
    /// How many parts it has.
    pub part_count: u32,
}

/// A part that is to be sent: `PUT` of just so many bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartUpload {
    /// The file.
    pub asset: Sha256,
    /// Which part, from 1.
    pub number: u32,
    /// Where it starts in the file, in bytes.
    pub offset: u64,
    /// Its length.
    pub bytes: u64,
    /// Its checksum, where the sender said it.
    pub crc64: Option<Crc64>,
    /// Where it goes.
    pub link: Link,
}

/// How far a delivery is. `POST /v1/deliveries/{release}/{delivery}/completion`: 200 where it is handed over, and 202
/// where there was no time to put all files together, and the same is to be asked again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryCompletion {
    /// The release.
    pub release: release::ReleaseId,
    /// The delivery.
    pub delivery: DeliveryId,
    /// Whether it is handed over.
    pub complete: bool,
    /// How many of its files are in the store.
    pub there: usize,
    /// How many it has.
    pub of: usize,
}

/// Why something was not done: RFC 9457, `application/problem+json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// What kind it is, for programs: `/problems/{code}`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What is wrong this time, and what to do.
    pub detail: String,
    /// The fields that are wrong, where it is about some.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Fault>,
}

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Where it stands: a path into the body such as `manifest.release.tracks[2].isrc`, or a parameter's name.
    pub field: String,
    /// What is wrong with it, and what to do.
    pub detail: String,
}

/// Whether the API works. `GET /v1/health`, which needs no sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// `ok`. Where the table cannot be reached, the answer is a problem of status 503.
    pub status: String,
    /// The version of what runs there.
    pub version: String,
}
