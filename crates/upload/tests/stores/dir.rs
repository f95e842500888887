//! A folder keeps the contract.

use std::sync::Arc;

use upload::DirStore;
use upload::digest::MIB;

use crate::contract::{Shows, Subject, contract};

async fn subject() -> Subject {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(DirStore::open(folder.path().join("new/store")).unwrap());
    Subject { store, shows: Shows::EVERYTHING, smallest_part: MIB, _alive: Box::new(folder) }
}

contract!(subject);
