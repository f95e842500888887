use std::path::{Path, PathBuf};

use jiff::Timestamp;
use release::{DeliveryId, Field, FieldName, Manifest};
use tempfile::TempDir;
use upload::digest::FileDigest;

use super::*;
use crate::delivery::{DeliveryState, ShippedFile, Trouble};
use crate::draft::{Draft, sample};
use crate::import::{FileIdentity, Known};
use crate::settings::DeskSettings;

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

fn paused() -> DeskSettings {
    DeskSettings { queue_paused: true, ..DeskSettings::default() }
}

fn desk() -> (TempDir, Desk) {
    let folder = tempfile::tempdir().unwrap();
    let (desk, set_aside) = Desk::open(&folder.path().join("desk.db"), NOW).unwrap();
    assert_eq!(set_aside, []);
    (folder, desk)
}

fn again(folder: &TempDir, desk: Desk) -> Desk {
    drop(desk);
    Desk::open(&folder.path().join("desk.db"), NOW).unwrap().0
}

fn draft() -> Draft {
    let mut draft = sample::draft(1, "/album");
    sample::add_track(&mut draft, 11, 1, "/album/01.wav", b"one", "One");
    draft
}

fn queue(desk: &mut Desk, draft: &Draft, number: u128) -> crate::delivery::Delivery {
    let id = DeliveryId::new(NOW, number);
    let manifest = Manifest::new(id, None, NOW, draft.release.clone());
    let files: Vec<ShippedFile> =
        draft.asset_files().into_iter().map(|(asset, file)| ShippedFile { asset, file }).collect();
    desk.add_delivery(&NewDelivery { manifest: &manifest, files: &files, sources: &draft.sources }).unwrap()
}

#[test]
fn drafts_queue_and_settings_are_there_when_it_is_opened_again() {
    let (folder, mut desk) = desk();
    let draft = draft();
    desk.save_draft(&draft).unwrap();
    let first = queue(&mut desk, &draft, 1);
    let second = queue(&mut desk, &draft, 2);
    let trouble = Trouble { code: "c".to_owned(), message: "m".to_owned(), help: "h".to_owned() };
    desk.set_delivery_state(second.id, DeliveryState::Failed, Some(&trouble)).unwrap();
    desk.save_settings(&paused()).unwrap();

    let mut desk = again(&folder, desk);
    assert_eq!(desk.drafts().unwrap(), (vec![draft.clone()], vec![]));
    let (deliveries, set_aside) = desk.deliveries().unwrap();
    assert_eq!(set_aside, []);
    assert_eq!(deliveries[0], first);
    assert_eq!((deliveries[1].state, deliveries[1].trouble.as_ref()), (DeliveryState::Failed, Some(&trouble)));
    assert_eq!(desk.settings().unwrap(), (paused(), None));
    let shipment = desk.shipment(first.id).unwrap().unwrap();
    assert_eq!(Manifest::from_json(&shipment.manifest).unwrap().release, draft.release);
    assert_eq!(shipment.files[0].file, *draft.files.values().next().unwrap());

    desk.requeue(second.id, &[]).unwrap();
    desk.remove_draft(draft.release.id).unwrap();
    let mut desk = again(&folder, desk);
    assert_eq!(desk.drafts().unwrap().0, []);
    let state = &desk.deliveries().unwrap().0[1];
    assert_eq!((state.state, state.trouble.as_ref()), (DeliveryState::Waiting, None));
}

#[test]
fn what_is_known_of_a_file_holds_while_the_file_is_the_same() {
    let (_folder, mut desk) = desk();
    let path = Path::new("/album/01.wav");
    let known = Known { digest: FileDigest::of(b"one"), analysis: sample::analysis() };
    let identity = FileIdentity { bytes: 3, modified_ns: 5, device: 1, inode: 2 };
    desk.save_measured(path, &identity, &known).unwrap();
    assert_eq!(desk.measured(path, &identity), Some(known.clone()));
    assert_eq!(desk.measured(path, &FileIdentity { modified_ns: 6, ..identity }), None);
    assert_eq!(desk.measured(Path::new("/album/02.wav"), &identity), None);
    desk.connection.execute("UPDATE measured SET body = 'not JSON'", ()).unwrap();
    assert_eq!(desk.measured(path, &identity), None);
    desk.save_measured(path, &identity, &known).unwrap();
    assert_eq!(desk.measured(path, &identity), Some(known));
}

