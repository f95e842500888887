//! What the page was shown last, and what of it changed since.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use desktop::{DraftView, ReleaseView, Role, Session, View, WaitsFor};
use release::{ReleaseId, TrackId};

use super::artists::Artists;
use super::desk::{Desk, DraftRow};
use super::draft::Draft;
use super::index::{Index, Last, Standing};
use super::queue::Queue;
use super::release::Release;
use super::releases::{Known, ReleaseRow, hundredths};
use super::settings::Settings;
use super::{Changed, Notice, Shown};

/// What is shown. Views come in, and what differs from what is shown goes out.
///
/// A part is looked at only where something that it is made of is not the very same as in the view before: views share
/// what did not change.
#[derive(Debug, Default)]
pub(crate) struct Showing(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    view: Option<Arc<View>>,
    number: u64,
    desk: Option<Desk>,
    queue: Option<Queue>,
    releases: Option<Vec<ReleaseRow>>,
    artists: Option<Artists>,
    settings: Option<Settings>,
    notices: Option<Vec<Notice>>,
    draft_rows: HashMap<ReleaseId, KeptDraft>,
    release_rows: HashMap<ReleaseId, KeptRelease>,
    /// Given to what changed. It never goes back, so that a draft that was removed and restored is a new one.
    last_revision: u64,
}

/// A draft's row, and what it was made of.
#[derive(Debug)]
struct KeptDraft {
    view: Arc<DraftView>,
    last: Last,
    standing: Standing,
    row: DraftRow,
}

/// A release's row, and what the release was made of.
#[derive(Debug)]
struct KeptRelease {
    inside: Inside,
    row: ReleaseRow,
}

/// All that a release is made of.
#[derive(Debug, Clone, PartialEq)]
struct Inside {
    release: Option<Arc<ReleaseView>>,
    delivery: Option<Arc<desktop::Delivery>>,
    sending: Option<f64>,
    waits_for: Option<WaitsFor>,
    transcodes: Vec<(TrackId, f64)>,
    mails: usize,
    has_draft: bool,
    /// What the account may do.
    roles: BTreeSet<Role>,
}

/// Something that a part of what is shown is made of, by where it lies: the same place in two views is the same content.
type Source = fn(&View) -> *const ();

/// Where each lies.
mod source {
    use std::sync::Arc;

    use desktop::View;

    macro_rules! sources {
        ($($name:ident)*) => {$(
            pub(super) fn $name(view: &View) -> *const () {
                Arc::as_ptr(&view.$name).cast()
            }
        )*};
    }
    sources!(drafts imports queue releases transcodes subscriptions mails settings workspace notices);

    pub(super) fn cloud(view: &View) -> *const () {
        view.cloud.as_ref().map_or(std::ptr::null(), |cloud| Arc::as_ptr(cloud).cast())
    }
}

const DESK: &[Source] = &[source::drafts, source::imports, source::queue, source::releases];
const QUEUE: &[Source] = &[source::queue, source::drafts, source::releases, source::settings];
const RELEASES: &[Source] =
    &[source::queue, source::drafts, source::releases, source::transcodes, source::mails, source::cloud];
const ARTISTS: &[Source] = &[source::drafts, source::mails, source::subscriptions, source::cloud];
const SETTINGS: &[Source] = &[source::settings, source::workspace, source::cloud];
const NOTICES: &[Source] = &[source::notices];

impl Showing {
    /// Everything, as of now.
    pub(crate) fn all(&self, session: &Session) -> Shown {
        self.with(|kept| {
            kept.take(session.view());
            kept.all()
        })
    }

    /// What changed since it was last asked; none where nothing did.
    pub(crate) fn changes(&self, session: &Session) -> Option<Changed> {
        self.with(|kept| kept.take(session.view()))
    }

    /// A draft from inside, of the revision that its row has.
    pub(crate) fn draft(&self, session: &Session, id: ReleaseId) -> Option<Draft> {
        self.with(|kept| {
            let view = session.view();
            let index = Index::of(&view);
            let draft = index.draft(id)?;
            let (standing, row) = kept.draft(&index, draft);
            Some(Draft::of(draft, standing, row.revision))
        })
    }

    /// A release from inside, of the revision that its row has.
    pub(crate) fn release(&self, session: &Session, id: ReleaseId) -> Option<Release> {
        self.with(|kept| {
            let view = session.view();
            let index = Index::of(&view);
            let known = Known::of(&index, id)?;
            let row = kept.release(&index, id, known);
            Some(Release::of(&index, known, row.revision))
        })
    }

