use std::fs::File;
use std::path::{Path, PathBuf};

use audio::{Analysis, AudioError, Control};
use release::{AudioFacts, Loudness};
use serde::Serialize;

use crate::arguments::Analyse;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Ended, Terminal, words};
use crate::work::watched;

/// `analyse --json`.
#[derive(Debug, Serialize)]
struct Found {
    files: Vec<FileJson>,
}

/// A file: what is in it, or why that cannot be said.
#[derive(Debug, Serialize)]
struct FileJson {
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    analysis: Option<AnalysisJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<ErrorJson>,
}

#[derive(Debug, Serialize)]
struct AnalysisJson {
    facts: AudioFacts,
    seconds: f64,
    truncated: bool,
    loudness: Loudness,
}

#[derive(Debug, Serialize)]
struct ErrorJson {
    message: String,
    help: &'static str,
}

pub(super) async fn run(arguments: Analyse, terminal: &mut Terminal) -> Result<Ended, Failure> {
    let mut files = Vec::new();
    for path in arguments.files {
        let analysed = analyse(path.clone(), terminal).await;
        files.push(match analysed {
            Ok(analysis) => {
                say(terminal, &path, &analysis);
                found(&path, analysis)
            }
            Err(AudioError::Cancelled) => return Err(Failure::interrupted("Nothing was changed.")),
            Err(error) => {
                terminal.remark(format_args!("{}\n  {error}", path.display()));
                if let Some(help) = error.help() {
                    terminal.remark(format_args!("  {help}"));
                }
                refused(&path, &error)
            }
        });
    }
    let exit = if files.iter().all(|file| file.error.is_none()) { Exit::Done } else { Exit::Failed };
    Ok(Ended::with(exit, &Found { files }))
}

async fn analyse(path: PathBuf, terminal: &mut Terminal) -> Result<Analysis, AudioError> {
    watched(terminal, move |cancelled, teller| {
        let file = File::open(&path).map_err(AudioError::Read)?;
        let name = format!("Analysing {}", path.display());
        audio::analyse(file, &Control::new(cancelled, move |fraction| teller.tell(&name, fraction)))
    })
    .await
}

fn say(terminal: &Terminal, path: &Path, analysis: &Analysis) {
    let Analysis { facts, loudness, .. } = analysis;
    terminal.say(path.display());
    terminal.say(format_args!("  {}  {}", words::length(facts.seconds()), words::format(&facts.format)));
    terminal.say(format_args!("  {}", words::loudness(loudness)));
    if facts.is_truncated() {
        let declared = facts.declared_frames.unwrap_or_default();
        terminal.say(format_args!("  It is cut short: it declares {declared} samples and holds {}.", facts.frames));
    }
    if facts.undecodable_packets > 0 {
        let packets = usize::try_from(facts.undecodable_packets).unwrap_or(usize::MAX);
        terminal.say(format_args!("  It is damaged: {} cannot be decoded.", words::count(packets, "packet")));
    }
}

fn found(path: &Path, analysis: Analysis) -> FileJson {
    let Analysis { facts, loudness, .. } = analysis;
    let analysis = AnalysisJson { seconds: facts.seconds(), truncated: facts.is_truncated(), loudness, facts };
    FileJson { path: path.display().to_string(), analysis: Some(analysis), error: None }
}

fn refused(path: &Path, error: &AudioError) -> FileJson {
    let error = ErrorJson { message: error.to_string(), help: error.help().unwrap_or_default() };
    FileJson { path: path.display().to_string(), analysis: None, error: Some(error) }
}
