//! A release goes all the way, and what the page is shown of it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use desktop::player::PlayerView;
use desktop::{DeskSettings, Options, Outcome, Session};
use release::{Field, FieldName, ReleaseId};
use serde::Serialize;
use serde_json::Value;

use super::desk::Handed;
use super::showing::Showing;
use super::{Changed, Notice};
use crate::diagnostics::{Machine, describe};

const TITLE: &str = "A Night on Lacquer";
const EMAIL: &str = "ann@example.com";

/// A workspace with the demo album in it, which somebody follows.
struct Desk {
    home: tempfile::TempDir,
    session: Session,
    draft: ReleaseId,
}

impl Desk {
    async fn with_the_demo_album() -> Self {
        let home = tempfile::tempdir().unwrap();
        let session = Session::open(&home.path().join("workspace"), Options::default()).await.unwrap();
        let album = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/demo-album"));
        let draft = session.import(vec![album]).await.unwrap();
        Self { home, session, draft }
    }

    async fn rename(&self, title: &str) {
        self.session.edit(self.draft, Field::of_release(FieldName::Title), title).await.unwrap();
    }

    async fn deliver(&self) {
        let queued = self.session.queue(self.draft).await.unwrap();
        let outcome = self.session.wait_for(|view| view.outcome(queued.delivery)).await.unwrap();
        assert_eq!(outcome, Outcome::Live);
    }
}

