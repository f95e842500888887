//! What becomes another by itself when a day begins.

use cloud::ports::ManualClock;

use super::*;

#[tokio::test]
async fn problems_are_those_of_the_day() {
    let place = Place::new();
    let mut draft = place.ready(1);
    draft.release.time_zone = "Europe/Berlin".to_owned();
    draft.release.p_line = Entry::read("2027 Low Tide");
    let other = place.ready(2);
    let place = place.with_drafts(&[draft, other]);
    let clock = Arc::new(ManualClock::new("2026-12-31T22:59:59Z".parse().unwrap()));
    let options = Options { clock: Arc::clone(&clock) as _, ..Options::default() };
    let session = Session::open(&place.home(), options).await.unwrap();
    let before = session.view();
    let problems = |view: &View| view.draft(id(1)).unwrap().problems.len();
    assert!(problems(&before) > 0);
    // Midnight in Berlin, and not yet elsewhere.
    clock.set("2026-12-31T23:00:00Z".parse().unwrap());
    let after = session.wait_for(|view| (problems(view) < problems(&before)).then(|| view.clone())).await.unwrap();
    assert!(after.draft(id(1)).unwrap().revision > before.draft(id(1)).unwrap().revision);
    assert!(Arc::ptr_eq(after.draft(id(2)).unwrap(), before.draft(id(2)).unwrap()));
    session.close().await;
}
