use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use mail_builder::MessageBuilder;
use mail_builder::headers::Header as _;
use mail_builder::headers::date::Date;
use mail_builder::headers::raw::Raw;
use mail_builder::headers::text::Text;

use super::private;
use crate::ports::{Mailed, Mailer, PortError};
use crate::{Letter, ledger};

/// A folder of `.eml` files (RFC 5322): each letter once, whole, under a name that follows from what it is about.
#[derive(Debug, Clone)]
pub(super) struct OutboxFolder {
    path: PathBuf,
}

impl OutboxFolder {
    /// Makes the folder where there is none, and clears away what an ended process left half written.
    pub(super) fn open(path: PathBuf) -> io::Result<Self> {
        private::create_folder(&path)?;
        for entry in fs::read_dir(&path)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(Self { path })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

const UNFINISHED: &str = ".unfinished-";

#[async_trait]
impl Mailer for OutboxFolder {
    async fn send(&self, letter: &Letter) -> Result<Mailed, PortError> {
        let (folder, letter) = (self.path.clone(), letter.clone());
        let doing = format!("writing a letter to {}", letter.to);
        let written = tokio::task::spawn_blocking(move || write_once(&folder, &letter)).await;
        match written {
            Ok(Ok(reference)) => Ok(Mailed { reference }),
            Ok(Err(error)) => Err(PortError::new(doing, true, error)),
            Err(error) => Err(PortError::new(doing, true, error)),
        }
    }
}

/// Writes a letter, unless it is there; its file's name.
fn write_once(folder: &Path, letter: &Letter) -> io::Result<String> {
    let name = format!("{}.eml", letter.name);
    let path = folder.join(&name);
    if path.exists() {
        return Ok(name);
    }
    ledger::begin("mail", &letter.name);
    // Its permissions are for its owner alone.
    let mut file = tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(folder)?;
    file.write_all(&rfc_5322(letter)?)?;
    file.as_file().sync_all()?;
    match file.persist_noclobber(&path) {
        Ok(_) => {}
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => return Ok(name),
        Err(error) => return Err(error.error),
    }
    File::open(folder)?.sync_all()?;
    ledger::end("mail", &letter.name);
    Ok(name)
}

/// The letter as a file that mail programs open. `X-Unsent` makes those that know it open it as a draft, to be sent.
pub(super) fn rfc_5322(letter: &Letter) -> io::Result<Vec<u8>> {
    // Nobody reads mail here: a domain that never exists (RFC 2606).
    const HOST: &str = "lacquer.invalid";
    let from = format!("{} <releases@{HOST}>", phrase(&letter.from)?);
    MessageBuilder::new()
        .header("From", Raw::new(from))
        .header("To", Raw::new(format!("<{}>", letter.to)))
        .subject(letter.subject.as_str())
        .date(Date::new(letter.at.as_second()))
        .message_id(format!("{}@{HOST}", letter.name))
        .header("Auto-Submitted", Raw::new("auto-generated"))
        .header("X-Unsent", Raw::new("1"))
        .text_body(letter.body.as_str())
        .write_to_vec()
}

/// A displayed name as a header may hold it: a quoted string, or encoded words, which must not stand in quotes
/// (RFC 2047, section 5).
fn phrase(name: &str) -> io::Result<String> {
    if name.bytes().all(|b| (b' '..=b'~').contains(&b)) {
        return Ok(format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\"")));
    }
    let mut encoded = Vec::new();
    Text::new(name).write_header(&mut encoded, "From: ".len())?;
    // On one line: the header as a whole is folded later.
    Ok(String::from_utf8_lossy(&encoded).split_ascii_whitespace().collect::<Vec<_>>().join(" "))
}