/// The names of the parts that changed.
fn parts(changed: Option<&Changed>) -> Vec<String> {
    let Some(Value::Object(parts)) = changed.map(|changed| serde_json::to_value(changed).unwrap()) else {
        return Vec::new();
    };
    parts.into_iter().filter(|(name, part)| name != "number" && !part.is_null()).map(|(name, _)| name).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_differs_is_pushed() {
    let desk = Desk::with_the_demo_album().await;
    let showing = Showing::default();
    let all = showing.all(&desk.session);
    assert_eq!(showing.changes(&desk.session), None, "what was asked for is not pushed");

    desk.session.set_desk(DeskSettings { welcomed: true, ..DeskSettings::default() }).await.unwrap();
    let changed = showing.changes(&desk.session).unwrap();
    assert_eq!(parts(Some(&changed)), ["settings"]);
    assert!(changed.number > all.number);

    desk.session.set_desk(DeskSettings { welcomed: true, volume: 0.5, ..DeskSettings::default() }).await.unwrap();
    assert_eq!(showing.changes(&desk.session), None, "the page shows no volume among the settings");

    let before = showing.draft(&desk.session, desk.draft).unwrap();
    desk.rename(TITLE).await;
    // Asked for before the change was pushed: both have the same revision.
    let after = showing.draft(&desk.session, desk.draft).unwrap();
    assert!(after.revision > before.revision);
    let changed = showing.changes(&desk.session);
    assert_eq!(parts(changed.as_ref()), ["artists", "desk"]);
    assert_eq!(changed.unwrap().desk.unwrap().drafts[0].revision, after.revision);
    assert_eq!(showing.draft(&desk.session, desk.draft).unwrap(), after);

    desk.session.pause_queue(true).await.unwrap();
    assert_eq!(parts(showing.changes(&desk.session).as_ref()), ["queue"]);
    desk.session.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_became_of_a_draft_is_said_as_it_goes() {
    let desk = Desk::with_the_demo_album().await;
    let showing = Showing::default();
    let told = || {
        let draft = showing.draft(&desk.session, desk.draft).unwrap();
        (draft.handed, draft.not_queueable)
    };
    assert_eq!(told(), (Handed::New, None));
    desk.session.pause_queue(true).await.unwrap();
    desk.session.queue(desk.draft).await.unwrap();
    assert_eq!(told(), (Handed::Queued, Some("It is in the queue as it is.".to_owned())));
    desk.rename(TITLE).await;
    assert_eq!(told(), (Handed::Changed, None));
    desk.rename("").await;
    assert_eq!(told(), (Handed::Changed, Some("1 problem stops it.".to_owned())));
    desk.rename(TITLE).await;
    desk.session.pause_queue(false).await.unwrap();
    desk.deliver().await;
    assert_eq!(told(), (Handed::Sent, Some("Nothing was changed since it was delivered.".to_owned())));
    desk.session.close().await;
}

/// What a page reads of a release that is live: a change of names or shapes is a change of the contract.
#[tokio::test(flavor = "multi_thread")]
async fn a_release_that_is_live_is_shown_with_all_that_is_known_of_it() {
    let desk = Desk::with_the_demo_album().await;
    desk.rename(TITLE).await;
    desk.session.subscribe("The Evening Lathe", EMAIL).await.unwrap();
    desk.deliver().await;
    let showing = Showing::default();
    let manifest = desk.session.release_details(desk.draft).await.unwrap();
    let release = showing.release(&desk.session, desk.draft).unwrap().with_delivered(&manifest.release);
    let draft = showing.draft(&desk.session, desk.draft).unwrap();
    let mut plain = Plain { home: desk.home.path(), ids: HashMap::new() };
    insta::assert_json_snapshot!("view", plain.of(&showing.all(&desk.session)));
    insta::assert_json_snapshot!("draft", plain.of(&draft));
    insta::assert_json_snapshot!("release", plain.of(&release));
    desk.session.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn diagnostics_say_nothing_of_anybody_s_music() {
    let desk = Desk::with_the_demo_album().await;
    desk.rename(TITLE).await;
    desk.session.subscribe("The Evening Lathe", EMAIL).await.unwrap();
    desk.session.set_workspace("Ann's Label".to_owned(), true, false).await.unwrap();
    let machine = Machine {
        system: "Debian, x86_64".to_owned(),
        web_view: "2.50".to_owned(),
        screen: "x11".to_owned(),
        home: Some(desk.home.path().to_owned()),
    };
    let text = describe(&machine, &desk.session.view(), &PlayerView::default());
    for private in [TITLE, "Evening Lathe", EMAIL, "Ann", "Copper Morning", &desk.draft.to_string()] {
        assert!(!text.contains(private), "{private} is in\n{text}");
    }
    insta::assert_snapshot!(text);
    desk.session.close().await;
}

#[test]
fn a_notice_is_shown_with_its_code() {
    let notice = desktop::Notice { code: "cloud-waits", message: "m".to_owned(), help: "h".to_owned() };
    let shown = Notice { code: "cloud-waits".to_owned(), message: "m".to_owned(), help: "h".to_owned() };
    assert_eq!(Notice::of(&notice), shown);
}

/// Takes out what differs from run to run and from machine to machine.
struct Plain<'a> {
    home: &'a Path,
    ids: HashMap<String, String>,
}

impl Plain<'_> {
    fn of(&mut self, shown: &impl Serialize) -> Value {
        let mut value = serde_json::to_value(shown).unwrap();
        self.make_plain("", &mut value);
        if let Some(number) = value.as_object_mut().and_then(|fields| fields.get_mut("number")) {
            *number = Value::from("NUMBER");
        }
        value
    }

    fn make_plain(&mut self, name: &str, value: &mut Value) {
        match value {
            Value::Object(fields) => fields.iter_mut().for_each(|(name, value)| self.make_plain(name, value)),
            Value::Array(items) => items.iter_mut().for_each(|item| self.make_plain(name, item)),
            // It names the day.
            Value::String(text) if name == "body" => *text = "TEXT".to_owned(),
            Value::String(text) => *text = self.plain(text),
            // Encoders differ from machine to machine, and revisions depend on what was looked at.
            Value::Number(_) if matches!(name, "bytes" | "bytesDone" | "revision") => *value = Value::from("NUMBER"),
            Value::Number(measured) if matches!(name, "loudness" | "truePeak") => {
                *value = Value::from(format!("{:.1}", measured.as_f64().unwrap()));
            }
            _ => {}
        }
    }

    fn plain(&mut self, text: &str) -> String {
        let text = text.replace(&*self.home.to_string_lossy(), "HOME").replace(env!("CARGO_MANIFEST_DIR"), "SOURCES");
        if text.parse::<jiff::Timestamp>().is_ok() && text.ends_with('Z') {
            return "INSTANT".to_owned();
        }
        let is_part = |c: char| !c.is_ascii_alphanumeric();
        let mut plain = text.clone();
        for word in text.split(is_part).filter(|word| word.len() == 26 || is_hash(word)) {
            let next = format!("<{}>", self.ids.len() + 1);
            let id = self.ids.entry(word.to_owned()).or_insert(next);
            plain = plain.replace(word, id);
        }
        plain
    }
}

fn is_hash(word: &str) -> bool {
    matches!(word.len(), 16 | 64) && word.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f'))
}
