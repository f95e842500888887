//! Figures of the window, for `make bench-app`: no test, since a figure is neither right nor wrong.

#![expect(clippy::unwrap_used, reason = "what cannot be measured ends it")]

#[expect(dead_code, reason = "the tests of the window use the rest")]
#[path = "../../tests/window/music.rs"]
mod music;
#[expect(dead_code, reason = "the tests of the window use the rest")]
#[path = "../../tests/window/prepared.rs"]
mod prepared;
#[expect(dead_code, unused_imports, reason = "the tests of the window use the rest")]
#[path = "../../tests/window/stage/mod.rs"]
mod stage;
#[path = "../../tests/window/typing.rs"]
mod typing;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use desktop::Outcome;
use rusqlite::Connection;
use serde_json::{Value, json};

use stage::{App, Stage, until};

const STARTS: usize = 5;
const RELEASES: usize = 1_000;
const TRACKS: usize = 10;
const FILES: u32 = 500;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    first_paint().await;
    memory().await;
    stalls().await;
}

async fn first_paint() {
    let stage = Stage::new();
    prepared::welcomed(&stage.workspace()).await;
    let mut paints = Vec::new();
    for _ in 0..STARTS {
        let app = stage.open().await;
        app.page.find("heading", "Desk").await;
        paints.push(first_paint_of(&app).await);
    }
    paints.sort_by(f64::total_cmp);
    println!("first paint: {:.0} ms after the process began (median of {STARTS}; {paints:.0?})", paints[STARTS / 2]);
}

async fn memory() {
    let stage = Stage::new();
    prepared::welcomed(&stage.workspace()).await;
    let app = stage.open().await;
    app.page.find("heading", "Desk").await;
    println!("memory at rest: {}", memory_of(&app).await);
    drop(app);

    let stage = Stage::new();
    releases(&stage).await;
    let app = stage.open().await;
    app.page.find("heading", "Desk").await;
    app.press_in_window("ctrl+3").await;
    app.page.reads(&format!("Tones {:04}", RELEASES - 1)).await;
    println!(
        "memory with {} tracks in {RELEASES} releases, which are shown: {}",
        RELEASES * TRACKS,
        memory_of(&app).await
    );
}

async fn stalls() {
    let stage = Stage::new();
    prepared::imported(&stage.workspace(), &[music::tones(&stage.path("Tones"), &[0.5])], None).await;
    let files = music::many(&stage.path("Many"), FILES);
    let app = stage.open().await;
    let answered = typing::drop_while_typing(&stage, &app, &files, &format!("/{FILES} tracks/")).await;
    println!("a drop of {FILES} files while somebody types: {answered}");
}

/// From the start of the process to the first contentful paint of its page, in ms.
async fn first_paint_of(app: &App<'_>) -> f64 {
    let script = "const paint = performance.getEntriesByName('first-contentful-paint')[0];
        return paint ? performance.timeOrigin + paint.startTime : null";
    let painted = until("the page is painted", async || app.page.read::<Option<f64>>(script, json!([])).await).await;
    painted - began(app.process())
}

/// When a process began, in ms since 1970.
fn began(process: u32) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    // Fields are counted from behind the name, which may hold blanks: the 22nd of all is the 20th there.
    let ticks: f64 = stat.rsplit_once(") ").unwrap().1.split(' ').nth(19).unwrap().parse().unwrap();
    let boot = fs::read_to_string("/proc/stat").unwrap();
    let boot: f64 = boot.lines().find_map(|line| line.strip_prefix("btime ")).unwrap().parse().unwrap();
    // `btime` is in whole seconds, which is too rough: the clock of the uptime is not.
    let uptime: f64 = fs::read_to_string("/proc/uptime").unwrap().split(' ').next().unwrap().parse().unwrap();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs_f64();
    let booted = if (now - uptime - boot).abs() < 2.0 { now - uptime } else { boot };
    (booted + ticks / 100.0) * 1000.0
}

/// What the app and all processes that it started take, as soon as that stays the same.
async fn memory_of(app: &App<'_>) -> String {
    let mut before = 0.0;
    let settled = until("memory stays the same", async || {
        let now: f64 = shares(app.process()).values().sum();
        let is_settled = (now - before).abs() < 1.0;
        before = now;
        tokio::time::sleep(Duration::from_secs(1)).await;
        is_settled.then(|| shares(app.process()))
    })
    .await;
    let each: Vec<String> = settled.iter().map(|(name, share)| format!("{name} {share:.0}")).collect();
    format!("{:.0} MB ({})", settled.values().sum::<f64>(), each.join(", "))
}

/// The proportional set size of a process and its descendants, in MB, by name.
fn shares(process: u32) -> BTreeMap<String, f64> {
    let mut found = BTreeMap::new();
    let mut open = vec![process];
    while let Some(process) = open.pop() {
        let read = |file: &str| fs::read_to_string(format!("/proc/{process}/{file}")).unwrap_or_default();
        let share = read("smaps_rollup");
        let share = share.lines().find_map(|line| line.strip_prefix("Pss:")?.trim().strip_suffix(" kB")?.parse().ok());
        *found.entry(read("comm").trim().to_owned()).or_insert(0.0) += share.unwrap_or(0.0) / 1000.0;
        for thread in fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten() {
            let children = fs::read_to_string(thread.path().join("children")).unwrap_or_default();
            open.extend(children.split_whitespace().filter_map(|child| child.parse::<u32>().ok()));
        }
    }
    found
}

/// A workspace with a thousand live releases: one that was delivered, and copies of what the catalogue says of it.
async fn releases(stage: &Stage) {
    let lengths: Vec<f64> = (0..TRACKS).map(|at| 0.3 + at as f64 / 100.0).collect();
    delivered(&stage.workspace(), &music::tones(&stage.path("Tones"), &lengths)).await;
    copy_release(&stage.workspace().join("cloud.db"));
}

/// Delivers tones, and closes the workspace.
async fn delivered(workspace: &Path, album: &Path) {
    let session = prepared::open(workspace).await;
    prepared::welcome(&session, None).await;
    let draft = prepared::import(&session, album).await;
    let queued = session.queue(draft).await.unwrap();
    assert_eq!(session.wait_for(|view| view.outcome(queued.delivery)).await.unwrap(), Outcome::Live);
    session.close().await;
}

fn copy_release(database: &Path) {
    let mut connection = Connection::open(database).unwrap();
    let (label, release, changed, record): (String, String, i64, String) = connection
        .query_row("SELECT label, release, changed_at, record FROM releases", [], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })
        .unwrap();
    serde_json::from_str::<Value>(&record).expect("a record is JSON");
    let transaction = connection.transaction().unwrap();
    for at in 1..RELEASES {
        // An id's last four characters; digits are among what ids are written with.
        let id = format!("{}{at:04}", &release[..release.len() - 4]);
        let record = record.replace(&release, &id).replace("\"Tones\"", &format!("\"Tones {at:04}\""));
        let row = (&label, &id, changed + at as i64, &record);
        transaction
            .execute(
                "INSERT INTO releases (label, release, version, changed_at, record) VALUES (?1, ?2, 1, ?3, ?4)",
                row,
            )
            .unwrap();
    }
    transaction.commit().unwrap();
}
