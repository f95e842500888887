//! What is done in a label's cloud in every test of it, and how it is to end.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use desktop::account::{Deployment, SignedIn};
use desktop::{Home, join};
use fake_cloud::emulator::Function;
use fake_cloud::label_cloud::{LABEL, LabelCloud, MANAGER, News};
use jiff::Timestamp;
use release::FieldAddress;
use serde_json::{Value, json};

use crate::prepared;
use crate::stage::{App, Stage, until};

pub(crate) const TITLE: &str = "A Day on Lacquer";
pub(crate) const ARTIST: &str = "The Evening Lathe";
pub(crate) const EMAIL: &str = "artist@example.com";

/// A label's cloud, and a desk that works there.
pub(crate) struct Label<'a> {
    pub(crate) stage: &'a Stage,
    pub(crate) cloud: &'a LabelCloud,
}

impl<'a> Label<'a> {
    /// A workspace that joined the cloud, with drafts, on which nobody is signed in. What has fields here has tones
    /// alone.
    pub(crate) async fn workspace(&self, albums: &[(PathBuf, &[(&str, &str)])]) -> PathBuf {
        let deployment = Arc::new(Deployment::read(self.cloud.workspace_json().as_bytes()).unwrap());
        let manager = SignedIn {
            subject: "joined-earlier".to_owned(),
            email: MANAGER.to_owned(),
            label: LABEL.parse().unwrap(),
            roles: BTreeSet::new(),
            expires: None,
            kept: false,
            not_kept: None,
        };
        let home: Home = join(&self.stage.workspace(), deployment, &manager, Timestamp::now()).unwrap();
        let session = prepared::open(home.root()).await;
        prepared::welcome(&session, None).await;
        for (album, fields) in albums {
            if fields.is_empty() {
                session.import(vec![album.clone()]).await.unwrap();
                continue;
            }
            let draft = prepared::import(&session, album).await;
            let release = session.view().draft(draft).unwrap().draft.release.clone();
            for (name, text) in *fields {
                for field in name.parse::<FieldAddress>().unwrap().fields(&release).unwrap() {
                    session.edit(draft, field, text).await.unwrap();
                }
            }
        }
        session.close().await;
        home.root().to_owned()
    }

