use std::os::unix::fs::PermissionsExt as _;

use upload::SendError;

use crate::{Desk, PARTS};

#[tokio::test]
async fn it_belongs_to_its_owner_and_says_only_what_is_needed() {
    let desk = Desk::new();
    desk.send_and_cancel_at("complete", 1).await;
    let path = &desk.journal_files()[0];
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(path), mode(&desk.journals())), (0o600, 0o700));
    let text = std::fs::read_to_string(path).unwrap();
    let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let fields = |line: &serde_json::Value| line.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(fields(&lines[0]), ["crc64", "file", "is", "key", "part_bytes", "path", "version"]);
    assert_eq!(fields(&lines[1]), ["id", "is"]);
    assert_eq!(fields(&lines[2]), ["bytes", "crc64", "is", "part", "tag"]);
    assert_eq!(lines.len(), 2 + PARTS as usize);
}

#[tokio::test]
async fn a_torn_last_line_loses_no_part() {
    for cut in [1, 2, 20, 70, 100] {
        let desk = Desk::new();
        desk.send_and_cancel_at("complete", 1).await;
        let path = &desk.journal_files()[0];
        let text = std::fs::read(path).unwrap();
        std::fs::write(path, &text[..text.len() - cut]).unwrap();
        desk.store.asked();
        let sent = desk.send().await.unwrap();
        assert_eq!(sent.bytes_sent, 0, "the store knows what arrived");
        desk.assert_delivered().await;
    }
}

#[tokio::test]
async fn any_cut_of_it_is_survived() {
    let lengths = {
        let desk = Desk::new();
        desk.send_and_cancel_at("complete", 1).await;
        std::fs::read(&desk.journal_files()[0]).unwrap().len()
    };
    for length in (0..lengths).step_by(211) {
        let desk = Desk::new();
        desk.send_and_cancel_at("complete", 1).await;
        let path = &desk.journal_files()[0];
        let text = std::fs::read(path).unwrap();
        std::fs::write(path, &text[..length.min(text.len())]).unwrap();
        desk.send().await.unwrap();
        let there = std::fs::read(desk.store.inner.path_of(&desk.file.key).unwrap()).unwrap();
        assert!(there == desk.content, "cut to {length}");
    }
}

#[tokio::test]
async fn one_of_a_later_version_is_left_alone() {
    let desk = Desk::new();
    desk.send_and_cancel_at("complete", 1).await;
    let path = &desk.journal_files()[0];
    let later = std::fs::read_to_string(path).unwrap().replacen("\"version\":1", "\"version\":2", 1);
    std::fs::write(path, &later).unwrap();
    let error = desk.send().await.unwrap_err();
    assert!(matches!(error, SendError::JournalVersion { version: 2, .. }), "{error}");
    assert_eq!(std::fs::read_to_string(path).unwrap(), later);
}

#[tokio::test]
async fn one_of_version_1_is_understood_for_ever() {
    let desk = Desk::new();
    desk.send_and_cancel_at("complete", 1).await;
    let path = &desk.journal_files()[0];
    let written = std::fs::read_to_string(path).unwrap();
    let value = |line: usize, field: &str| -> String {
        let line: serde_json::Value = serde_json::from_str(written.lines().nth(line).unwrap()).unwrap();
        line[field].to_string()
    };
    let fixture = include_str!("../fixtures/journal-1.jsonl")
        .replace("\"PATH\"", &value(0, "path"))
        .replace("\"FILE\"", &value(0, "file"))
        .replace("\"ID\"", &value(1, "id"));
    // The order in which parts arrived is not the fixture's.
    let sorted = |text: &str| {
        let mut lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        lines[2..].sort_by_key(|line| line["part"].as_u64());
        lines
    };
    assert_eq!(sorted(&written), sorted(&fixture), "written as version 1 always was");
    std::fs::write(path, fixture).unwrap();
    desk.store.asked();
    assert_eq!(desk.send().await.unwrap().bytes_resumed, desk.file.digest.bytes);
    desk.assert_delivered().await;
}