    fn with<T>(&self, act: impl FnOnce(&mut Kept) -> T) -> T {
        // What is half done after a panic is looked at anew with the next view.
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Kept {
    /// All that is shown, once there was a view.
    fn all(&self) -> Shown {
        const LOOKED_AT: &str = "every part was made of the first view";
        Shown {
            number: self.number,
            desk: self.desk.clone().expect(LOOKED_AT),
            queue: self.queue.clone().expect(LOOKED_AT),
            releases: self.releases.clone().expect(LOOKED_AT),
            artists: self.artists.clone().expect(LOOKED_AT),
            settings: self.settings.clone().expect(LOOKED_AT),
            notices: self.notices.clone().expect(LOOKED_AT),
        }
    }

    fn take(&mut self, view: Arc<View>) -> Option<Changed> {
        let before = self.view.replace(Arc::clone(&view));
        let differs = |sources: &[Source]| {
            before.as_ref().is_none_or(|before| sources.iter().any(|source| source(before) != source(&view)))
        };
        let index = std::cell::OnceCell::new();
        let indexed = || index.get_or_init(|| Index::of(&view));
        let desk = differs(DESK).then(|| self.desk(indexed()));
        let queue = differs(QUEUE).then(|| Queue::of(indexed()));
        let releases = differs(RELEASES).then(|| self.releases(indexed()));
        let artists = differs(ARTISTS).then(|| Artists::of(&view));
        let settings = differs(SETTINGS).then(|| Settings::of(&view));
        let notices = differs(NOTICES).then(|| view.notices.iter().map(Notice::of).collect());
        let changed = Changed {
            number: self.number + 1,
            desk: take_new(&mut self.desk, desk),
            queue: take_new(&mut self.queue, queue),
            releases: take_new(&mut self.releases, releases),
            artists: take_new(&mut self.artists, artists),
            settings: take_new(&mut self.settings, settings),
            notices: take_new(&mut self.notices, notices),
        };
        if changed.is_empty() {
            return None;
        }
        self.number = changed.number;
        Some(changed)
    }

    fn desk(&mut self, index: &Index<'_>) -> Desk {
        let rows: Vec<DraftRow> = index.view.drafts.iter().map(|draft| self.draft(index, draft).1).collect();
        self.draft_rows.retain(|id, _| index.draft(*id).is_some());
        Desk::of(index.view, rows.into_iter())
    }

    fn draft(&mut self, index: &Index<'_>, view: &Arc<DraftView>) -> (Standing, DraftRow) {
        let id = view.draft.release.id;
        let last = index.last(id);
        if let Some(kept) = self.draft_rows.get(&id).filter(|kept| Arc::ptr_eq(&kept.view, view) && kept.last == last) {
            return (kept.standing, kept.row.clone());
        }
        self.last_revision += 1;
        let standing = index.standing(view);
        let row = DraftRow::of(view, standing.handed, self.last_revision);
        self.draft_rows.insert(id, KeptDraft { view: Arc::clone(view), last, standing, row: row.clone() });
        (standing, row)
    }

    fn releases(&mut self, index: &Index<'_>) -> Vec<ReleaseRow> {
        let all = Known::all(index);
        self.release_rows.retain(|id, _| Known::of(index, *id).is_some());
        all.into_iter().map(|(id, known)| self.release(index, id, known)).collect()
    }

    fn release(&mut self, index: &Index<'_>, id: ReleaseId, known: Known<'_>) -> ReleaseRow {
        let inside = Inside::of(index, id, known);
        if let Some(kept) = self.release_rows.get(&id).filter(|kept| kept.inside == inside) {
            return kept.row.clone();
        }
        self.last_revision += 1;
        let row = ReleaseRow::of(index, known, self.last_revision);
        self.release_rows.insert(id, KeptRelease { inside, row: row.clone() });
        row
    }
}

impl Inside {
    fn of(index: &Index<'_>, id: ReleaseId, known: Known<'_>) -> Self {
        let sending = known.on_its_way.and_then(|one| one.sending.as_ref());
        let jobs = index.view.transcodes.iter().filter(|job| job.key.release == id);
        Self {
            release: known.release.cloned(),
            delivery: known.on_its_way.map(|one| Arc::clone(&one.delivery)),
            sending: sending.map(|sending| hundredths(sending.fraction())),
            waits_for: known.on_its_way.and_then(|one| one.waits_for),
            transcodes: jobs.map(|job| (job.track, hundredths(job.fraction))).collect(),
            mails: index.mails(id),
            has_draft: index.draft(id).is_some(),
            roles: index.view.cloud.as_ref().map(|cloud| cloud.roles.clone()).unwrap_or_default(),
        }
    }
}

/// Keeps what differs from what was kept, and returns that.
fn take_new<T: PartialEq + Clone>(kept: &mut Option<T>, new: Option<T>) -> Option<T> {
    let new = new.filter(|new| kept.as_ref() != Some(new))?;
    *kept = Some(new.clone());
    Some(new)
}