    /// Opens the app there, and signs in.
    pub(crate) async fn signed_in(&self, workspace: &Path) -> App<'a> {
        self.cloud.sign_in_as(MANAGER);
        let app = self.stage.open_on(workspace).await;
        app.page.find("region", "Signed out").await;
        app.page.click("button", "Sign in").await;
        app.page.find("button", &format!("/{MANAGER}, Manager/")).await;
        app
    }

    /// Has somebody follow the artist of what is at the desk, and the test hear what the followers are told.
    pub(crate) async fn subscribe(&self, app: &App<'_>, artist: &str) {
        app.page.click("button", "/^Artists/").await;
        app.page.click("option", &format!("/{artist}/")).await;
        app.page.click("textbox", "E-mail address").await;
        app.type_text(EMAIL);
        app.press("Return");
        app.page.find("button", &format!("Unsubscribe {EMAIL}")).await;
        assert!(self.cloud.hear_topics().await.unwrap() > 0, "{}", self.cloud.emulator.log());
    }

    /// Takes a draft from the desk to live, approved in between.
    pub(crate) async fn deliver(&self, app: &App<'_>, title: &str) {
        app.page.click("button", "/^Desk/").await;
        turn_to(app, "button", title).await;
        app.page.click("button", "Queue release").await;
        app.page.click("button", "/^Releases/").await;
        turn_to(app, "option", title).await;
        self.stands(app, "in-review").await;
        app.page.click("button", "Approve").await;
        self.stands(app, "live").await;
    }

    /// Waits until what is shown stands somewhere; what the functions wrote is said where it never does.
    pub(crate) async fn stands(&self, app: &App<'_>, state: &str) {
        let said = Said(self.cloud);
        app.wait_for_state(state).await;
        said.keep_silent();
    }

    /// The key of a track's rendition, as the table has it.
    pub(crate) async fn rendition(&self, title: &str, profile: &str) -> String {
        let records = self.records().await;
        let tracks = records.iter().flat_map(tracks);
        let track = tracks.into_iter().find(|track| track["title"] == title).unwrap();
        let all = track["renditions"].as_array().unwrap();
        all.iter().find(|one| one["profile"] == profile).unwrap()["key"].as_str().unwrap().to_owned()
    }

    /// Waits until nothing is under way any more.
    pub(crate) async fn is_quiet(&self) {
        let cloud = self.cloud;
        let said = Said(cloud);
        until("nothing is under way", async || {
            let waits = cloud.items().await.unwrap().iter().any(|item| item.waits);
            (!waits && cloud.under_way().await.unwrap() == 0).then_some(())
        })
        .await;
        said.keep_silent();
    }

    /// Waits until so many processes of each function have died, in the order of [`Function::ALL`], and sees that it are no
    /// more.
    pub(crate) async fn have_died(&self, wanted: [usize; Function::ALL.len()]) {
        let said = Said(self.cloud);
        let deaths = || Function::ALL.map(|function| self.cloud.deaths(function));
        // The last one may have ended its work before it died.
        until("each died that was to", async || {
            deaths().iter().zip(&wanted).all(|(died, due)| died >= due).then_some(())
        })
        .await;
        assert_eq!(deaths(), wanted, "in the order of {:?}", Function::ALL);
        said.keep_silent();
    }

    /// Waits until nothing is under way any more, and sees that everything is there that live releases have, once, and
    /// nothing else: the table's items, the renditions, no dead letters, and nothing done twice by the app.
    pub(crate) async fn is_whole(&self, releases: usize, all_tracks: usize) {
        let cloud = self.cloud;
        self.is_quiet().await;
        let said = Said(cloud);
        assert_eq!(cloud.dead_letters().await.unwrap(), 0);
        let items = cloud.items().await.unwrap();
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for item in &items {
            *counts.entry(&item.pk[..1]).or_default() += 1;
        }
        let count = |kind: &str| counts.get(kind).copied().unwrap_or_default();
        assert_eq!(count("R"), releases, "a record a release: {counts:?}");
        assert_eq!(count("N"), releases, "an announcement a release: {counts:?}");
        assert_eq!(count("F"), all_tracks * 4, "the facts of four renditions a track: {counts:?}");
        assert_eq!(count("H"), 0, "nothing was handed over by the API: {counts:?}");
        let records = self.records().await;
        let mut wanted = BTreeSet::new();
        for record in &records {
            assert_eq!(record["state"], "live", "{record}");
            assert!(record["current"]["live_since"].is_string(), "{record}");
            for track in tracks(record) {
                wanted.extend(
                    track["renditions"].as_array().unwrap().iter().map(|one| one["key"].as_str().unwrap().to_owned()),
                );
            }
        }
        assert_eq!(wanted.len(), all_tracks * 4);
        let there: BTreeSet<String> = cloud.keys(&cloud.deployed.renditions).await.unwrap().into_iter().collect();
        assert!(wanted.is_subset(&there), "{:?}", wanted.difference(&there));
        self.stage.ledger().assert_nothing_done_twice();
        said.keep_silent();
    }

    async fn records(&self) -> Vec<Value> {
        let items = self.cloud.items().await.unwrap();
        items.into_iter().filter(|item| item.pk.starts_with("R#")).map(|item| item.content).collect()
    }
}

/// Clicks on a release in a list until it is what is shown: the list may be put in another order under the pointer.
async fn turn_to(app: &App<'_>, role: &str, title: &str) {
    until("the release is shown", async || {
        app.page.click(role, &format!("/{title}/")).await;
        app.page.read::<bool>("return look('heading', a).length > 0", json!([title])).await.then_some(())
    })
    .await;
}

/// Sees that a release was told of once, or twice in the same words where that may be.
pub(crate) fn is_told(news: &[News], title: &str, most: usize) {
    let told: Vec<&News> = news.iter().filter(|news| news.text.contains(title)).collect();
    assert!(!told.is_empty() && told.len() <= most, "{title}: {news:?}");
    assert!(told.iter().all(|other| *other == told[0]), "{title}: {news:?}");
}

fn tracks(record: &Value) -> Vec<Value> {
    record["current"]["intake"]["accepted"]["tracks"].as_array().cloned().unwrap_or_default()
}

/// Says what the emulator and the functions wrote, where a test fails meanwhile.
struct Said<'a>(&'a LabelCloud);

impl Said<'_> {
    fn keep_silent(self) {
        std::mem::forget(self);
    }
}

impl Drop for Said<'_> {
    fn drop(&mut self) {
        eprintln!("{}", self.0.emulator.log());
    }
}