#[test]
fn what_cannot_be_read_is_put_aside_and_the_rest_is_used() {
    let (folder, mut desk) = desk();
    let mut other = sample::draft(2, "/other");
    other.release.title = "Other".to_owned();
    let (draft, key) = (draft(), draft().release.id.to_string());
    desk.save_draft(&draft).unwrap();
    desk.save_draft(&other).unwrap();
    let delivery = queue(&mut desk, &draft, 1);
    queue(&mut desk, &draft, 2);
    desk.save_settings(&paused()).unwrap();
    let body = draft.to_json().replace("\"version\":2", "\"version\":9");
    desk.connection.execute("UPDATE drafts SET body = ?1 WHERE release = ?2", (&body, &key)).unwrap();
    desk.connection
        .execute("UPDATE deliveries SET state = 'flying' WHERE delivery = ?1", [delivery.id.to_string()])
        .unwrap();
    desk.connection.execute("UPDATE settings SET value = '7'", ()).unwrap();

    let mut desk = again(&folder, desk);
    let (drafts, set_aside) = desk.drafts().unwrap();
    assert_eq!(drafts, [other]);
    assert_eq!(set_aside[0].reason, "version 9 of drafts is not known here; versions 1 to 2 are");
    let (deliveries, set_aside) = desk.deliveries().unwrap();
    assert_eq!(deliveries.len(), 1);
    assert_eq!(set_aside[0].reason, "\"flying\" is not a state of a delivery");
    let (settings, set_aside) = desk.settings().unwrap();
    assert_eq!(settings, DeskSettings::default());
    assert!(set_aside.is_some());
    // Kept as it was, and out of the way.
    assert_eq!(desk.set_aside_body(&key).unwrap(), body);
    assert_eq!(desk.drafts().unwrap().1, []);
    assert_eq!(desk.deliveries().unwrap().1, []);
    assert_eq!(desk.settings().unwrap().1, None);
}

#[test]
fn text_that_is_not_unicode_in_a_row_is_put_aside_too() {
    let (_folder, mut desk) = desk();
    desk.save_draft(&draft()).unwrap();
    desk.connection.execute("UPDATE drafts SET body = CAST(x'ff00fe' AS TEXT)", ()).unwrap();
    let (drafts, set_aside) = desk.drafts().unwrap();
    assert_eq!((drafts.len(), set_aside.len()), (0, 1));
}

#[test]
fn a_manifest_that_cannot_be_read_is_said() {
    let (_folder, mut desk) = desk();
    let delivery = queue(&mut desk, &draft(), 1);
    desk.connection.execute("UPDATE deliveries SET manifest = x'7b7d'", ()).unwrap();
    let reason = desk.shipment(delivery.id).unwrap().unwrap_err();
    assert!(reason.starts_with("not a delivery manifest"), "{reason}");
    assert_eq!(desk.manifest(delivery.id).unwrap(), None);
    let gone = DeliveryId::new(NOW, 99);
    assert_eq!(desk.shipment(gone).unwrap().unwrap_err(), "it is no longer in the queue");
}

#[test]
fn a_file_that_is_no_database_is_moved_aside() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    std::fs::write(&path, "This is no database, and long enough that it cannot be taken for an empty one.".repeat(20))
        .unwrap();
    let (mut desk, set_aside) = Desk::open(&path, NOW).unwrap();
    assert_eq!(set_aside.len(), 1);
    assert!(std::fs::read_to_string(&set_aside[0].place).unwrap().starts_with("This is no database"));
    desk.save_draft(&draft()).unwrap();
}

#[test]
fn a_full_disk_is_said_and_what_is_there_stays() {
    let (_folder, mut desk) = desk();
    let mut draft = draft();
    desk.save_draft(&draft).unwrap();
    let kept = draft.clone();
    let pages: i64 = desk.connection.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
    desk.connection.pragma_update(None, "max_page_count", pages).unwrap();
    draft.release.title = "A title that takes room".repeat(10_000);
    let refusal = desk.save_draft(&draft).unwrap_err().to_string();
    assert!(refusal.ends_with("database or disk is full. Free some space and try again."), "{refusal}");
    assert_eq!(desk.drafts().unwrap().0, [kept]);
}

#[test]
fn a_database_of_a_later_version_is_refused_and_left_as_it_is() {
    let (folder, desk) = desk();
    desk.connection.pragma_update(None, "user_version", 9).unwrap();
    drop(desk);
    let refusal = Desk::open(&folder.path().join("desk.db"), NOW).unwrap_err().to_string();
    assert!(refusal.contains("was made by a newer Lacquer (its format is 9, and this one knows 1)"), "{refusal}");
    assert!(refusal.ends_with("Update Lacquer, or give another --workspace."), "{refusal}");
}

#[cfg(unix)]
#[test]
fn the_database_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let (folder, mut desk) = desk();
    desk.save_draft(&draft()).unwrap();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o077, 0, "{:?}", entry.file_name());
    }
}

/// A database that the first version wrote. It is read for ever.
#[test]
fn a_database_of_the_first_version_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    rusqlite::Connection::open(&path).unwrap().execute_batch(include_str!("../../tests/fixtures/desk-1.sql")).unwrap();
    let (mut desk, set_aside) = Desk::open(&path, NOW).unwrap();
    assert_eq!(set_aside, []);

    let (drafts, set_aside) = desk.drafts().unwrap();
    assert_eq!((drafts.len(), set_aside.len()), (1, 0));
    let draft = &drafts[0];
    assert_eq!(draft.release.title, "By hand");
    assert!(draft.is_by_hand(Field::of_release(FieldName::Title)));
    assert_eq!(draft.sources, [PathBuf::from("/album")]);
    assert_eq!(draft.files[&sample::track_id(11)].digest, FileDigest::of(b"one"));
    assert_eq!(draft.artwork.as_ref().unwrap().path, PathBuf::from("/album/cover.png"));
    assert_eq!(draft.left_out.iter().map(|left| left.reason.code()).collect::<Vec<_>>(), ["hidden", "another-picture"]);
    assert_eq!(draft.notes.len(), 1);
    assert_eq!(draft.absent[0].by_hand, [FieldName::Isrc]);
    assert_eq!(draft.absent[0].track.isrc.text(), "no ISRC");

    let (deliveries, set_aside) = desk.deliveries().unwrap();
    assert_eq!(set_aside, []);
    assert_eq!(
        deliveries.iter().map(|one| one.state).collect::<Vec<_>>(),
        [DeliveryState::Waiting, DeliveryState::Failed]
    );
    assert_eq!(deliveries[1].trouble.as_ref().unwrap().code, "file-gone");
    assert_eq!(deliveries[0].sources, draft.sources);
    let shipment = desk.shipment(deliveries[0].id).unwrap().unwrap();
    let manifest = Manifest::from_json(&shipment.manifest).unwrap();
    assert_eq!((manifest.release, manifest.delivery), (draft.release.clone(), deliveries[0].id));
    assert_eq!(shipment.files.len(), 2);

    let identity = FileIdentity { bytes: 3, modified_ns: 5, device: 1, inode: 2 };
    let known = desk.measured(Path::new("/album/01.wav"), &identity).unwrap();
    assert_eq!(known.analysis, sample::analysis());
    assert_eq!(desk.settings().unwrap(), (paused(), None));
}
